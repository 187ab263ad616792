/**
 * Design of a count series: constant, trend, annual harmonics, one indicator a class but the first of each factor.
 *
 * Columns in this order: 1; trend = (t - origin)/periodsPerYear, years; cos and sin of 2πk·t/periodsPerYear for k = 1..harmonics; then for each
 * factor its indicators. `t` is the period's index plus `phase`.
 */
export interface CalendarDesign {
  readonly periodsPerYear: number;
  readonly trend: boolean;
  /** 0, 1 or 2 pairs. */
  readonly harmonics: number;
  /** Index at which the trend is 0. */
  readonly origin: number;
  /** Added to the index inside the harmonics: only shifts what the two coefficients mean. */
  readonly phase: number;
  readonly factors: readonly CalendarFactor[];
}

/** One value a period; `levels[0]` is the reference and gets no column; a value not in `levels` has no row. */
export interface CalendarFactor {
  readonly value: Int32Array | Uint8Array | Int8Array;
  readonly levels: readonly number[];
}

export function designColumns({ trend, harmonics, factors }: CalendarDesign): number {
  let columns = 1 + (trend ? 1 : 0) + 2 * harmonics;
  for (const { levels } of factors) columns += levels.length - 1;
  return columns;
}

/** Writes the row of period `index` into `into` at `from`. False where a factor has a value outside its levels. */
export function designRow(design: CalendarDesign, index: number, into: Float64Array, from: number): boolean {
  const { periodsPerYear, trend, harmonics, origin, phase, factors } = design;
  let at = from;
  into[at++] = 1;
  if (trend) into[at++] = (index - origin) / periodsPerYear;
  const angle = (2 * Math.PI * (index + phase)) / periodsPerYear;
  for (let k = 1; k <= harmonics; k++) {
    into[at++] = Math.cos(k * angle);
    into[at++] = Math.sin(k * angle);
  }
  for (const { value, levels } of factors) {
    const now = value[index]!;
    let known = now === levels[0];
    for (let l = 1; l < levels.length; l++) {
      const same = now === levels[l];
      into[at++] = same ? 1 : 0;
      known ||= same;
    }
    if (!known) return false;
  }
  return true;
}
