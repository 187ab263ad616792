import { useMemo } from 'react';
import { EMERGING, HOTSPOT_VARIANTS, type Sense } from '../../../../../core/contract/sense.ts';
import { EMERGING_STRENGTH, emergingColours } from '../../../layers/sense-ramps.ts';
import type { CityMap } from '../../../map/contract.ts';
import { emergingClasses, tallyOf, variantsIn } from '../../../sense/hotspots.ts';
import type { HotspotTable } from '../../../snapshot/sense.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { LayerLegend, Swatch } from './layer-legend.tsx';
import { StateLook } from './state-look.tsx';
import { Strongest } from './strongest.tsx';
import { useFill } from './use-fill.ts';
import { useSay, useSense } from './use-sense.ts';
import { useShownCategory } from './use-shown-category.ts';

/** The course of a cell's heat over the weeks, in one of 17 words. */
export function EmergingLayer({ map }: { readonly map: CityMap }) {
  const say = useSay();
  const sense = useSense('sense');
  const table = useSense('hotspots');
  return (
    <LayerLegend title={say('emerging.title')}>
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
  readonly table: HotspotTable;
}

function Shown({ map, sense, table }: ShownProps) {
  const { manifest } = useSession().snapshot;
  const say = useSay();
  const theme = useDesk((desk) => desk.theme);
  const basis = useDesk((desk) => desk.basis);
  const { setHotspots } = useDesk.getState();
  const window = useDesk((desk) => desk.window);
  const { category, text } = useShownCategory();
  const variants = useMemo(() => variantsIn(table), [table]);
  const name = variants.find((variant) => variant === basis) ?? variants[0] ?? 'count';
  const variant = HOTSPOT_VARIANTS.indexOf(name);
  const { resolution, emergingWeeks, notAssessed, windows } = sense.hotspots;
  // The course is one for all windows: unknown only where no window was assessed.
  const refused = notAssessed.filter((entry) => entry.category === category && entry.variant === variant);
  const why = refused.length >= windows.length ? refused[0]?.why : undefined;
  const rows = manifest.grid.cells[String(resolution)] ?? 0;
  const classes = useMemo(() => emergingClasses(table, { category, variant }, rows), [table, category, variant, rows]);
  const colours = useMemo(() => emergingColours(theme), [theme]);
  const fill = useMemo(
    () => ({
      resolution: null,
      finest: resolution,
      cells: { resolution, classes, colours, strength: EMERGING_STRENGTH },
    }),
    [resolution, classes, colours],
  );
  useFill(map, fill);
  const tally = useMemo(() => tallyOf(classes, EMERGING.length), [classes]);
  const entry = (kind: (typeof EMERGING)[number]) => {
    const at = EMERGING.indexOf(kind);
    return (
      <Swatch key={kind} colour={at === 0 ? null : (colours[at - 1] ?? null)}>
        <strong>{say(`emerging.${kind}`)}</strong> <em>{say('emerging.cells', { n: tally[at] ?? 0 })}</em>
        <small>{say(`meaning.${kind}`)}</small>
      </Swatch>
    );
  };
  const there = EMERGING.filter((_, at) => (tally[at] ?? 0) > 0 && at > 0);
  const absent = EMERGING.filter((_, at) => (tally[at] ?? 0) === 0 && at > 0);
  return (
    <>
      {variants.length > 1 && (
        <label className="legend-choice">
          {say('hot.basis')}
          <select
            value={name}
            onChange={(event) =>
              setHotspots({ basis: variants.find((known) => known === event.target.value) ?? null, window })
            }
          >
            {variants.map((known) => (
              <option key={known} value={known}>
                {say(`hot.${known}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="fine">{say(`hot.note.${name}`)}</p>
      <p>{text}</p>
      <p className="fine">
        {say('emerging.weeks', { weeks: emergingWeeks })} · {say('hot.resolution', { resolution })}
      </p>
      {why ? (
        <p className="sense-absent">{say('hot.notAssessed', { why: say(`why.${why}`) })}</p>
      ) : (
        <>
          <ol className="meanings">
            {there.map(entry)}
            {entry('none')}
          </ol>
          {absent.length > 0 && (
            <details>
              <summary>{say('emerging.absent', { n: absent.length })}</summary>
              <ol className="meanings">{absent.map(entry)}</ol>
            </details>
          )}
        </>
      )}
      <Strongest resolution={resolution} />
      <p className="fine">{say('hot.fixed')}</p>
    </>
  );
}
