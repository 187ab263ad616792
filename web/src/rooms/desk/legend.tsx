import { lazy } from 'react';
import type { CellCounts, CityMap } from '../../map/contract.ts';
import type { PanelState } from '../../query/coordinator.ts';
import { edgeMetres } from '../../snapshot/place.ts';
import { useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { useFilters } from './filters.ts';
import { periodText } from './period.ts';

/** What the map says it drew. */
export type LegendClasses = ReturnType<CityMap['legend']>;

const extras = () => import('./map-layers/legend-extras.tsx');
const Looks = lazy(() => extras().then(({ Looks: part }) => ({ default: part })));
const ModeChoice = lazy(() => extras().then(({ ModeChoice: part }) => ({ default: part })));
const ScaleMenu = lazy(() => extras().then(({ ScaleMenu: part }) => ({ default: part })));

interface LegendProps {
  readonly classes: LegendClasses | null;
  readonly locked: boolean;
  readonly state: PanelState<CellCounts>;
  /** No answer under the filters yet: the map shows every incident. */
  readonly pending: boolean;
}

/** Unit, period, resolution in words, classes, whether they are locked, and what is not drawn. */
export function Legend({ classes, locked, state, pending }: LegendProps) {
  const { snapshot, panels } = useSession();
  const { t, number, locale } = useText();
  const { weeks, division } = useFilters();
  const mapSettled = useDesk((desk) => desk.mapSettled);
  const method = useDesk((desk) => desk.look.scale.method);
  const totals = shownValue(usePanel(panels.cityTotals));
  const divisionOnly = shownValue(usePanel(panels.totals))?.divisionOnly ?? 0; // null = the cubes do not say: no line
  if (!classes || classes.breaks.length === 0) return null;
  const metres = edgeMetres(classes.resolution);
  const length =
    metres >= 1000
      ? t('legend.kilometres', { n: number(metres / 1000, 1) })
      : t('legend.metres', { n: number(metres) });
  const period = weeks && !pending ? periodText(weeks, snapshot.manifest.weeks, locale) : t('legend.whole');
  return (
    <aside className="legend" aria-label={t('legend.title')}>
      <h2>{t('legend.title')}</h2>
      {mapSettled && (
        <LazyPart>
          <ModeChoice />
        </LazyPart>
      )}
      <p>{period}</p>
      <p>{t('legend.edge', { resolution: classes.resolution, length })}</p>
      <ol>
        {classes.breaks.map((from, i) => {
          const next = classes.breaks[i + 1];
          const text =
            next === undefined
              ? t('legend.above', { from })
              : next - 1 === from
                ? number(from)
                : t('legend.range', { from, to: next - 1 });
          return (
            <li key={from}>
              <i style={{ background: classes.colours[i] }} />
              {text}
            </li>
          );
        })}
        <li>
          <i className="swatch-zero" />
          {t('legend.zero')}
        </li>
      </ol>
      {mapSettled && (
        <LazyPart>
          <Looks classes={classes} />
        </LazyPart>
      )}
      {pending && <p className="mark warn">{t('legend.pending')}</p>}
      {!pending && state.status === 'loading' && <p className="mark">{t('legend.stale')}</p>}
      {classes.withheld > 0 && <p className="mark">{t('legend.withheld', { n: classes.withheld })}</p>}
      {totals && totals.unlocated > 0 && (
        <p>{t(division ? 'legend.unlocatedCity' : 'legend.unlocated', { n: totals.unlocated })}</p>
      )}
      {divisionOnly > 0 && <p>{t('legend.divisionOnly', { n: divisionOnly })}</p>}
      {method === 'quantile' && <p className="fine">{locked ? t('legend.locked') : t('legend.unlocked')}</p>}
      {mapSettled && (
        <LazyPart>
          <ScaleMenu />
        </LazyPart>
      )}
    </aside>
  );
}
