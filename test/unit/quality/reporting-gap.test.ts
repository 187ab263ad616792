import { describe, expect, it } from 'vitest';
import { type ReportingCounts, reportingGaps } from '../../../core/quality/reporting-gap.ts';
import { Random } from '../../../core/stats/random.ts';

const OPTIONS = { leastExpected: 20, leastOther: 5, alpha: 0.01, mostShare: 0.7 };
const PLACES = 400;

/** Hotline and police of 400 places in 20 areas; of place i the hotline keeps `keep` and a share `late` of it comes late, all sources keep `quiet`. */
function city(
  seed: number,
  at: (place: number) => { readonly keep?: number; readonly late?: number; readonly quiet?: number },
  spread = 0.15,
): ReportingCounts {
  const random = new Random(seed);
  const column = () => new Float64Array(PLACES);
  const [own, all, timed, late] = [column(), column(), column(), column()];
  for (let i = 0; i < PLACES; i++) {
    const { keep = 1, late: slow = 0.25, quiet = 1 } = at(i);
    const size = 40 * Math.exp(random.normal() * 0.5) * quiet;
    const police = random.poisson(size);
    // Places differ in how much of what they have goes to the hotline.
    const slowReports = random.poisson(3 * size * keep * slow * Math.exp(random.normal() * spread));
    const soonReports = random.poisson(3 * size * keep * (1 - slow) * Math.exp(random.normal() * spread));
    own[i] = slowReports + soonReports;
    timed[i] = slowReports + soonReports;
    late[i] = slowReports;
    all[i] = slowReports + soonReports + police;
  }
  return { own, all, timed, late, area: Int32Array.from({ length: PLACES }, (_, i) => Math.floor(i / 20)) };
}
const told = (counts: ReportingCounts): number[] =>
  (reportingGaps(counts, OPTIONS)?.gaps ?? []).map(({ place }) => place).sort((a, b) => a - b);

describe('places that report too little', () => {
  it('tells those of which a source hears a third, late; not the truly quiet ones', () => {
    const planted = [5, 90, 210];
    const quiet = [40, 130, 300];
    let [found, wrong, calm] = [0, 0, 0];
    for (let seed = 1; seed <= 5; seed++) {
      const places = told(
        city(seed, (i) => (planted.includes(i) ? { keep: 0.35, late: 0.6 } : quiet.includes(i) ? { quiet: 0.35 } : {})),
      );
      found += places.filter((place) => planted.includes(place)).length;
      calm += places.filter((place) => quiet.includes(place)).length;
      wrong += places.filter((place) => !planted.includes(place) && !quiet.includes(place)).length;
    }
    expect(found).toBeGreaterThanOrEqual(14);
    expect(calm).toBe(0);
    expect(wrong).toBeLessThanOrEqual(1);
  });

  it('tells nothing where nothing is planted, however far places differ', () => {
    let wrong = 0;
    for (let seed = 1; seed <= 10; seed++) wrong += told(city(seed, () => ({}), 0.4)).length;
    expect(wrong).toBeLessThanOrEqual(2);
  });

  it('says what was expected: the other sources times what the source has for each of theirs around', () => {
    const even = {
      own: new Float64Array(30).fill(90),
      all: new Float64Array(30).fill(120),
      timed: new Float64Array(30).fill(90),
      late: new Float64Array(30).fill(9),
      area: new Int32Array(30),
    };
    even.own[3] = 20;
    even.all[3] = 50;
    even.timed[3] = 20;
    even.late[3] = 15;
    const found = reportingGaps(even, OPTIONS);
    expect(found?.gaps).toHaveLength(1);
    expect(found?.gaps[0]).toMatchObject({ place: 3, observed: 20, expected: 90, lateShare: 0.75, lateAround: 0.1 });
    expect(found?.compared).toBe(30);
  });

  it('judges a source without delays by its number, and says that none is known', () => {
    const counts = city(2, (i) => (i === 7 ? { keep: 0.2 } : {}));
    const found = reportingGaps({ ...counts, timed: counts.timed.fill(0), late: counts.late.fill(0) }, OPTIONS);
    expect(found?.gaps.map(({ place, lateShare, lateAround }) => [place, lateShare, lateAround])).toEqual([
      [7, null, null],
    ]);
  });

  it('compares nothing with one source only, or with too few places', () => {
    const counts = city(1, () => ({}));
    expect(reportingGaps({ ...counts, all: counts.own }, OPTIONS)).toBeNull();
    const few = Object.fromEntries(Object.entries(counts).map(([name, values]) => [name, values.slice(0, 10)]));
    expect(reportingGaps(few as unknown as ReportingCounts, OPTIONS)).toBeNull();
  });
});
