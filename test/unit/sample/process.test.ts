import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../data/sample/catalogue/index.ts';
import { STREAM_OF, STREAMS } from '../../../data/sample/catalogue/streams.ts';
import { type City, makeCity } from '../../../data/sample/city.ts';
import { desk } from '../../../data/sample/feeds/delivery.ts';
import type { Report } from '../../../data/sample/feeds/report.ts';
import { latticeSite } from '../../../data/sample/geography/field.ts';
import { planPlants } from '../../../data/sample/plants/index.ts';
import type { Plant } from '../../../data/sample/plants/plant.ts';
import { dayEffect } from '../../../data/sample/process/day-effect.ts';
import { drift } from '../../../data/sample/process/drift.ts';
import { tallyEpisodes } from '../../../data/sample/process/realised.ts';
import { type Incident, simulate } from '../../../data/sample/process/simulate.ts';
import { WEATHER_FACTORS } from '../../../data/sample/process/weather.ts';

const OPTIONS = { incidents: 30_000, weeks: 78, seed: 5, lastDay: '2026-11-15', out: '' };
const TIMEOUT_MS = 300_000;

let city: City;
let plants: Plant[];
/** Expectation per category and day before anything is planted. */
let calm: Float64Array[];
let tally: ReturnType<typeof tallyEpisodes>;
const incidents: Incident[] = [];
const reports: Report[] = [];

beforeAll(() => {
  city = makeCity(OPTIONS);
  calm = city.expected.map((days) => days.slice());
  plants = planPlants(city);
  tally = tallyEpisodes(plants);
  const office = desk(city, plants);
  for (const { day, incidents: today } of simulate(city, plants)) {
    tally.take(today);
    incidents.push(...today);
    office.take(today);
    reports.push(...office.due(day));
  }
}, TIMEOUT_MS);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const ofKind = (kind: string): Plant[] => plants.filter((plant) => plant.kind === kind);
const sourceOf = ({ category }: { readonly category: number }): string => CATALOGUE[category]!.source;
const share = <T>(list: readonly T[], test: (item: T) => boolean): number => list.filter(test).length / list.length;

describe('the latent drift', () => {
  it('has sd 0.2, an autocorrelation of 0.95 a day, and falls off with distance', () => {
    const site = (km: number) => latticeSite(120.62 + km / 95.1, 31.311);
    const latent = drift(3, 'noise', [site(0), site(0.5), site(6)]);
    const series: number[][] = [[], [], []];
    for (let day = 0; day < 20_000; day++) {
      latent.step();
      for (const [i, values] of series.entries()) values.push(Math.log(latent.factor[i]!));
    }
    const [here, near, far] = series as [number[], number[], number[]];
    expect(Math.sqrt(correlation(here, here).covariance)).toBeCloseTo(0.2, 1);
    expect(Math.abs(correlation(here.slice(1), here.slice(0, -1)).r - 0.95)).toBeLessThan(0.01);
    expect(correlation(here, near).r).toBeGreaterThan(0.5);
    expect(Math.abs(correlation(here, far).r)).toBeLessThan(0.2);
  });
});

describe('the day effect', () => {
  it('has mean 1 and a CV of 13 % in every stream, one for all categories of the stream', () => {
    const effect = dayEffect(2);
    const days: number[][] = STREAMS.map(() => []);
    for (let day = 0; day < 4000; day++) {
      effect.step();
      for (const [s, values] of days.entries()) values.push(effect.factor[s]!);
    }
    for (const values of days) {
      expect(Math.abs(mean(values) - 1)).toBeLessThan(0.01);
      expect(Math.abs(Math.sqrt(correlation(values, values).covariance) - 1 / Math.sqrt(60))).toBeLessThan(0.01);
    }
    expect(Math.abs(correlation(days[0]!, days[1]!).r)).toBeLessThan(0.06);
  });
});

describe('the weather', () => {
  it('moves several streams on the same days, and the city a few dozen days a year', () => {
    const days = city.weather.filter((kind) => kind !== null).length / (OPTIONS.weeks / 52);
    expect(days).toBeGreaterThan(25);
    expect(days).toBeLessThan(110);
    const moved = new Set([...WEATHER_FACTORS.rain].flatMap((factor, c) => (factor === 1 ? [] : [STREAM_OF[c]!])));
    expect(moved.size).toBeGreaterThan(6);
  });
});

describe('the reports', () => {
  const delays = (list: readonly Report[]): number[] =>
    list.map(({ occurred, reported }) => reported.day - occurred.day);
  const isWithin = (community: number, report: Report): boolean =>
    city.places.community[report.incident.place] === community;
  const late = (): number[] => ofKind('under-reporting').flatMap((plant) => [...plant.thinning!.communities]);

  it('of the hotline come on the same day in 55 of 100, by the ninth day or the next working day all', () => {
    const hotline = reports.filter(
      (report) =>
        report.source === 'hotline' &&
        // What is still under way at the end of the window is not here: the last weeks would count as too quick.
        report.occurred.day < city.endDay - 30 &&
        !report.incident.plant &&
        !late().some((community) => isWithin(community, report)),
    );
    const lags = delays(hotline);
    expect(Math.abs(share(lags, (lag) => lag === 0) - 0.55)).toBeLessThan(0.015);
    expect(share(lags, (lag) => lag <= 2)).toBeGreaterThan(0.75);
    expect(share(lags, (lag) => lag <= 2)).toBeLessThan(0.86);
    expect(Math.max(...lags)).toBeLessThan(9 + 10);
  });

  it('that are told later wait for a working day, calls of the police do not', () => {
    const free = ({ reported }: Report): boolean => !city.calendar[reported.day - city.firstDay]!.working;
    const later = reports.filter(({ occurred, reported }) => reported.day > occurred.day);
    expect(later.filter((report) => report.source === 'hotline').filter(free)).toEqual([]);
    expect(
      share(
        later.filter((report) => report.source === 'police'),
        free,
      ),
    ).toBeGreaterThan(0.15);
  });

  it('of a recurring problem are closed before the next one', () => {
    for (const plant of ofKind('recurring')) {
      const own = reports.filter((report) => report.incident.plant === plant.id);
      const planned = new Set(plant.incidents!.map(({ day }) => day));
      const days = own
        .filter(({ occurred }) => planned.has(occurred.day))
        .sort((a, b) => a.occurred.day - b.occurred.day);
      expect(days.length).toBeGreaterThan(4);
      for (const { closed, occurred } of days) {
        const next = plant.incidents!.find(({ day }) => day > occurred.day);
        if (next) expect(closed.day).toBeLessThan(next.day);
      }
    }
  });

  it('repeat another ticket in 8 of 100, within 72 hours', () => {
    const spots = new Map<string, number>();
    let repeats = 0;
    const hotline = incidents.filter((incident) => sourceOf(incident) === 'hotline' && incident.plant === null);
    for (const { category, lng, lat, day, minute } of hotline) {
      const key = `${category}/${lng}/${lat}`;
      const now = day * 1440 + minute;
      const before = spots.get(key);
      if (before !== undefined && Math.abs(now - before) <= 72 * 60) repeats++;
      spots.set(key, before === undefined ? now : Math.max(before, now));
    }
    // Popular addresses meet by chance too, a little.
    expect(repeats / hotline.length).toBeGreaterThan(0.07);
    expect(repeats / hotline.length).toBeLessThan(0.11);
  });

  it('are misplaced by 200 m and more in about 8 of 100', () => {
    const hotline = reports.filter(({ source }) => source === 'hotline');
    const off = share(hotline, ({ lng, lat, incident }) => lng !== incident.lng || lat !== incident.lat);
    expect(Math.abs(off - 0.08)).toBeLessThan(0.012);
  });

  it('bounce between offices in a fortieth, and in a quarter where no office owns the class; never to the office that refused', () => {
    const hotline = reports.filter(({ source, dirt }) => source === 'hotline' && dirt === null);
    const classes = new Set(ofKind('ownerless-class').map(({ truth }) => truth.category));
    const nobodys = hotline.filter(({ incident }) => classes.has(CATALOGUE[incident.category]!.ours));
    const others = hotline.filter(({ incident }) => !classes.has(CATALOGUE[incident.category]!.ours));
    expect(Math.abs(share(nobodys, ({ bounces }) => bounces.length > 0) - 0.25)).toBeLessThan(0.05);
    expect(Math.abs(share(others, ({ bounces }) => bounces.length > 0) - 0.02)).toBeLessThan(0.006);
    for (const { bounces, office, reported, closed } of hotline) {
      let from = { to: office, day: reported.day };
      for (const bounce of bounces) {
        expect(bounce.to).not.toBe(from.to);
        expect(bounce.day).toBeGreaterThan(from.day);
        from = bounce;
      }
      expect(closed.day).toBeGreaterThanOrEqual(from.day);
    }
  });
});

describe('the contamination', () => {
  it('has an outage of ten days in the calibration third, in which one district says nothing to the hotline', () => {
    const [outage] = ofKind('outage');
    const { communities, firstDay, endDay } = outage!.thinning!;
    expect(endDay - firstDay).toBe(10);
    expect(firstDay).toBeGreaterThanOrEqual(city.split.calibration.firstDay);
    expect(endDay).toBeLessThanOrEqual(city.split.calibration.endDay);
    const here = incidents.filter(({ place }) => communities.has(city.places.community[place]!));
    const during = here.filter(({ day }) => day >= firstDay && day < endDay);
    expect(during.filter((incident) => sourceOf(incident) === 'hotline')).toEqual([]);
    expect(here.filter(({ day }) => day >= firstDay - 10 && day < firstDay).length).toBeGreaterThan(0);
  });

  it('has about 1.5 bumps a stream and month of training, and none in the test days', () => {
    const episodes = ofKind('bump').map(({ episode }) => episode!);
    const { training, test } = city.split;
    const trained = episodes.filter(({ firstDay }) => firstDay < training.endDay).length;
    const months = (training.endDay - training.firstDay) / 30.4;
    expect(Math.abs(trained / (1.5 * months * STREAMS.length) - 1)).toBeLessThan(0.25);
    expect(episodes.every(({ endDay }) => endDay <= test.firstDay)).toBe(true);
  });

  it('recodes one category', () => {
    expect(ofKind('recoding').length).toBeLessThanOrEqual(1);
    expect(CATALOGUE.filter(({ renamed }) => renamed)).toHaveLength(1);
  });
});

describe('the plants', () => {
  it('are sized by κ: excess and background come out as expected, each κ as often', () => {
    const outbreaks = ofKind('outbreak');
    expect(outbreaks.length).toBeGreaterThan(60);
    let expected = 0;
    let excess = 0;
    for (const { id, episode } of outbreaks) {
      expected += episode!.kappa * Math.sqrt(episode!.baseline);
      excess += tally.of.get(id)!.excess;
      expect(episode!.firstDay).toBeGreaterThanOrEqual(city.split.test.firstDay);
    }
    // Draws of nothing are drawn again, which adds a little in a city as thin as this one.
    expect(excess / expected).toBeGreaterThan(0.85);
    expect(excess / expected).toBeLessThan(1.3);
    for (const kappa of [3, 5, 7, 10]) {
      expect(share(outbreaks, ({ episode }) => episode!.kappa === kappa)).toBeGreaterThan(0.2);
    }
  });

  it('have placebos drawn alike, with no excess and the background of their place', () => {
    const placebos = ofKind('placebo');
    const sums = placebos.map(({ id }) => tally.of.get(id)!);
    expect(placebos.length).toBe(ofKind('outbreak').length);
    expect(sums.every(({ excess }) => excess === 0)).toBe(true);
    const expected = placebos.reduce((sum, { episode }) => sum + episode!.rawBaseline, 0);
    const background = sums.reduce((sum, one) => sum + one.background, 0);
    expect(Math.abs(background - expected)).toBeLessThan(4 * Math.sqrt(expected) + 0.25 * expected);
  });

  it('keep their distance: no two episodes of the test days share a cell within ten days', () => {
    const episodes = [...ofKind('outbreak'), ...ofKind('placebo')].map(({ episode }) => episode!);
    const reserved = new Set(plants.flatMap((plant) => plant.reserves ?? []));
    for (const [i, a] of episodes.entries()) {
      expect(a.footprint.cells.filter((cell) => reserved.has(cell))).toEqual([]);
      for (const b of episodes.slice(i + 1)) {
        if (a.firstDay >= b.endDay + 10 || b.firstDay >= a.endDay + 10) continue;
        expect(a.footprint.cells.filter((cell) => b.footprint.cells.includes(cell))).toEqual([]);
      }
    }
  });

  it('share a theme in about half of the outbreaks, and only there', () => {
    const themed = share(ofKind('outbreak'), ({ truth }) => truth.theme !== null);
    expect(Math.abs(themed - 0.5)).toBeLessThan(0.2);
    for (const { id, truth } of ofKind('outbreak')) {
      const own = incidents.filter(({ plant }) => plant === id);
      expect(own.every(({ theme }) => theme === truth.theme)).toBe(true);
    }
    expect(incidents.filter(({ plant, theme }) => theme !== null && !plant?.startsWith('outbreak-'))).toEqual([]);
  });

  it('tell silence from quiet: thinned reports leave calls alone and come late, quiet places have fewer of all', () => {
    const count = (kind: string, source: string): number => {
      const here = new Set(ofKind(kind).flatMap((plant) => [...plant.thinning!.communities]));
      const found = incidents.filter(
        (incident) =>
          here.has(city.places.community[incident.place]!) && sourceOf(incident) === source && !incident.plant,
      ).length;
      return found / expectedIn(here, source);
    };
    expect(Math.abs(count('under-reporting', 'hotline') - 0.35)).toBeLessThan(0.1);
    expect(Math.abs(count('under-reporting', 'police') - 1)).toBeLessThan(0.35);
    expect(Math.abs(count('quiet-place', 'hotline') - 0.35)).toBeLessThan(0.1);
    expect(Math.abs(count('quiet-place', 'police') - 0.35)).toBeLessThan(0.2);
  });
});

describe('the controls', () => {
  const daily = (from: number, to: number, test: (incident: Incident) => boolean): number =>
    incidents.filter((incident) => incident.day >= from && incident.day < to && test(incident)).length / (to - from);

  it('storm: three days of 40 % more than the calendar, season and weather expect, disputes untouched', () => {
    expect(ofKind('storm')).toHaveLength(2);
    for (const { truth } of ofKind('storm')) {
      const day = Math.round(Date.parse(`${truth.firstDay}T00:00:00Z`) / 86_400_000) - city.firstDay;
      for (const [c, { source }] of CATALOGUE.entries()) {
        const factors = [-1, 0, 1, 2, 3].map((i) => city.expected[c]![day + i]! / calm[c]![day + i]!);
        const channel = factors[0]!;
        const rise = source === 'dispute' ? 1 : 1.4;
        expect(factors.slice(1, 4).every((factor) => Math.abs(factor / channel - rise) < 1e-9)).toBe(true);
        expect(factors[4]! / channel).toBeCloseTo(1, 9);
      }
    }
  });

  it('level shift: from its day on, in its stream and division alone', () => {
    for (const { id, truth } of ofKind('level-shift')) {
      const own = incidents.filter(({ plant }) => plant === id);
      expect(own.length).toBeGreaterThan(5);
      const cells = new Set(truth.cells as string[]);
      expect(own.every(({ place }) => cells.has(city.places.cells[place]!))).toBe(true);
      expect(own.every(({ category }) => STREAMS[STREAM_OF[category]!] === truth.stream)).toBe(true);
    }
  });

  it('new estate: more in its second half than in its first', () => {
    const ids = new Set(ofKind('new-estate').map(({ id }) => id));
    const first = city.endDay - 7 * 26;
    const middle = city.endDay - 7 * 13;
    const own = ({ plant }: Incident): boolean => plant !== null && ids.has(plant);
    expect(daily(middle, city.endDay, own)).toBeGreaterThan(1.3 * daily(first, middle, own));
  });

  it('festivals: the spring festivals of the window are named', () => {
    const spring = ofKind('festival').filter(({ truth }) => truth.name === 'spring-festival');
    expect(spring.length).toBe(1);
  });
});

/** Expected background of a source in communities. */
function expectedIn(communities: ReadonlySet<number>, source: string): number {
  let sum = 0;
  for (const [c, category] of CATALOGUE.entries()) {
    if (category.source !== source) continue;
    const field = ['home', 'street', 'night', 'work', 'site'].indexOf(category.field);
    const weights = city.places.communityWeight[field]!;
    const here = [...communities].reduce((total, community) => total + weights[community]!, 0);
    const repeats = source === 'hotline' ? 1.087 : 1 / (1 - (category.nearRepeat ?? 0));
    sum +=
      (repeats * mean([...city.expected[c]!]) * city.expected[c]!.length * here) / weights.reduce((a, b) => a + b, 0);
  }
  return sum;
}

function correlation(a: readonly number[], b: readonly number[]): { r: number; covariance: number } {
  const [ma, mb] = [mean(a), mean(b)];
  const of = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  const covariance = of(a, ma, b, mb);
  return { r: covariance / Math.sqrt(of(a, ma, a, ma) * of(b, mb, b, mb)), covariance };
}
