import type { Week, WeekRange } from './week.ts';

/** zh `第41–44周`, en `weeks 41–44`; the year only where it changes. */
export function weekSpan({ first, end }: WeekRange, weeks: readonly Week[], locale: string): string {
  const [fromYear, from] = parts(weeks[first]?.iso);
  const [toYear, to] = parts(weeks[end - 1]?.iso);
  const range =
    first === end - 1 ? `${from}` : fromYear === toYear ? `${from}–${to}` : `${fromYear}/${from}–${toYear}/${to}`;
  if (locale !== 'en') return `第${range}周`;
  return `${first === end - 1 ? 'week' : 'weeks'} ${range}`;
}

function parts(iso = ''): readonly [year: string, week: number] {
  const [year = '', week = '0'] = iso.split('-W');
  return [year, Number(week)];
}
