import { lazy, useMemo } from 'react';
import { useDesk } from '../../../state/store.ts';
import { LazyPart } from '../../../ui/lazy-part.tsx';
import { TablePane } from '../table/table-pane.tsx';
import { readPane } from './pane-name.ts';
import { useSayTable } from './use-say-table.ts';
import './pane.css';

const SqlConsole = lazy(() => import('../sql/sql-console.tsx').then(({ SqlConsole: part }) => ({ default: part })));

const StagesPane = lazy(() => import('../presets/stages-pane.tsx').then(({ StagesPane: part }) => ({ default: part })));

/** Over the map, which stays as it was: filters, weeks and the right column go on beside it. */
export function StagePane() {
  const name = useDesk((desk) => desk.pane);
  const say = useSayTable();
  const pane = useMemo(() => readPane(name), [name]);
  if (!pane) return null;
  return (
    <div className="stage-pane">
      {pane.kind === 'table' ? (
        <TablePane grouping={pane.grouping} />
      ) : (
        <LazyPart waiting={<p className="panel-loading">{say('stage.loading')}</p>}>
          {pane.kind === 'sql' ? <SqlConsole /> : <StagesPane />}
        </LazyPart>
      )}
    </div>
  );
}
