import { describe, expect, it } from 'vitest';
import {
  type Compared,
  compareCounts,
  directionOf,
  meaningOf,
  percentInterval,
} from '../../../core/metric/comparison.ts';
import { comparePeriods, previousPeriod } from '../../../core/metric/period-comparison.ts';
import { changeSentence, verdictWords } from '../../../core/metric/verdict-words.ts';
import { sameWeeksLastYear, yearOnYear } from '../../../core/metric/year-on-year.ts';
import { Random } from '../../../core/stats/random.ts';
import { isoDate, isoWeek, parseIsoDate } from '../../../core/time/local-date.ts';

const weeks = (before: number, after: number, dispersion?: number) =>
  compareCounts({ before: { n: before, days: 7 }, after: { n: after, days: 7 }, dispersion });
const verdict = (before: number, after: number, dispersion?: number) => {
  const found = weeks(before, after, dispersion);
  return found.kind === 'compared' ? found.verdict : found.why;
};

describe('compareCounts', () => {
  it('says what the brief may say', () => {
    expect(changeSentence(weeks(4, 9)).zh).toBe('由 4 件增至 9 件（正常波动）');
    expect(changeSentence(weeks(120, 156)).zh).toBe('由 120 件增至 156 件，上升 30%（有所上升）');
    expect(changeSentence(weeks(100, 58)).zh).toBe('由 100 件降至 58 件，下降 42%（明显下降）');
  });

  it('bounds each word by its rule', () => {
    expect(verdict(100, 119)).toBe('normal'); // z 1.82
    expect(verdict(100, 121)).toBe('normal'); // z 2 exactly
    expect(verdict(100, 123)).toBe('some-rise'); // z 2.18
    expect(verdict(100, 133)).toBe('some-rise'); // z 3.07, p 0.036
    expect(verdict(100, 140)).toBe('some-rise'); // z 3.66, p 0.0117
    expect(verdict(100, 150)).toBe('clear-rise'); // z 4.49, p 0.0019
    expect(verdict(100, 58)).toBe('clear-fall');
    expect(verdict(0, 10)).toBe('clear-rise');
    expect(verdict(0, 9)).toBe('some-rise');
    expect(verdict(0, 6)).toBe('some-rise');
    expect(verdict(0, 5)).toBe('too-few');
    expect(verdict(0, 0)).toBe('too-few');
    expect(verdict(2, 3)).toBe('too-few');
  });

  it('gives a percentage on a base of 20 or more only', () => {
    expect((weeks(19, 40) as Compared).percent).toBeNull();
    expect((weeks(20, 40) as Compared).percent).toBeCloseTo(100, 10);
    const interval = percentInterval(weeks(20, 40) as Compared);
    expect(interval?.lower).toBeGreaterThan(0);
    expect(interval?.upper).toBeGreaterThan(100);
    expect(percentInterval(weeks(19, 40) as Compared)).toBeNull();
  });

  it('tests unequal windows exactly, by rate', () => {
    const found = compareCounts({ before: { n: 280, days: 28 }, after: { n: 31, days: 3 } }) as Compared;
    expect(found).toMatchObject({ basis: 'exact', z: null, verdict: 'normal' });
    expect(found.percent).toBeCloseTo(100 * (31 / 3 / 10 - 1), 10);
    expect(changeSentence(found).zh).toContain('日均上升 3.3%');
    expect(compareCounts({ before: { n: 280, days: 28 }, after: { n: 60, days: 3 } })).toMatchObject({
      verdict: 'clear-rise',
    });
  });

  it('asks more of an over-dispersed series', () => {
    expect(verdict(100, 150)).toBe('clear-rise');
    expect(verdict(100, 150, 4)).toBe('some-rise');
    expect(verdict(100, 130, 4)).toBe('normal');
  });

  it.each([-1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])('has no verdict on %s', (n) => {
    expect(weeks(n, 30)).toEqual({ kind: 'not-comparable', why: 'bad-count' });
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a dispersion of %s', (dispersion) => {
    expect(weeks(30, 30, dispersion)).toEqual({ kind: 'not-comparable', why: 'bad-count' });
  });

  it('names better and worse by the indicator, not by the arrow', () => {
    expect(directionOf('some-fall')).toBe('fall');
    expect(meaningOf('clear-rise', 'worse')).toBe('worse');
    expect(meaningOf('some-fall', 'worse')).toBe('better');
    expect(meaningOf('normal', 'worse')).toBeNull();
    expect(meaningOf('clear-rise', 'neutral')).toBeNull();
  });
});

describe('stable simulated series', () => {
  const random = new Random(20_261_122);
  it.each([
    [3, 1],
    [12, 1],
    [25, 1],
    [80, 1],
    [400, 1],
    [12, 2],
    [60, 2],
    [60, 4],
    [400, 4],
  ])('mean %d a week, dispersion %d: at most 1 %% say 明显', (mean, dispersion) => {
    const draw = () =>
      dispersion === 1 ? random.poisson(mean) : random.negativeBinomial({ mean, size: mean / (dispersion - 1) });
    const N = 10_000;
    let clear = 0;
    let last = draw();
    for (let i = 0; i < N; i++) {
      const now = draw();
      const said = verdict(last, now, dispersion);
      if (said === 'clear-rise' || said === 'clear-fall') clear++;
      last = now;
    }
    expect(clear / N).toBeLessThanOrEqual(0.01);
  });
});

it('dispersion is what keeps such a series quiet', () => {
  const random = new Random(7);
  const draw = () => random.negativeBinomial({ mean: 60, size: 20 });
  let clear = 0;
  for (let i = 0; i < 3000; i++) {
    const said = verdict(draw(), draw());
    if (said === 'clear-rise' || said === 'clear-fall') clear++;
  }
  expect(clear / 3000).toBeGreaterThan(0.1);
});

describe('comparePeriods', () => {
  const firstDay = parseIsoDate('2024-01-01');
  const flat = (days: number, n: number) => new Float64Array(days).fill(n);
  const later = { firstDay: firstDay + 7, endDay: firstDay + 14 };
  const periods = { before: previousPeriod(later), after: later };

  it('leaves out days that are still filling, and their weekdays in the week before', () => {
    const counts = flat(14, 10);
    counts[13] = 2;
    const series = { firstDay, counts, asOfDay: firstDay + 13, completeness: [0.3, 0.96, 1] };
    expect(comparePeriods(series, periods)).toMatchObject({
      fillingDays: 1,
      comparison: { kind: 'compared', before: { n: 60, days: 6 }, after: { n: 60, days: 6 }, verdict: 'normal' },
    });
  });

  it('says 数据未齐 when nothing of the week is in', () => {
    const series = { firstDay, counts: flat(14, 10), asOfDay: firstDay + 6, completeness: null };
    const { comparison } = comparePeriods(series, periods);
    expect(verdictWords(comparison).zh).toBe('数据未齐');
  });

  it('does not compare across a break, and takes an outage for missing, not for quiet', () => {
    const series = { firstDay, counts: flat(14, 10), asOfDay: firstDay + 40, completeness: null };
    const cut = { ...series, breaks: [{ day: firstDay + 7, endDay: null }] };
    expect(comparePeriods(cut, periods)).toMatchObject({ breakDay: firstDay + 7, comparison: { why: 'break' } });
    const out = { ...series, breaks: [{ day: firstDay + 8, endDay: firstDay + 10 }] };
    expect(comparePeriods(out, periods)).toMatchObject({
      missingDays: 2,
      comparison: { before: { n: 50, days: 5 }, after: { n: 50, days: 5 } },
    });
    const gone = { ...series, breaks: [{ day: firstDay + 8, endDay: firstDay + 12 }] };
    expect(comparePeriods(gone, periods).comparison).toEqual({ kind: 'not-comparable', why: 'missing-days' });
  });

  it('never takes a missing day for zero', () => {
    const counts = flat(14, 10);
    counts[3] = Number.NaN;
    const series = { firstDay, counts, asOfDay: firstDay + 40, completeness: null };
    expect(comparePeriods(series, periods).comparison).toMatchObject({ before: { n: 60, days: 6 }, after: { n: 60 } });
  });
});

describe('yearOnYear', () => {
  const week = (day: string) => ({ firstDay: parseIsoDate(day), endDay: parseIsoDate(day) + 7 });

  it('goes to the same ISO week, and knows a week 53 without one', () => {
    const last = sameWeeksLastYear(week('2024-03-11'));
    expect(last && [isoDate(last.firstDay), isoWeek(last.firstDay)]).toEqual(['2023-03-13', '2023-W11']);
    expect(isoWeek(parseIsoDate('2020-12-28'))).toBe('2020-W53');
    expect(sameWeeksLastYear(week('2020-12-28'))).toBeNull();
  });

  it('flags it when weeks and festival days do not agree', () => {
    // 2023: festival 22 January; 2024: 10 February. The quiet week moves with it.
    const firstDay = parseIsoDate('2022-12-01');
    const counts = new Float64Array(500).fill(20);
    for (const festival of ['2023-01-22', '2024-02-10'])
      for (let d = -1; d <= 6; d++) counts[parseIsoDate(festival) + d - firstDay] = 8;
    const series = { firstDay, counts, asOfDay: firstDay + 499, completeness: null };
    const found = yearOnYear(series, week('2024-02-12'), { springFestival: true });
    expect(found.byWeek.comparison).toMatchObject({ verdict: 'clear-fall' });
    expect(found.byFestival?.comparison).toMatchObject({ verdict: 'normal' });
    expect(found).toMatchObject({ disagree: true, festivalEarlierByDays: -19 });
    expect(found.note?.zh).toBe('今年春节较去年晚 19 天，两种口径结论不同');
    expect(yearOnYear(series, week('2024-02-12'), { springFestival: false }).byFestival).toBeNull();
    expect(yearOnYear(series, week('2023-12-11'), { springFestival: true })).toMatchObject({
      byFestival: null,
      disagree: false,
    });
  });
});
