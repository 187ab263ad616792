import { useMemo, useState } from 'react';
import type { Sense } from '../../../../../core/contract/sense.ts';
import { riskColours } from '../../../layers/sense-ramps.ts';
import type { CityMap } from '../../../map/contract.ts';
import { tallyOf } from '../../../sense/hotspots.ts';
import { RISK_CELL, RISK_STEPS, riskCells, riskWeek } from '../../../sense/risk.ts';
import type { RiskTable } from '../../../snapshot/sense.ts';
import { useDesk } from '../../../state/store.ts';
import { weekName } from '../../../time/week.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { LayerLegend, Swatch } from './layer-legend.tsx';
import { StateLook } from './state-look.tsx';
import { Strongest } from './strongest.tsx';
import { useFill } from './use-fill.ts';
import { useSay, useSense } from './use-sense.ts';

/** The index of cells, in equal steps of its score. */
export function RiskLayer({ map }: { readonly map: CityMap }) {
  const say = useSay();
  const sense = useSense('sense');
  const table = useSense('risk');
  const risk = sense.status === 'ready' && sense.value.risk.kind === 'risk';
  return (
    <LayerLegend title={say(risk ? 'risk.title' : 'risk.titleChange')}>
      {sense.status === 'ready' && table.status === 'ready' ? (
        <Shown map={map} sense={sense.value} table={table.value} />
      ) : (
        <StateLook state={sense.status === 'ready' ? table : sense} />
      )}
    </LayerLegend>
  );
}

interface ShownProps {
  readonly map: CityMap;
  readonly sense: Sense;
  readonly table: RiskTable;
}

function Shown({ map, sense, table }: ShownProps) {
  const { manifest } = useSession().snapshot;
  const say = useSay();
  const { locale, number } = useText();
  const theme = useDesk((desk) => desk.theme);
  const { resolution, kind, spanWeeks, kinds, weightsFrom, why } = sense.risk;
  const robustness = kinds.find(({ unit }) => unit === RISK_CELL)?.robustness ?? null;
  const cells = manifest.grid.cells[String(resolution)] ?? 0;
  const week = useMemo(() => riskWeek(table), [table]);
  const [all, setAll] = useState(false);
  const { classes, ranked, apart } = useMemo(
    () =>
      week === null ? { classes: new Uint32Array(cells), ranked: 0, apart: 0 } : riskCells(table, { week, cells, all }),
    [table, week, cells, all],
  );
  const colours = useMemo(() => riskColours(theme), [theme]);
  const fill = useMemo(
    () => ({
      resolution: null,
      finest: resolution,
      cells: { resolution, classes, colours, strength: colours.map((_, i) => i) },
    }),
    [resolution, classes, colours],
  );
  useFill(map, fill);
  const tally = useMemo(() => tallyOf(classes, RISK_STEPS.length + 1), [classes]);
  const name = week === null ? null : manifest.weeks[week];
  return (
    <>
      <p>{say(kind === 'risk' ? 'risk.riskNote' : 'risk.changeNote')}</p>
      <p className="fine">
        {name && `${say('risk.span', { weeks: spanWeeks, week: weekName(name.iso, locale) })} · `}
        {say('hot.resolution', { resolution })}
      </p>
      {why !== 'assessed' && <p className="sense-absent">{say('hot.notAssessed', { why: say(`why.${why}`) })}</p>}
      <ol className="counted">
        {RISK_STEPS.map((from, i) => (
          <Swatch key={from} colour={colours[i] ?? null}>
            {say('risk.band', { from, to: RISK_STEPS[i + 1] ?? 100 })} <em>{number(tally[i + 1] ?? 0)}</em>
          </Swatch>
        )).reverse()}
        {!all && (
          <Swatch colour={null}>
            {say('risk.notApart')} <em>{number(ranked - apart)}</em>
          </Swatch>
        )}
        <Swatch colour={null}>
          {say('risk.none')} <em>{number(cells - ranked)}</em>
        </Swatch>
      </ol>
      <label>
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> {say('risk.all')}
      </label>
      {robustness !== null && <p className="fine">{say('risk.robust', { rho: robustness.toFixed(2) })}</p>}
      <p className="fine">{say('risk.weights', { from: weightsFrom })}</p>
      <Strongest resolution={resolution} />
      <p className="fine">{say('hot.fixed')}</p>
    </>
  );
}
