/** One threshold of a detector: what it costs and what it brings. */
export interface AmocPoint {
  readonly falsePerWeek: number;
  /** Days, of the detected ones; null when nothing was detected. */
  readonly medianDelay: number | null;
  readonly pod: number;
}

/** Delay in days that stands for "never detected". */
export const AMOC_MISSED_DELAY_DAYS = 14;

/**
 * Penalised delay, days: POD × median delay of the detected + (1 − POD) × 14.
 */
export function penalisedDelay({ pod, medianDelay }: AmocPoint): number {
  return (medianDelay === null ? 0 : pod * medianDelay) + (1 - pod) * AMOC_MISSED_DELAY_DAYS;
}

/** Points of the AMOC curve, by false episodes per week; starts at (0, 14): a detector that never alerts. */
export function amocCurve(points: readonly AmocPoint[]): { readonly x: number; readonly y: number }[] {
  const measured = points.map((point) => ({ x: point.falsePerWeek, y: penalisedDelay(point) }));
  return [{ x: 0, y: AMOC_MISSED_DELAY_DAYS }, ...measured.sort((a, b) => a.x - b.x)];
}

/**
 * Normalised partial area under the activity monitoring operating characteristic: mean height of the curve
 * (linear between points) between 0 and `endPerWeek` false episodes a week. Lower is better; unit days.
 * Where the curve ends earlier, its last height is carried on. Null without points or with `endPerWeek` <= 0.
 * Cost O(n log n).
 * @see Fawcett & Provost (1999), KDD, Activity monitoring; METHODS part 1 section f; reference case skill/amoc_area
 */
export function amocArea(points: readonly AmocPoint[], endPerWeek = 1): number | null {
  if (points.length === 0 || !(endPerWeek > 0)) return null;
  const curve = amocCurve(points);
  let area = 0;
  for (let i = 1; i < curve.length; i++) {
    const a = curve[i - 1]!;
    const b = curve[i]!;
    if (a.x >= endPerWeek || b.x <= a.x) continue;
    const end = Math.min(b.x, endPerWeek);
    const height = a.y + ((b.y - a.y) * (end - a.x)) / (b.x - a.x);
    area += ((a.y + height) / 2) * (end - a.x);
  }
  const last = curve.at(-1)!;
  if (last.x < endPerWeek) area += last.y * (endPerWeek - last.x);
  return area / endPerWeek;
}
