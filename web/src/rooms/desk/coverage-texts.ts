import type { SourceCoverage } from '../../../../core/contract/coverage.ts';
import type { WeekState } from '../../../../core/quality/coverage.ts';
import type { NotAssessable, VolumeVerdict } from '../../../../core/quality/volume.ts';
import type { TextKey, Translate } from '../../i18n/texts.ts';
import { isoDate } from '../../time/week.ts';
import type { MatrixCell } from './coverage-matrix.ts';
import { missingDayText } from './coverage-matrix.ts';
import type { Words } from './freshness-text.ts';

export function delayText({ delay, fillingDays }: Pick<SourceCoverage, 'delay' | 'fillingDays'>): readonly Words[] {
  if (delay.kind === 'not-assessable')
    return [[DELAY_UNKNOWN[delay.why]], ['coverage.fillingGuess', { n: fillingDays }]];
  if (delay.daysTo95 === 0) return [['coverage.delaySameDay']];
  return [
    ['coverage.delay', { n: delay.daysTo95 }],
    ['coverage.filling', { n: fillingDays }],
  ];
}

const DELAY_UNKNOWN = {
  'no-first-seen': 'coverage.delayNoFirstSeen',
  'too-few-rows': 'coverage.delayTooFew',
  'too-short': 'coverage.delayTooShort',
} as const satisfies Record<string, TextKey>;

export const STATE_TEXT = {
  delivered: 'coverage.delivered',
  zero: 'coverage.stateZero',
  thin: 'coverage.stateThin',
  missing: 'coverage.monthMissing',
  'not-yet': 'coverage.stateNotYet',
  'before-first': 'coverage.stateBeforeFirst',
} as const satisfies Record<WeekState, TextKey>;

/** One week of one row in words and numbers. */
export function cellText(
  cell: MatrixCell,
  monday: number,
  asked: {
    readonly t: Translate;
    readonly locale: string /** First day that is still filling. */;
    readonly fillingFrom?: number | null;
  },
): string {
  const { t, locale } = asked;
  const { state, n, expected, missingDays } = cell;
  const parts = [t(STATE_TEXT[state])];
  if (state === 'delivered' || state === 'thin' || state === 'zero') parts.push(t('coverage.cellN', { n }));
  if (expected !== null && (state === 'thin' || state === 'missing' || state === 'zero'))
    parts.push(expected < 1 ? t('coverage.cellExpectedFew') : t('coverage.cellExpected', { n: Math.round(expected) }));
  if (missingDays !== 0) parts.push(t('coverage.cellDays', { days: missingDayText(monday, missingDays, locale) }));
  const filling = asked.fillingFrom != null && monday + 6 >= asked.fillingFrom;
  if (filling && (state === 'delivered' || state === 'thin' || state === 'zero')) parts.push(t('coverage.cellFilling'));
  return parts.join(t('coverage.comma'));
}

const VOLUME_TEXT = {
  normal: 'coverage.volumeNormal',
  low: 'coverage.volumeLow',
  high: 'coverage.volumeHigh',
  silent: 'coverage.volumeSilent',
  'not-assessable': 'coverage.volumeUnknown',
} as const satisfies Record<VolumeVerdict, TextKey>;

const WHY_TEXT = {
  'before-first': 'coverage.whyBeforeFirst',
  'not-yet': 'coverage.whyNotYet',
  'still-filling': 'coverage.whyFilling',
  'no-baseline': 'coverage.whyNoBaseline',
  'after-break': 'coverage.whyAfterBreak',
  holiday: 'coverage.whyHoliday',
  'near-holiday': 'coverage.whyNearHoliday',
} as const satisfies Record<NotAssessable, TextKey>;

/** One day of the recent volume in words: `11.15：412 件，应约 408 件，正常`. */
export function dayText(day: SourceCoverage['recent'][number], t: Translate): string {
  const verdict = day.why === null ? t(VOLUME_TEXT[day.verdict]) : t(WHY_TEXT[day.why]);
  const values = { day: isoDate(day.day), n: day.n, verdict };
  return day.expected === null
    ? t('coverage.dayPlain', values)
    : t('coverage.day', { ...values, expected: Math.round(day.expected) });
}

/** What is odd about the recent days, most serious first; nothing odd says how many days were normal. */
export function recentText(recent: SourceCoverage['recent'], t: Translate): string {
  const count = (verdict: VolumeVerdict) => recent.filter((day) => day.verdict === verdict).length;
  return (['silent', 'low', 'high', 'normal', 'not-assessable'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => t('coverage.volumeDays', { what: t(VOLUME_TEXT[verdict]), n: count(verdict) }))
    .join(t('coverage.comma'));
}

const SPAN_TEXT = {
  silent: 'coverage.spanSilent',
  thin: 'coverage.spanThin',
  high: 'coverage.spanHigh',
} as const satisfies Record<SourceCoverage['spans'][number]['kind'], TextKey>;

export function spanText(span: SourceCoverage['spans'][number], t: Translate): string {
  const from = isoDate(span.firstDay);
  const to = isoDate(span.endDay - 1);
  const values = { days: from === to ? from : `${from} – ${to}`, n: span.n, expected: Math.round(span.expected) };
  const text = t(SPAN_TEXT[span.kind], values);
  return span.breakDay === null ? text : text + t('coverage.spanBreak', { day: isoDate(span.breakDay) });
}
