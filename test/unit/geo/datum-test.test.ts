import { describe, expect, it } from 'vitest';
import { toWgs84 } from '../../../core/geo/crs.ts';
import { datumSample, pointHash } from '../../../core/geo/datum-sample.ts';
import { datumEvidence, datumVerdict, mergeDatumTallies, NO_DIVISION } from '../../../core/geo/datum-test.ts';
import { type CityFile, cityTallies, type Datum, divisionAt, divisionOrNone, NOISES } from './datum-city.ts';

const MAX_SHARE = 0.05;
const CLEAN: CityFile = {
  rows: 4000,
  noise: 'anywhere',
  declared: 'wgs84',
  written: 'wgs84',
  share: 0,
  other: 'gcj02',
  seed: 1,
};
const whole = (file: CityFile) => datumVerdict(cityTallies(file), { maxShare: MAX_SHARE }).whole;
const isStop = (verdict: string): boolean => verdict === 'mixed' || verdict === 'mislabelled';
const evidenceOf = (declared: Datum) =>
  datumEvidence({ crs: declared, declared: toWgs84(declared), divisionAt: divisionOrNone });

describe('a file in the declared datum', () => {
  it.each(['wgs84', 'gcj02', 'bd09'] as const)('fits when it is %s and says so', (datum) => {
    expect(whole({ ...CLEAN, declared: datum, written: datum })).toMatchObject({ verdict: 'fits' });
  });

  it('raises no alarm, whatever noise its own divisions have, in 1,440 simulated files', () => {
    // At a rate of 1e-3 one alarm would be usual and five would come once in 80 runs; the seeds are fixed, so this run has its own number.
    let alarms = 0;
    for (const noise of NOISES) {
      for (const rows of [50, 300, 1000]) {
        for (let seed = 0; seed < 120; seed++) {
          if (isStop(whole({ ...CLEAN, noise, rows, seed: seed * 7 + rows }).verdict)) alarms++;
        }
      }
    }
    expect(alarms).toBeLessThanOrEqual(1);
  }, 60_000);
});

describe('a handful of points', () => {
  it('stops nothing: one mistyped coordinate in a quiet month is no other datum', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { verdict, ...said } = whole({ ...CLEAN, rows: 4, written: 'bd09', seed });
      expect([isStop(verdict), seed]).toEqual([false, seed]);
      if (verdict === 'not-assessable') expect(said).toHaveProperty('why');
    }
  });
});

describe('a file in another datum', () => {
  const pairs: [Datum, Datum][] = [
    ['wgs84', 'gcj02'],
    ['wgs84', 'bd09'],
    ['gcj02', 'wgs84'],
    ['gcj02', 'bd09'],
    ['bd09', 'wgs84'],
    ['bd09', 'gcj02'],
  ];
  it.each(pairs)('declared %s, wholly %s: mislabelled, and named', (declared, written) => {
    const found = whole({ ...CLEAN, declared, written });
    expect(found).toMatchObject({ verdict: 'mislabelled', candidate: written });
    expect(found.share).toBeGreaterThan(0.9);
  });

  it.each(pairs)('declared %s, one row in five %s: mixed, the share inside its interval', (declared, other) => {
    const found = whole({ ...CLEAN, declared, written: declared, share: 0.2, other });
    expect(found).toMatchObject({ verdict: 'mixed', candidate: other });
    expect(found.low!).toBeLessThanOrEqual(0.2);
    expect(found.high!).toBeGreaterThanOrEqual(0.2);
    expect(Math.abs(found.share! - 0.2)).toBeLessThan(0.07);
  });

  it('is found at one row in ten when it has 4,000 rows, nineteen times of twenty', () => {
    let found = 0;
    for (let seed = 0; seed < 20; seed++) if (isStop(whole({ ...CLEAN, share: 0.1, seed }).verdict)) found++;
    expect(found).toBeGreaterThanOrEqual(19);
  });

  it('has its share estimated without bias beyond a fifth', () => {
    let sum = 0;
    for (let seed = 0; seed < 20; seed++) sum += whole({ ...CLEAN, share: 0.2, seed }).share!;
    expect(Math.abs(sum / 20 - 0.2)).toBeLessThan(0.04);
  });

  it('is found when axes are exchanged in some rows', () => {
    const evidence = evidenceOf('wgs84');
    for (let i = 0; i < 400; i++) {
      const lng = 120.51 + (i % 20) * 0.01;
      const lat = 31.21 + Math.floor(i / 20) * 0.01;
      const own = divisionAt(lng, lat) ?? NO_DIVISION;
      if (i % 4 === 0) evidence.add(lat, lng, own, 1);
      else evidence.add(lng, lat, own, 1);
    }
    const { whole: found } = datumVerdict(evidence.tallies(), { maxShare: MAX_SHARE });
    expect(found).toMatchObject({ verdict: 'mixed', candidate: 'swapped' });
    expect(found.share).toBeCloseTo(0.25, 2);
  });
});

describe('what cannot be told', () => {
  it('a file without own divisions', () => {
    const evidence = evidenceOf('wgs84');
    evidence.add(120.6, 31.3, NO_DIVISION, 1);
    expect(datumVerdict(evidence.tallies(), { maxShare: MAX_SHARE }).whole).toMatchObject({
      verdict: 'not-assessable',
      why: 'no-own-division',
    });
  });

  it('a file with a handful of rows', () => {
    expect(whole({ ...CLEAN, rows: 12 })).toMatchObject({ verdict: 'not-assessable', why: 'too-few-points' });
  });

  it('a file whose own divisions have nothing to do with its points', () => {
    const evidence = evidenceOf('wgs84');
    for (let i = 0; i < 2000; i++)
      evidence.add(120.5 + (i % 47) * 0.005, 31.2 + (i % 43) * 0.005, 1 + ((i * 29) % 64), 1);
    expect(datumVerdict(evidence.tallies(), { maxShare: MAX_SHARE }).whole).toMatchObject({
      verdict: 'not-assessable',
      why: 'own-division-disagrees',
    });
  });

  it('a thousand copies of one point are one witness', () => {
    const evidence = evidenceOf('wgs84');
    // Just east of a border as GCJ-02 would have it, own division west of it: what a mislabelled row looks like.
    for (let i = 0; i < 1000; i++) evidence.add(120.5305, 31.215, 1, 1);
    const { whole: found } = datumVerdict(evidence.tallies(), { maxShare: MAX_SHARE });
    expect(found.points).toBe(1);
    expect(found.rows).toBe(1000);
    expect(found.discriminating).toBeGreaterThanOrEqual(1);
    expect(isStop(found.verdict)).toBe(false);
  });
});

describe('months and files', () => {
  it('a bad month is named while the good ones fit', () => {
    const good = cityTallies(CLEAN)['24312']!;
    const bad = cityTallies({ ...CLEAN, share: 0.4, seed: 2 })['24312']!;
    const verdict = datumVerdict({ 24312: good, 24313: bad }, { maxShare: MAX_SHARE });
    expect(verdict.months['24312']).toMatchObject({ verdict: 'fits' });
    expect(verdict.months['24313']).toMatchObject({ verdict: 'mixed', candidate: 'gcj02' });
  });

  it('files merge by adding, in any order, and survive JSON', () => {
    const files = [1, 2, 3].map((seed) => cityTallies({ ...CLEAN, rows: 500, share: 0.3, seed }));
    const merged = mergeDatumTallies(files);
    expect(mergeDatumTallies([...files].reverse())).toEqual(merged);
    expect(merged['24312']!.rows).toBe(1500);
    expect(JSON.parse(JSON.stringify(merged))).toEqual(merged);
    expect(files[0]!['24312']!.rows).toBe(500);
  });
});

describe('the sample', () => {
  const points = Array.from({ length: 30_000 }, (_, i) => [120 + (i % 173) * 1e-4, 31 + i * 1e-6, i % 7] as const);
  const drawn = (order: readonly (readonly [number, number, number])[]): string[] => {
    const sample = datumSample(500);
    for (const [x, y, own] of order) sample.add(x, y, own);
    const found: string[] = [];
    sample.each((x, y, own) => found.push(`${x} ${y} ${own}`) > 0);
    return found;
  };

  it('is the same whatever the order and however often a point comes', () => {
    const once = drawn(points);
    expect(drawn([...points].reverse())).toEqual(once);
    expect(drawn([...points, ...points.slice(0, 20_000)])).toEqual(once);
    expect(once.length).toBeGreaterThan(200);
    expect(once.length).toBeLessThanOrEqual(500);
  });

  it('takes each point with the same chance', () => {
    // Of 30,000 hashes a sixteenth is 1,875 ± 42; five standard deviations either side.
    const low = points.filter(([x, y, own]) => pointHash(x, y, own) < 2 ** 28).length;
    expect(low).toBeGreaterThan(1665);
    expect(low).toBeLessThan(2085);
  });
});
