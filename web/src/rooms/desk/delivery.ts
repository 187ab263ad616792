import type { SourceCoverage } from '../../../../core/contract/coverage.ts';
import type { SourceEntry } from '../../../../core/contract/manifest.ts';
import type { Quality } from '../../../../core/contract/quality.ts';
import { dayNumber, isoMonth } from '../../time/week.ts';

export type MonthState = 'delivered' | 'zero' | 'thin' | 'missing';
export interface MonthCell {
  /** `2026-11` */
  readonly month: string;
  readonly state: MonthState;
}

/** A month with so many days in a thin span is no quiet month. */
const THIN_DAYS = 7;

/** Months of a source inside the window. Missing = the source sent nothing; zero = it says there was nothing; thin = late rows, or a part. */
export function monthsOf(
  source: SourceEntry,
  window: { readonly firstDay: number; readonly endDay: number },
  quality: Quality | null,
  spans: SourceCoverage['spans'] = [],
): readonly MonthCell[] {
  const missing = new Set(source.monthsMissing);
  return monthNames(window.firstDay, window.endDay - 1).map((month) => {
    const rows = quality?.months.find((entry) => entry.source === source.key && entry.month === month)?.rows;
    if (missing.has(month) || rows === null || !within(source, month)) return { month, state: 'missing' };
    if (thinDays(month, spans) >= THIN_DAYS) return { month, state: 'thin' };
    return { month, state: rows === 0 ? 'zero' : 'delivered' };
  });
}

function thinDays(month: string, spans: SourceCoverage['spans']): number {
  let days = 0;
  for (const { kind, firstDay, endDay } of spans)
    if (kind !== 'high') for (let day = firstDay; day < endDay; day++) if (isoMonth(day) === month) days++;
  return days;
}

function within({ firstDay, lastDay }: SourceEntry, month: string): boolean {
  return firstDay !== null && lastDay !== null && month >= isoMonth(firstDay) && month <= isoMonth(lastDay);
}

function monthNames(firstDay: number, lastDay: number): readonly string[] {
  const names: string[] = [];
  for (let day = firstDay; day <= lastDay; ) {
    const name = isoMonth(day);
    names.push(name);
    const [year, month] = name.split('-').map(Number) as [number, number];
    day =
      month === 12 ? dayNumber({ year: year + 1, month: 1, date: 1 }) : dayNumber({ year, month: month + 1, date: 1 });
  }
  return names;
}

/** Whole days between the last report and the end of the window; null = nothing was ever reported. */
export function daysSilent(asOf: string | null, endDay: number): number | null {
  const match = asOf === null ? null : /^(\d{4})-(\d{2})-(\d{2})/.exec(asOf);
  if (!match) return null;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  return endDay - 1 - dayNumber({ year, month, date });
}

/** Days from a local moment of the city (`2026-11-21 23:40`) to this machine's today in the city's zone. */
export function daysSince(asOf: string, zone: string, now: Date = new Date()): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(asOf);
  if (!match) return null;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)?.value);
  return dayNumber({ year: part('year'), month: part('month'), date: part('day') }) - dayNumber({ year, month, date });
}
