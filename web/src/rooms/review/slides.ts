import type { Brief } from '../../../../core/brief/brief.ts';
import type { Query } from '../../../../core/brief/figure.ts';
import type { Finding } from '../../../../core/brief/outstanding.ts';
import { weekQuery } from '../../../../core/brief/state.ts';
import type { DeskFinding } from '../../../../core/contract/finding.ts';

/** One slide of the meeting, in the brief's order. `query` = its evidence on the desk, and what a decision on it is about. */
export type Slide =
  | { readonly kind: 'decisions' | 'state' | 'suggestions'; readonly query: Query }
  | { readonly kind: 'place'; readonly finding: Finding; readonly number: number; readonly query: Query }
  /** What an analyst wrote: its evidence is the view in which it was written. */
  | { readonly kind: 'person'; readonly written: DeskFinding; readonly query: Query }
  | { readonly kind: 'problem' | 'seams'; readonly query: Query };

/** @param written findings of the week */
export function slidesOf(brief: Brief, written: readonly DeskFinding[]): readonly Slide[] {
  const { week } = brief;
  const city = weekQuery(week);
  return [
    { kind: 'decisions', query: city },
    { kind: 'state', query: city },
    ...brief.places.map(
      (finding, i): Slide => ({ kind: 'place', finding, number: i + 1, query: evidenceOf(brief, finding) }),
    ),
    ...written.map((one): Slide => ({ kind: 'person', written: one, query: city })),
    ...(brief.problem ? [{ kind: 'problem', query: brief.problem.observed.query } as const] : []),
    ...(brief.seams.seams.length > 0 ? [{ kind: 'seams', query: city } as const] : []),
    { kind: 'suggestions', query: city },
  ];
}

/** An alert opens its own card; a decision on it is counted by its division and category. */
function evidenceOf({ week }: Brief, { alert, division, category }: Finding): Query {
  const scope = weekQuery(week, { division: division ?? 0, category }); // no division of its own: the city
  return alert === null ? scope : { ...scope, weeks: null, alert };
}
