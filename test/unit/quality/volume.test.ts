import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, atMost } from '../../../core/quality/count-tail.ts';
import { assessVolume, type VolumeInput } from '../../../core/quality/volume.ts';
import { isoDate, parseIsoDate } from '../../../core/time/local-date.ts';
import { generateCity } from '../../../data/sample/generate.ts';
import { describeReal, PROFILES } from '../../golden/real/real-data.ts';
import { MONDAY, series } from './made-counts.ts';

const input = (counts: ArrayLike<number>, more: Partial<VolumeInput> = {}): VolumeInput => ({
  firstDay: MONDAY,
  counts,
  asOfDay: MONDAY + counts.length - 1,
  completeness: [1],
  fillingDays: 0,
  breaks: [],
  holidays: [],
  ...more,
});
const clean = (mean: number, seed: number, shape: number | null = null) => series({ seed, days: 728, mean, shape });
const cut = (counts: Uint32Array, from: number, to: number, keep: number) =>
  counts.map((n, t) => (t >= from && t < to ? Math.round(n * keep) : n));

describe('tails of counts', () => {
  it('add up, and agree with a direct sum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.double({ min: 0.01, max: 300, noNaN: true }),
        fc.boolean(),
        (n, mean, wide) => {
          const expected = { mean, variance: wide ? mean * 3 : mean };
          expect(atMost(n, expected) + atLeast(n + 1, expected)).toBeCloseTo(1, 9);
        },
      ),
    );
    // R: ppois(3, 10), pnbinom(3, mu = 10, size = 5)
    expect(atMost(3, { mean: 10, variance: 10 })).toBeCloseTo(0.0103360506759257, 13);
    const p = 5 / 15;
    const direct = p ** 5 * (1 + 5 * (1 - p) + 15 * (1 - p) ** 2 + 35 * (1 - p) ** 3);
    expect(atMost(3, { mean: 10, variance: 30 })).toBeCloseTo(direct, 13);
  });
});

describe('volume of a source', () => {
  it.each([
    { mean: 0.4, shape: null },
    { mean: 3, shape: null },
    { mean: 25, shape: null },
    { mean: 400, shape: null },
    { mean: 3, shape: 8 },
    { mean: 25, shape: 8 },
    { mean: 400, shape: 40 },
  ])(
    'clean days of mean $mean (day effect $shape) are called low, silent or thin in at most 1 %',
    ({ mean, shape }) => {
      let [assessed, low, thin, high] = [0, 0, 0, 0];
      for (let seed = 1; seed <= 12; seed++) {
        const { days, spans } = assessVolume(input(clean(mean, seed, shape)));
        assessed += days.filter(({ verdict }) => verdict !== 'not-assessable').length;
        low += days.filter(({ verdict }) => verdict === 'low' || verdict === 'silent').length;
        high += days.filter(({ verdict }) => verdict === 'high').length;
        for (const span of spans) if (span.kind !== 'high') thin += span.endDay - span.firstDay;
      }
      expect(assessed).toBeGreaterThan(12 * 680);
      expect(low / assessed).toBeLessThanOrEqual(0.01);
      expect(thin / assessed).toBeLessThanOrEqual(0.01);
      expect(high / assessed).toBeLessThanOrEqual(0.01);
    },
  );

  it.each([
    { mean: 2, keep: 0.05 },
    { mean: 25, keep: 0.1 },
    { mean: 400, keep: 0.07 },
  ])('a month of late rows only is one thin span, at the days where it lies (mean $mean)', ({ mean, keep }) => {
    for (let seed = 1; seed <= 8; seed++) {
      const { spans } = assessVolume(input(cut(clean(mean, seed, 40), 400, 430, keep)));
      const thin = spans.filter(({ kind }) => kind !== 'high');
      const within = thin.filter(({ firstDay, endDay }) => firstDay < MONDAY + 430 && endDay > MONDAY + 400);
      const covered = within.reduce((sum, { firstDay, endDay }) => sum + endDay - firstDay, 0);
      expect(covered).toBeGreaterThanOrEqual(mean < 5 ? 24 : 29);
      expect(covered).toBeLessThanOrEqual(mean < 5 ? 40 : 31);
    }
  });

  it('a gap is no yardstick for the weeks behind it, and the weeks behind it are not high', () => {
    const { days } = assessVolume(input(cut(clean(50, 3), 300, 370, 0)));
    expect(days.slice(371, 500).filter(({ verdict }) => verdict === 'high').length).toBeLessThanOrEqual(1);
    expect(days.slice(300, 370).every(({ verdict }) => verdict === 'silent' || verdict === 'not-assessable')).toBe(
      true,
    );
    expect(days[380]?.expected).toBeGreaterThan(20);
  });

  it('a declared break cuts the baseline of the verdicts, not the sight of a fall', () => {
    const counts = cut(clean(50, 4), 300, 728, 0.3);
    const { days, spans } = assessVolume(input(counts, { breaks: [MONDAY + 300] }));
    expect(days[303]?.why).toBe('after-break');
    expect(spans[0]).toMatchObject({ kind: 'thin', firstDay: MONDAY + 300, breakDay: MONDAY + 300 });
    const rising = assessVolume(input(cut(clean(50, 4), 0, 300, 0.5), { breaks: [MONDAY + 300] }));
    expect(rising.days.slice(300).filter(({ verdict }) => verdict === 'high').length).toBeLessThanOrEqual(4);
  });

  it('a level that stays is the new level after half a year', () => {
    const { days, spans } = assessVolume(input(cut(clean(50, 5), 200, 728, 0.3)));
    expect(days.slice(200 + 182 + 35).filter(({ verdict }) => verdict === 'normal').length).toBeGreaterThan(250);
    expect(spans.find(({ kind }) => kind === 'thin')?.endDay).toBeLessThan(MONDAY + 200 + 190);
  });

  it('a holiday is not low, silence on it is', () => {
    const holidays = [{ firstDay: MONDAY + 400, endDay: MONDAY + 408 }];
    const quiet = assessVolume(input(cut(clean(200, 6), 400, 408, 0.35), { holidays }));
    expect(quiet.days.slice(400, 408).map(({ why }) => why)).toEqual(Array(8).fill('holiday'));
    expect(quiet.spans).toEqual([]);
    expect(quiet.days[395]?.why).toBe('near-holiday');
    const dead = assessVolume(input(cut(clean(200, 6), 400, 408, 0), { holidays }));
    expect(dead.days.slice(400, 408).every(({ verdict }) => verdict === 'silent')).toBe(true);
  });

  it('days still filling are not low for that, and days without rows after the newest record are not yet', () => {
    const completeness = [0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 1];
    const full = clean(200, 7);
    const last = full.length - 4;
    const counts = full.map((n, t) => (t > last ? 0 : Math.round(n * (completeness[last - t] ?? 1))));
    const { days } = assessVolume(input(counts, { completeness, asOfDay: MONDAY + last }));
    expect(days.slice(last - 10).filter(({ verdict }) => verdict === 'low' || verdict === 'silent')).toEqual([]);
    expect(days[last]?.why).toBe('still-filling');
    expect(days[last - 4]?.verdict).toBe('normal');
    expect(days.slice(last + 1).every(({ why }) => why === 'not-yet')).toBe(true);
    const unknown = assessVolume(input(counts, { completeness: null, fillingDays: 7, asOfDay: MONDAY + last }));
    expect(unknown.days.slice(last - 6, last + 1).every(({ why }) => why === 'still-filling')).toBe(true);
  });

  it('finds the month the sample city never delivered, from the late rows of other months', {
    timeout: 120_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hexsight-volume-'));
    try {
      const out = join(folder, 'city');
      await generateCity({ incidents: 12_000, weeks: 40, seed: 11, lastDay: '2026-11-15', out });
      const truth = JSON.parse(readFileSync(`${out}-truth/truth.json`, 'utf8'));
      const month: string = truth.deliveries.missingPoliceMonth;
      const days = readdirSync(out)
        .filter((name) => /^police-.*\.ndjson\.gz$/.test(name))
        .flatMap((name) =>
          gunzipSync(readFileSync(join(out, name)))
            .toString('utf8')
            .split('\n'),
        )
        .flatMap((line) => /"(\d{4}-\d{2}-\d{2})T/.exec(line)?.[1] ?? [])
        // The city plants dates that do not exist (2025-02-30).
        .filter(
          (date) =>
            !Number.isNaN(Date.parse(`${date}T00:00:00Z`)) &&
            new Date(`${date}T00:00:00Z`).toISOString().startsWith(date),
        )
        .map((date) => parseIsoDate(date));
      const endDay = parseIsoDate('2026-11-16');
      const firstDay = endDay - 40 * 7;
      const counts = new Uint32Array(endDay - firstDay);
      for (const day of days)
        if (day >= firstDay && day < endDay) counts[day - firstDay] = (counts[day - firstDay] as number) + 1;
      const monthDays = [...counts.keys()].filter((t) => isoDate(firstDay + t).startsWith(month));
      expect(monthDays.length).toBeGreaterThan(27);
      expect(monthDays.reduce((sum, t) => sum + (counts[t] as number), 0)).toBeGreaterThan(0); // late rows dribbled in
      const { spans } = assessVolume(input(counts, { firstDay, asOfDay: endDay - 1 }));
      const covered = monthDays.filter((t) =>
        spans.some((span) => span.kind !== 'high' && firstDay + t >= span.firstDay && firstDay + t < span.endDay),
      );
      expect(covered.length).toBeGreaterThanOrEqual(monthDays.length - 3);
      const all = spans
        .filter(({ kind }) => kind !== 'high')
        .reduce((sum, span) => sum + span.endDay - span.firstDay, 0);
      expect(all).toBeLessThanOrEqual(monthDays.length + 6);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describeReal('tainan', (folder) => {
  it('2018-W05 to W13 are thin, not quiet, whether the calendar tells of the gap or not', () => {
    const text = gunzipSync(readFileSync(join(folder, 'tickets_1999_2015-04_2018-03.csv.gz'))).toString('utf8');
    const firstDay = parseIsoDate('2015-04-13');
    const counts = new Uint32Array(parseIsoDate('2018-04-02') - firstDay);
    for (const match of text.matchAll(/^[^,\n]+,(\d{4}-\d{2}-\d{2})[T ]/gm)) {
      const t = parseIsoDate(match[1] as string) - firstDay;
      counts[t] = (counts[t] as number) + 1;
    }
    expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(69_000);
    const calendar = JSON.parse(readFileSync(join(PROFILES, 'tainan/calendar.json'), 'utf8'));
    const breaks = [...new Set<string>(calendar.breaks.map(({ day }: { day: string }) => day))].map(parseIsoDate);
    for (const known of [[], breaks]) {
      const { spans } = assessVolume(input(counts, { firstDay, asOfDay: parseIsoDate('2018-03-31'), breaks: known }));
      const [from, to] = [parseIsoDate('2018-01-29'), parseIsoDate('2018-04-01')];
      let covered = 0;
      for (const { kind, firstDay: first, endDay } of spans)
        if (kind !== 'high') covered += Math.max(0, Math.min(endDay, to) - Math.max(first, from));
      expect(covered).toBeGreaterThanOrEqual(to - from - 2);
    }
  });
});
