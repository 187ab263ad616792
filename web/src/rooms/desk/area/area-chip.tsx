import { useAreaFilter } from '../../../area/area-filter.ts';
import { useDesk } from '../../../state/store.ts';
import { useText } from '../../../ui/use-text.ts';
import { useCoarser } from './coarser-note.tsx';
import { toggleAreaTools, useAreaTools } from './tools.ts';
import { useArea } from './use-area.ts';
import { useSayArea } from './use-say.ts';

/** The chosen area among the filters, with what it could not count. */
export function AreaChip() {
  const say = useSayArea();
  const { t, number } = useText();
  const area = useArea();
  const { status, found } = useAreaFilter();
  const engine = useDesk((state) => state.engine.status);
  const { setArea } = useDesk.getState();
  const coarser = useCoarser(found);
  if (area.parts.length === 0) return null;
  const name = area.name || say('area.unnamed');
  return (
    <li className="chip" data-chip="area">
      <span className="chip-kind">{say('chip.kind')}</span>
      <button
        type="button"
        className="chip-name chip-open"
        onClick={() => !useAreaTools.getState().open && toggleAreaTools()}
      >
        {found ? say('chip.cells', { name, n: found.cells }) : name}
      </button>
      {status === 'working' && <em className="mark">{say('area.working')}</em>}
      {status === 'failed' && <em className="mark warn">{say('chip.failed')}</em>}
      {status === 'empty' && <em className="mark warn">{say('area.linkEmpty')}</em>}
      {status === 'ready' && engine !== 'ready' && <em className="mark warn">{say('chip.waits')}</em>}
      {status === 'ready' && coarser !== null && coarser > 0 && (
        <em className="mark" title={say('area.coarser', { n: coarser })}>
          {say('chip.coarser', { n: number(coarser) })}
        </em>
      )}
      <button type="button" aria-label={t('chips.remove', { name })} onClick={() => setArea(null)}>
        {'×'}
      </button>
    </li>
  );
}
