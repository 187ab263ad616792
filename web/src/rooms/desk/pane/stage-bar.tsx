import { lazy, useEffect } from 'react';
import { useExport } from '../../../export/export-state.ts';
import { useDesk } from '../../../state/store.ts';
import { LazyPart } from '../../../ui/lazy-part.tsx';
import { useSession } from '../../../ui/use-panel.ts';
import { useFocus } from '../divisions.ts';
import { listenToGo } from './go-keys.ts';
import { groupingName, levelBelow, readPane } from './pane-name.ts';
import { useSayTable } from './use-say-table.ts';
import './pane.css';

const ExportDialog = lazy(() =>
  import('../../../export/export-dialog.tsx').then(({ ExportDialog: part }) => ({ default: part })),
);

/** Map, table or console; export. */
export function StageBar() {
  const { manifest, divisions } = useSession().snapshot;
  const say = useSayTable();
  const focus = useFocus();
  const pane = useDesk((desk) => desk.pane);
  const exporting = useExport((state) => state.open);
  const { setPane } = useDesk.getState();
  const { setOpen } = useExport.getState();
  const deepest = Math.max(1, ...manifest.divisionLevels.map(({ level }) => level));
  const table = groupingName({ by: 'division', level: levelBelow(divisions, focus, deepest) });
  useEffect(() => listenToGo(() => table), [table]);
  const shown = readPane(pane)?.kind ?? 'map';
  return (
    <div className="stage-bar">
      <fieldset className="stage-choice" aria-label={say('stage.label')}>
        <button type="button" aria-pressed={shown === 'map'} title="g m" onClick={() => setPane(null)}>
          {say('stage.map')}
        </button>
        <button
          type="button"
          aria-pressed={shown === 'table'}
          title="g t"
          data-stage="table"
          onClick={() => shown !== 'table' && setPane(table)}
        >
          {say('stage.table')}
        </button>
        <button
          type="button"
          aria-pressed={shown === 'sql'}
          title="g s"
          data-stage="sql"
          onClick={() => setPane('sql')}
        >
          {say('stage.sql')}
        </button>
      </fieldset>
      <button type="button" title="e" data-stage="export" onClick={() => setOpen(true)}>
        {say('export.open')}
      </button>
      {exporting && (
        <LazyPart>
          <ExportDialog />
        </LazyPart>
      )}
    </div>
  );
}
