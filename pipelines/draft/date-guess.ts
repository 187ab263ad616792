import { dateReader } from '../../core/time/date-pattern.ts';

/** Layouts that are tried, the common ones first. Layouts of digits alone fit many numbers: they count only where the name speaks of time. */
const WITH_MARKS = [
  'yyyy-MM-dd HH:mm:ss',
  'yyyy/M/d H:mm:ss',
  'yyyy/M/d H:mm',
  'yyyy-M-d H:mm:ss',
  'yyyy-M-d H:mm',
  'yyyy-MM-ddTHH:mm:ss',
  'iso',
  'yyyy-MM-dd',
  'yyyy/M/d',
  'yyyy-M-d',
  'yyyy.M.d H:mm:ss',
  'yyyy.M.d',
  'yyyy年M月d日 H:mm:ss',
  'yyyy年M月d日 H:mm',
  'yyyy年M月d日H时mm分',
  'yyyy年M月d日',
  'M/d/yyyy H:mm:ss a',
  'M/d/yyyy H:mm:ss',
  'M/d/yyyy H:mm',
  'M/d/yyyy',
  'd/M/yyyy H:mm:ss',
  'd/M/yyyy H:mm',
  'd/M/yyyy',
  'yyy/M/d',
  'yyy.M.d',
  'yyy年M月d日',
] as const;
const DIGITS_ONLY = ['yyyyMMddHHmmss', 'yyyyMMdd', 'yyyMMdd', 'epoch-ms', 'excel'] as const;

/** Days that records of a city may have; digits that would mean another year are no date. */
const FIRST_MINUTE = (Date.UTC(1980, 0, 1) / 60_000) | 0;
const END_MINUTE = (Date.UTC(2100, 0, 1) / 60_000) | 0;
const TRIED = 2000;
const ENOUGH = 0.9;
const WORTH = 0.01;

export interface DateGuess {
  /** Layouts that together read the column, the one that reads most first. */
  readonly formats: readonly string[];
  /** Share of the filled cells that they read. */
  readonly share: number;
  /** Day and month may be swapped: both orders read the same cells. */
  readonly ambiguous: boolean;
  readonly hasTime: boolean;
}

/** @param aboutTime the name speaks of a date, or the workbook shows its numbers as dates */
export function guessDates(filled: readonly string[], aboutTime: boolean): DateGuess | null {
  const values = filled.slice(0, TRIED);
  if (values.length === 0) return null;
  const reads = new Map<string, Set<number>>();
  let hasTime = false;
  for (const pattern of aboutTime ? [...WITH_MARKS, ...DIGITS_ONLY] : WITH_MARKS) {
    const read = dateReader([pattern], () => 0);
    const hits = new Set<number>();
    values.forEach((value, i) => {
      const time = read(value.trim());
      if (time && time.localMinute >= FIRST_MINUTE && time.localMinute < END_MINUTE) hits.add(i);
    });
    if (hits.size > 0) reads.set(pattern, hits);
  }
  const chosen: string[] = [];
  const open = new Set(values.keys());
  while (chosen.length < 4) {
    let best: string | null = null;
    let bestNew = Math.max(1, Math.ceil(values.length * WORTH)) - 1;
    for (const [pattern, hits] of reads) {
      let fresh = 0;
      for (const i of hits) if (open.has(i)) fresh++;
      if (fresh > bestNew) {
        best = pattern;
        bestNew = fresh;
      }
    }
    if (best === null) break;
    chosen.push(best);
    for (const i of reads.get(best) as Set<number>) open.delete(i);
  }
  const share = 1 - open.size / values.length;
  if (chosen.length === 0 || share < ENOUGH) return null;
  hasTime = chosen.some((pattern) => /H|iso|epoch/.test(pattern));
  const twin = (pattern: string): string =>
    pattern.startsWith('M/d/') ? pattern.replace('M/d', 'd/M') : pattern.replace('d/M', 'M/d');
  const ambiguous = chosen.some(
    (pattern) => /^(M\/d|d\/M)\//.test(pattern) && reads.get(twin(pattern))?.size === reads.get(pattern)?.size,
  );
  return { formats: chosen, share, ambiguous, hasTime };
}

/** A year in one column and month with day in the next (`110`, `0131`), joined with `/` as a contract does. Null when it is none. */
export function guessSplitDate(years: readonly string[], monthDays: readonly string[]): string | null {
  for (const pattern of ['yyyy/MMdd', 'yyy/MMdd']) {
    const read = dateReader([pattern], () => 0);
    let tried = 0;
    let hits = 0;
    for (let i = 0; i < Math.min(years.length, TRIED); i++) {
      const year = (years[i] as string).trim();
      const monthDay = (monthDays[i] as string).trim();
      if (year === '' && monthDay === '') continue;
      tried++;
      const time = read(`${year}/${monthDay}`);
      if (time && time.localMinute >= FIRST_MINUTE && time.localMinute < END_MINUTE) hits++;
    }
    if (tried > 0 && hits / tried >= 0.98) return pattern;
  }
  return null;
}
