import type { Alert } from '../contract/sense.ts';
import type { Words } from '../metric/verdict-words.ts';
import { type Figure, percentWords } from './figure.ts';
import type { BriefInput } from './input.ts';
import { categoryWords } from './names.ts';
import { alertsOf, sharesOf } from './outstanding.ts';
import type { BriefWeek } from './week.ts';

/** A cluster that lies in two or more divisions of one level, at least a tenth in each. */
export interface Seam {
  readonly alert: string;
  readonly level: number;
  readonly category: Words;
  readonly observed: Figure;
  readonly shares: readonly { readonly name: Words; readonly observed: number; readonly share: Words }[];
}

export interface Seams {
  readonly seams: readonly Seam[];
  /** False = nothing is known of clusters in this week. */
  readonly assessed: boolean;
}

export function seamsOf(input: BriefInput, week: BriefWeek): Seams {
  const standing = alertsOf(input, week);
  return {
    seams: standing.flatMap((alert) => seamOf(input, alert) ?? []),
    assessed: input.alerts !== null && coversWeek(input, week),
  };
}

function seamOf(input: BriefInput, alert: Alert): Seam | null {
  if (alert.cells.length === 0) return null;
  const shares = sharesOf(input, alert);
  if (shares.length < 2) return null;
  return {
    alert: alert.id,
    level: alert.level,
    category: categoryWords(input, alert.category),
    observed: {
      metric: 'alert.observed',
      value: alert.reports ?? alert.observed, // the shares are of reports
      text: null,
      query: { weeks: null, sources: [], category: null, division: null, alert: alert.id },
    },
    shares: shares.map(({ name, observed, share }) => ({ name, observed, share: percentWords(share) })),
  };
}

/** Alerts are published with those ended in the last 14 days: an older week is not covered. */
export function coversWeek({ alerts }: BriefInput, week: BriefWeek): boolean {
  return alerts !== null && week.firstDay >= alerts.asOfDay - KEPT_DAYS - 6 && week.firstDay <= alerts.asOfDay;
}
const KEPT_DAYS = 14;
