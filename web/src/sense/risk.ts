import type { RiskTable } from '../snapshot/sense.ts';

export const RISK_DIVISION = 0;
export const RISK_CELL = 1;

/** Equal steps of the score, the same in every week: class k holds 20 (k − 1) <= score < 20 k, the last also 100. */
export const RISK_STEPS = [0, 20, 40, 60, 80] as const;

export function riskClass(score: number): number {
  return score >= 0 ? Math.min(RISK_STEPS.length, Math.floor(score / 20) + 1) : 0;
}

/** Newest week with a result; null = none. */
export function riskWeek(table: RiskTable): number | null {
  let newest = -1;
  for (let i = 0; i < table.week.length; i++) newest = Math.max(newest, table.week[i]!);
  return newest < 0 ? null : newest;
}

export interface RiskCells {
  /** Class by row of the grid in that week; 0 = no colour: not assessed, or not told apart. */
  readonly classes: Uint32Array;
  /** Cells ranked together, and those of them whose interval of the rank leaves out the middle of all ranks. */
  readonly ranked: number;
  readonly apart: number;
}

/**
 * A score whose rank could as well be the middle one says nothing of the place: painted, nine tenths of a map would be noise. `all` paints
 * these too.
 */
export function riskCells(
  table: RiskTable,
  { week, cells, all = false }: { readonly week: number; readonly cells: number; readonly all?: boolean },
): RiskCells {
  const rows: number[] = [];
  for (let i = 0; i < table.id.length; i++)
    if (table.unit[i] === RISK_CELL && table.week[i] === week && table.id[i]! < cells) rows.push(i);
  const middle = (rows.length + 1) / 2;
  const classes = new Uint32Array(cells);
  let apart = 0;
  for (const i of rows) {
    const told = table.rankHigh[i]! < middle || table.rankLow[i]! > middle;
    if (told) apart++;
    if (told || all) classes[table.id[i]!] = riskClass(table.score[i]!);
  }
  return { classes, ranked: rows.length, apart };
}

export interface RiskPlace {
  readonly score: number;
  /** In the order of `sense.json` `risk.indicators`; raw null = not known for this place. */
  readonly parts: readonly { readonly part: number; readonly raw: number | null }[];
  readonly rank: number;
  readonly low: number;
  readonly high: number;
  /** Places ranked together. */
  readonly of: number;
  readonly topTenth: number | null;
  /** The interval meets that of the next place above or below. */
  readonly tied: boolean;
}

export interface RiskQuery {
  readonly unit: number;
  readonly id: number;
  readonly week: number;
  readonly indicators: number;
  /** Whether another id of the same unit is ranked together with this one: divisions of one level. */
  readonly alike: (id: number) => boolean;
}

export function riskOf(table: RiskTable, { unit, id, week, indicators, alike }: RiskQuery): RiskPlace | null {
  let own = -1;
  const others: number[] = [];
  for (let i = 0; i < table.id.length; i++) {
    if (table.unit[i] !== unit || table.week[i] !== week) continue;
    if (table.id[i] === id) own = i;
    else if (alike(table.id[i]!)) others.push(i);
  }
  if (own < 0) return null;
  const [rank, low, high] = [table.rank[own]!, table.rankLow[own]!, table.rankHigh[own]!];
  const beside = (i: number) => Math.abs(table.rank[i]! - rank) <= 1;
  const meets = (i: number) => table.rankLow[i]! <= high && table.rankHigh[i]! >= low;
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    score: table.score[own]!,
    parts: Array.from({ length: indicators }, (_, k) => ({
      part: table.parts[k]?.[own] ?? 0, // the contract has six columns; more indicators than that it refuses
      raw: known(table.raws[k]?.[own] ?? Number.NaN),
    })),
    rank,
    low,
    high,
    of: others.length + 1,
    topTenth: known(table.topTenth[own]!),
    tied: others.some((i) => beside(i) && meets(i)),
  };
}

/** Where each part begins and ends on the way to the score: the steps of the waterfall. */
export function waterfall(parts: readonly { readonly part: number }[]): readonly { from: number; to: number }[] {
  let at = 0;
  return parts.map(({ part }) => {
    const from = at;
    at += part;
    return { from, to: at };
  });
}
