import { useEffect, useMemo, useState } from 'react';
import type { Alerts } from '../../../../../core/contract/sense.ts';
import { type AlertPlace, alertsAt } from '../../../place/alert-history.ts';
import { about, levelText } from '../../../sense/words.ts';
import type { CoarseGrid } from '../../../snapshot/model.ts';
import { useDesk } from '../../../state/store.ts';
import { isoDate } from '../../../time/week.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useSession } from '../../../ui/use-panel.ts';
import { StateLook } from '../sense/state-look.tsx';
import { useNames } from '../sense/use-alerts.ts';
import { useSay, useSense } from '../sense/use-sense.ts';
import { useFinestGrid } from '../use-grid.ts';
import { useSayPlace } from './use-say-place.ts';

const ROWS = 6;

/** Every alert of the replayed weeks that was about the place, standing or past. */
export function AlertsPart({ place }: { readonly place: AlertPlace }) {
  const say = useSayPlace();
  const state = useSense('alerts');
  return (
    <section className="panel" aria-label={say('alerts')} data-panel="place-alerts" data-status={state.status}>
      <h2>{say('alerts')}</h2>
      {state.status === 'ready' ? <History alerts={state.value} place={place} /> : <StateLook state={state} />}
    </section>
  );
}

function History({ alerts, place }: { readonly alerts: Alerts; readonly place: AlertPlace }) {
  const say = useSayPlace();
  const sense = useSay();
  const names = useNames();
  const finest = useFinestGrid();
  const grids = useGridsOf(alerts);
  const { openAlert } = useDesk.getState();
  const found = useMemo(() => {
    if (!finest || !grids) return null;
    return alertsAt(alerts, place, {
      divisionOf: (cell) => finest.division[cell] as number,
      rangeOf: (resolution, row) => {
        const grid = grids.get(resolution);
        if (!grid) return { id: row, end: row + 1 }; // the finest: a row is a cell
        const [id, end] = [grid.firstId[row], grid.endId[row]];
        return id === undefined || end === undefined ? null : { id, end };
      },
    });
  }, [alerts, place, finest, grids]);
  if (!found) return <p className="panel-loading">{say('alerts.reading')}</p>;
  if (found.length === 0) return <p className="panel-empty">{say('alerts.none')}</p>;
  return (
    <>
      <p className="fine">
        {say('alerts.count', {
          n: found.length,
          standing: found.filter(({ standing }) => standing).length,
          day: isoDate(alerts.asOfDay),
        })}
      </p>
      <ul className="place-alerts">
        {found.slice(0, ROWS).map((alert) => (
          <li key={alert.id} data-alert={alert.id}>
            <span title={levelText(alert.level, sense)}>
              <LevelMark level={alert.level} />
            </span>
            <span>
              <Line opens={alert.opens} onOpen={() => openAlert(alert.id)} past={say('alerts.past')}>
                {say('alerts.row', {
                  category: names.category(alert.category),
                  n: alert.observed,
                  expected: about(alert.expected),
                })}
              </Line>
              <span className="fine">
                {' '}
                {isoDate(alert.since)} – {alert.standing ? say('alerts.standing') : isoDate(alert.lastDay)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {found.length > ROWS && <p className="fine">{say('alerts.more', { n: found.length - ROWS })}</p>}
    </>
  );
}

interface LineProps {
  readonly opens: boolean;
  readonly past: string;
  readonly onOpen: () => void;
  readonly children: string;
}

function Line({ opens, past, onOpen, children }: LineProps) {
  if (!opens) return <span title={past}>{children}</span>;
  return (
    <button type="button" className="quiet" onClick={onOpen}>
      {children}
    </button>
  );
}

/** The coarser grids in whose rows the alerts speak; null until they are there. */
function useGridsOf(alerts: Alerts): ReadonlyMap<number, CoarseGrid> | null {
  const { snapshot } = useSession();
  const [grids, setGrids] = useState<ReadonlyMap<number, CoarseGrid> | null>(null);
  useEffect(() => {
    let gone = false;
    const { finest, coarsest } = snapshot.manifest.grid;
    const all = [
      ...alerts.alerts,
      ...alerts.rest,
      ...(alerts.register ?? []),
      ...alerts.ended,
      ...(alerts.history ?? []),
    ];
    const wanted = [...new Set(all.flatMap(({ resolution }) => resolution ?? []))].filter(
      (resolution) => resolution < finest && resolution >= coarsest,
    );
    Promise.all(wanted.map(async (resolution) => [resolution, await snapshot.coarseGrid(resolution)] as const)).then(
      (read) => !gone && setGrids(new Map(read)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [snapshot, alerts]);
  return grids;
}
