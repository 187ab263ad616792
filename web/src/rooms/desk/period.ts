import type { Link } from '../../state/permalink.ts';
import type { Week, WeekRange } from '../../time/week.ts';
import { weekName } from '../../time/week.ts';

/** The link names weeks, the screen counts them. null = all of them. */
export function rangeNames(range: WeekRange, weeks: readonly Week[]): Link['weeks'] {
  const from = weeks[range.first];
  const to = weeks[range.end - 1];
  if (!from || !to || (range.first === 0 && range.end === weeks.length)) return null;
  return { from: from.iso, to: to.iso };
}

export function periodText(range: WeekRange, weeks: readonly Week[], locale: string): string {
  const from = weeks[range.first]?.iso ?? '';
  const to = weeks[range.end - 1]?.iso ?? '';
  return from === to ? weekName(from, locale) : `${weekName(from, locale)} – ${weekName(to, locale)}`;
}

/** Indices of the weeks that open a year, half-year, quarter or month: as fine as fits `room` labels. */
export function axisWeeks(weeks: readonly Week[], room: number): readonly number[] {
  const starts = weeks.flatMap((week, index) => {
    const month = monthOf(week);
    return index === 0 || monthOf(weeks[index - 1] as Week) !== month ? [{ index, month: month % 12 }] : [];
  });
  // The first start is where the data begins, not where a month does; it would collide with the next label.
  const inner = starts.slice(1);
  for (const every of [1, 3, 6, 12]) {
    const fitting = inner.filter((start) => start.month % every === 0);
    if (fitting.length <= room) return fitting.map((start) => start.index);
  }
  return [];
}

/** Months since year 0 of the week's Thursday, which decides the week's year. */
export function monthOf(week: Week): number {
  const thursday = new Date((week.firstDay + 3) * 86_400_000);
  return thursday.getUTCFullYear() * 12 + thursday.getUTCMonth();
}

export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** What a pointer on the chart does, decided where it goes down. Positions are week indices with fractions. */
export type Brush =
  | { readonly kind: 'new'; readonly from: number }
  | { readonly kind: 'move'; readonly from: number; readonly range: WeekRange }
  | { readonly kind: 'resize'; readonly fixed: number };

/** @param grip how near an edge counts as on it, in weeks */
export function brushAt(at: number, range: WeekRange | null, grip: number): Brush {
  if (range) {
    if (Math.abs(at - range.first) <= grip) return { kind: 'resize', fixed: range.end - 1 };
    if (Math.abs(at - range.end) <= grip) return { kind: 'resize', fixed: range.first };
    if (at > range.first && at < range.end) return { kind: 'move', from: at, range };
  }
  return { kind: 'new', from: at };
}

export function brushed(brush: Brush, at: number, total: number): WeekRange {
  const week = (value: number) => Math.min(total - 1, Math.max(0, Math.floor(value)));
  if (brush.kind === 'move') {
    const length = brush.range.end - brush.range.first;
    const first = Math.min(total - length, Math.max(0, brush.range.first + Math.round(at - brush.from)));
    return { first, end: first + length };
  }
  const fixed = brush.kind === 'new' ? week(brush.from) : brush.fixed;
  const moving = week(at);
  return { first: Math.min(fixed, moving), end: Math.max(fixed, moving) + 1 };
}
