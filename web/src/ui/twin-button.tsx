import { useDesk } from '../state/store.ts';
import { useText } from './use-text.ts';

/** Panels of the desk that the table shows as well, and its grouping then: rooms/desk/pane/pane-name.ts. */
const TWINS: Readonly<Record<string, string>> = {
  sources: 'table-source',
  categories: 'table-category-1',
  weeks: 'table-week',
  divisions: 'table-division-1',
  hours: 'table-hour',
};

/** Every chart can be read as a table. Nothing for a panel without one. */
export function TwinButton({ id, title }: { readonly id: string; readonly title: string }) {
  const { t } = useText();
  const { setPane } = useDesk.getState();
  const resolution = useDesk((desk) => desk.resolution);
  const pane = id === 'top-cells' && resolution !== null ? `table-cell-${resolution}` : TWINS[id];
  if (!pane) return null;
  return (
    <button
      type="button"
      className="twin-open"
      title={t('panel.twinTitle', { name: title })}
      onClick={() => setPane(pane)}
    >
      {t('panel.twin')}
    </button>
  );
}
