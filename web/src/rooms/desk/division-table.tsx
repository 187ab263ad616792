import { rangeSum } from '../../query/roll-up.ts';
import { childrenOf } from '../../snapshot/model.ts';
import { useDesk } from '../../state/store.ts';
import { Bar } from '../../ui/bar.tsx';
import { MadeMark } from '../../ui/made-mark.tsx';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { divisionName, levelOf, useFocus } from './divisions.ts';

/** Children of the focused division in their own order. Volume is demand: no league table. */
export function DivisionTable() {
  const { snapshot, panels } = useSession();
  const { manifest, divisions } = snapshot;
  const { t, number, locale, label } = useText();
  const focus = useFocus();
  const state = usePanel(panels.divisions);
  const counts = shownValue(state);
  const all = shownValue(usePanel(panels.all.divisions));
  const totals = shownValue(usePanel(panels.totals));
  const { focusDivision } = useDesk.getState();
  const children = childrenOf(divisions, focus);
  const range = (id: number) => ({ id, end: divisions.end[id] as number });
  const name = focus === 0 ? label(manifest.profile.name) : divisionName(divisions, focus, locale);
  const level = children[0] === undefined ? undefined : levelOf(manifest, divisions, children[0]);
  const known = counts !== null && (counts.depth === 'all' || focus === 0);
  const of = (id: number) => (counts ? rangeSum(counts.sums, range(id)) : 0);
  const ghost = (id: number) => (all && (all.depth === 'all' || focus === 0) ? rangeSum(all.sums, range(id)) : null);
  const max = Math.max(1, ...children.map((id) => ghost(id) ?? of(id)));
  const own = counts?.counts[focus] ?? 0;
  const unlocated = focus === 0 ? (totals?.unlocated ?? 0) : 0;
  const total = of(focus) + unlocated;
  const share = (n: number) => (total > 0 ? `${number((n / total) * 100, 1)}%` : '');
  const divisionOnly = totals?.divisionOnly ?? 0; // null = the cubes do not say: no line
  const population = divisions.population[focus];
  return (
    <PanelFrame
      id="divisions"
      title={children.length > 0 ? t('division.children', { name }) : name}
      state={state}
      className="divisions"
      aside={level?.made ? <MadeMark /> : undefined}
    >
      <p className="fine">
        {population == null ? t('division.populationUnknown') : t('division.population', { n: population })} ·{' '}
        {t('division.area', { n: number(divisions.areaKm2[focus] ?? 0, 1) })}
      </p>
      {children.length === 0 && <p className="panel-empty">{t('division.noChildren')}</p>}
      {!known && <p className="panel-note">{t('division.pending')}</p>}
      {known && (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('division.column.name')}</th>
                <td />
                <th scope="col" className="n">
                  {t('division.column.n')}
                </th>
                <th scope="col" className="n">
                  {t('division.column.share')}
                </th>
              </tr>
            </thead>
            <tbody>
              {children.map((id) => (
                <tr key={id}>
                  <th scope="row">
                    <button type="button" onClick={() => focusDivision(divisions.code[id] ?? null)}>
                      {divisionName(divisions, id, locale)}
                    </button>
                  </th>
                  <td>
                    <Bar n={of(id)} total={ghost(id)} max={max} />
                  </td>
                  <td className="n">{number(of(id))}</td>
                  <td className="n">{share(of(id))}</td>
                </tr>
              ))}
              {own > 0 && children.length > 0 && (
                <OtherRow
                  name={focus === 0 ? t('division.elsewhereCity') : t('division.elsewhere')}
                  n={number(own)}
                  share={share(own)}
                />
              )}
              {focus === 0 && (
                <OtherRow name={t('division.unlocated')} n={number(unlocated)} share={share(unlocated)} />
              )}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t('division.total')}</th>
                <td />
                <td className="n">{number(total)}</td>
                <td className="n">{share(total)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {divisionOnly > 0 && <p className="fine">{t('division.divisionOnly', { n: divisionOnly })}</p>}
      <p className="fine">{t('division.demand')}</p>
    </PanelFrame>
  );
}

interface OtherRowProps {
  readonly name: string;
  readonly n: string;
  readonly share: string;
}

function OtherRow({ name, n, share }: OtherRowProps) {
  return (
    <tr className="other">
      <th scope="row">{name}</th>
      <td />
      <td className="n">{n}</td>
      <td className="n">{share}</td>
    </tr>
  );
}
