import { describe, expect, it } from 'vitest';
import { Coverage } from '../../../core/contract/coverage.ts';
import { type CoverageReportInput, coverageReport } from '../../../pipelines/steps/coverage.ts';
import { MONDAY, series } from '../quality/made-counts.ts';

const WEEKS = 156;
const DAYS = WEEKS * 7;
const DIVISIONS = Array.from({ length: 40 }, (_, i) => 3 + 50 * i);
const UNLOCATED = 0xffffffff;

/** Three years, 40 divisions, 3 sources, aggregates of 10 million rows; the second source lacks a month and its delay. */
function city(): CoverageReportInput {
  const rows: number[][] = [];
  for (const source of [0, 1, 2])
    [...DIVISIONS, UNLOCATED].forEach((division, i) => {
      const mean = [160, 40, 5][source] as number;
      series({ seed: 31 * source + i + 1, days: DAYS, mean, shape: 40 }).forEach((n, day) => {
        if (n > 0 && !(source === 1 && day >= 400 && day < 430)) rows.push([source, division, MONDAY + day, n]);
      });
    });
  const delays = [0, 2].flatMap((source) =>
    Array.from({ length: DAYS }, (_, day) => day).flatMap((day) =>
      [70, 20, 8, 2].flatMap((n, delay) => (day + delay < DAYS ? [[source, MONDAY + day, delay, n]] : [])),
    ),
  );
  const column = (from: readonly number[][], i: number) => Float64Array.from(from, (row) => row[i] as number);
  return {
    window: { firstDay: MONDAY, endDay: MONDAY + DAYS },
    weeks: Array.from({ length: WEEKS }, (_, w) => ({ firstDay: MONDAY + 7 * w })),
    divisions: DIVISIONS,
    sources: ['hotline', 'police', 'dispute'].map((key, i) => ({
      key,
      cadenceDays: i === 2 ? 7 : 1,
      asOfMinute: (MONDAY + DAYS) * 1440 - 1,
    })),
    calendar: { breaks: [{ day: MONDAY + 700, source: 'hotline' }], holidays: [] },
    dailyCounts: { source: column(rows, 0), division: column(rows, 1), day: column(rows, 2), n: column(rows, 3) },
    delayCounts: {
      source: column(delays, 0),
      occurredDay: column(delays, 1),
      delayDays: column(delays, 2),
      n: column(delays, 3),
    },
  };
}

describe('coverage.json', () => {
  const input = city();
  const report = coverageReport(input);
  const police = report.sources[1] as Coverage['sources'][number];

  it('keeps its contract, within the size of a small document', () => {
    const text = JSON.stringify(report);
    expect(Coverage.parse(JSON.parse(text))).toEqual(report);
    expect(text.length).toBeLessThan(200_000);
    expect(report.sources.map(({ states }) => states.length)).toEqual([41, 41, 41]);
  });

  it('says what is learned and what is not', () => {
    expect(report.sources[0]?.delay).toMatchObject({ kind: 'learned', daysTo95: 2 });
    expect(police.delay).toEqual({ kind: 'not-assessable', why: 'no-first-seen', rowsUsed: 0 });
    expect(police.fillingDays).toBe(1);
    expect(report.nowDay).toBe(MONDAY + DAYS - 1);
    expect(report.sources.map(({ freshness }) => freshness.verdict)).toEqual(['fresh', 'fresh', 'fresh']);
    expect(police.recent).toHaveLength(28);
  });

  it('shows the lacking month of one source in every division, and only there', () => {
    expect(police.spans.find(({ kind }) => kind === 'silent')).toMatchObject({
      firstDay: MONDAY + 400,
      endDay: MONDAY + 430,
      n: 0,
    });
    for (const row of police.states) expect(row.slice(57, 62)).toBe('tmmmt');
    expect(report.sources[0]?.states[0]).toMatch(/^d+$/);
  });

  it('does not depend on the order of the counts', () => {
    const turned = (columns: CoverageReportInput['dailyCounts']) =>
      Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(values).reverse()]));
    const shuffled = {
      ...input,
      dailyCounts: turned(input.dailyCounts),
      delayCounts: turned(input.delayCounts as never),
    };
    expect(JSON.stringify(coverageReport(shuffled as never))).toBe(JSON.stringify(report));
  });

  it('a source without a row is silent and before-first, and no rows at all make a report too', () => {
    const none = { source: [], division: [], day: [], n: [] };
    const empty = coverageReport({
      ...input,
      dailyCounts: none,
      delayCounts: { source: [], occurredDay: [], delayDays: [], n: [] },
      sources: input.sources.map((source) => ({ ...source, asOfMinute: null })),
    });
    expect(empty.nowDay).toBeNull();
    for (const { states, freshness } of empty.sources) {
      expect(freshness.verdict).toBe('silent');
      for (const row of states) expect(row).toMatch(/^b+$/);
    }
  });

  it('refuses a matrix whose rows do not fit', () => {
    const short = { ...report, weeks: WEEKS + 1 };
    expect(Coverage.safeParse(short).success).toBe(false);
    expect(Coverage.safeParse({ ...report, divisions: [1] }).success).toBe(false);
  });
});
