import { followDays } from '../../../core/alert/candidate.ts';
import type { Alert, Alerts } from '../../../core/contract/sense.ts';
import type { SaySense } from '../i18n/sense-texts.ts';
import { levelOf } from './levels.ts';

/** Sentences of the sensing panels from fixed words. Pure: no component, no state. */

export function levelText(level: number, say: SaySense): string {
  const { numeral, word } = levelOf(level);
  return say('level.word', { numeral, colour: say(word) });
}

const DAYS_A_YEAR = 365.25;
/** Recurrence interval in words: days up to two years, then years. */
export function recurrenceText(days: number | null, say: SaySense): string {
  if (days === null) return say('card.recurrenceNone');
  if (days >= 10 * DAYS_A_YEAR) return say('card.recurrenceRare');
  if (days >= 2 * DAYS_A_YEAR) return say('card.recurrenceYears', { n: Math.round(days / DAYS_A_YEAR) });
  return say('card.recurrenceDays', { n: Math.max(1, Math.round(days)) });
}

/** Smallest probability that is worth a number. */
const P_TINY = 0.0001;

export function probabilityText(p: number | null, say: SaySense): string {
  if (p === null) return say('card.pNone');
  return p < P_TINY ? say('card.pTiny', { p: '0.01%' }) : say('card.p', { p: percent(p, p < 0.01 ? 2 : 1) });
}

/** Never 0% or 100% of what is neither. */
export function percent(share: number, digits = 0): string {
  const text = (share * 100).toFixed(digits);
  const step = 10 ** -digits;
  if (share > 0 && Number(text) === 0) return `<${step}%`;
  if (share < 1 && Number(text) === 100) return `>${(100 - step).toFixed(digits)}%`;
  return `${text}%`;
}

/** Half-width digits; a decimal only below 10, where it says something. */
export function about(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value));
}

export function trackText(
  { kind, trackRecord }: Pick<Alerts['rules'][number], 'kind' | 'trackRecord'>,
  say: SaySense,
): string {
  const { weeks, raised, judged, kept, precision } = trackRecord;
  if (precision === null) return say('card.trackNone', { weeks, raised });
  return say('card.track', { weeks, raised, judged, kept, share: percent(precision), days: followDays(kind) });
}

/** Divisions with their shares, largest first; a division that holds everything needs no share. */
export function whereText(alert: Alert, nameOf: (division: number) => string, say: SaySense): string {
  const { divisions } = alert;
  if (divisions.length === 0) return say('alerts.cityWide');
  const only = divisions[0];
  if (divisions.length === 1 && only && only.share >= 0.995) return nameOf(only.division);
  return divisions
    .map(({ division, share }) => say('alerts.share', { name: nameOf(division), share: percent(share) }))
    .join(say('alerts.shareJoin'));
}
