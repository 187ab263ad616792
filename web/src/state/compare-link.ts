/** What the map is set beside, as a link keeps it: ISO weeks and codes, so that it means the same on the next snapshot. */
export type ComparedSide =
  /** The period of the same length just before (环比). */
  | { readonly kind: 'previous' }
  /** The same ISO weeks a year before (同比). */
  | { readonly kind: 'year' }
  /** The same days from Spring Festival a year before (同比). */
  | { readonly kind: 'festival' }
  /** A period of the same length from this ISO week on. */
  | { readonly kind: 'week'; readonly from: string }
  /** Another division in the same period, by its code. */
  | { readonly kind: 'place'; readonly division: string };

/** What the second map shows: its own counts, the difference of the two, or the difference in standard errors. */
export const BESIDE = ['counts', 'difference', 'z'] as const;
export type Beside = (typeof BESIDE)[number];

export interface CompareLink {
  readonly side: ComparedSide;
  readonly beside: Beside;
}

export const USUAL_COMPARE: CompareLink = { side: { kind: 'previous' }, beside: 'counts' };

const PATTERN =
  /^(?:(difference|z):)?(?:(previous|year|festival)|week-(\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3]))|place-([^\p{C}]{1,64}))$/u;

/** `previous`, `difference:year`, `week-2026-W10`, `place-<code>`. */
export function formatCompare({ side, beside }: CompareLink): string {
  return `${beside === 'counts' ? '' : `${beside}:`}${sideText(side)}`;
}

function sideText(side: ComparedSide): string {
  if (side.kind === 'week') return `week-${side.from}`;
  if (side.kind === 'place') return `place-${side.division}`;
  return side.kind;
}

/** null = nothing is compared, or the text is damaged. Two places have no difference by cell: they are shown by their counts. */
export function parseCompare(text: string | null): CompareLink | null {
  const match = text === null ? null : PATTERN.exec(text);
  if (!match) return null;
  const [, shown, named, from, division] = match;
  const beside = BESIDE.find((name) => name === shown) ?? 'counts';
  if (named === 'previous' || named === 'year' || named === 'festival') return { side: { kind: named }, beside };
  if (from !== undefined) return { side: { kind: 'week', from }, beside };
  return division === undefined ? null : { side: { kind: 'place', division }, beside: 'counts' };
}
