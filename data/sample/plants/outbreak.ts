import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE, SOURCE_SHARES } from '../catalogue/index.ts';
import type { City } from '../city.ts';
import { cumulative, pickIndex, type Random } from '../random.ts';
import { distanceKm, drawCentre, drawFootprint, expectedAt, fieldOf, placeDrawer, placesIn } from './footprint.ts';
import type { Episode, Plant, Planted, PlantKind } from './plant.ts';

export const KAPPAS = [3, 5, 7, 10] as const;
const DURATIONS = [3, 7, 14, 28] as const;
const PROFILES: readonly Episode['profile'][] = ['step', 'ramp', 'epidemic'];
const COUNT = 48;
/** Of them still running on the last day, so that the newest snapshot has something to say. */
const RUNNING = 4;
const RUNNING_BASELINE = 1.5;
const BASELINE_FLOOR = 0.25;
const APART_KM = 5;
const APART_DAYS = 10;
/** Frequent categories break out more often; each source by its share of the incidents. */
const SHARES = cumulative(CATALOGUE.map(({ source, share }) => share * SOURCE_SHARES[source]));

/** Outbreaks of the test year, sized by detectability: excess = κ √baseline (METHODS.md part 2 section 2). */
export const outbreaks: PlantKind = {
  kind: 'outbreak',
  plan: (city, draw, before) => {
    const episodes = drawEpisodes(city, draw, { count: COUNT, running: RUNNING, taken: episodesOf(before) });
    return episodes.map((episode, n) => {
      const id = `outbreak-${n + 1}`;
      const incidents = excess(city, episode, id, draw);
      return { kind: 'outbreak', id, incidents, episode, truth: { ...describe(episode), planned: incidents.length } };
    });
  },
};

/** Test days: the last third of the window; the first two thirds stay clean for training and calibration. */
export function testDays(city: City): { firstDay: number; endDay: number } {
  return { firstDay: city.firstDay + Math.floor(((city.endDay - city.firstDay) * 2) / 3), endDay: city.endDay };
}

export function drawEpisodes(
  city: City,
  draw: Random,
  options: { count: number; running: number; taken: readonly Episode[]; within?: { firstDay: number; endDay: number } },
): Episode[] {
  const { firstDay, endDay } = options.within ?? testDays(city);
  const episodes: Episode[] = [];
  for (let tries = 0; episodes.length < options.count && tries < options.count * 40; tries++) {
    const running = episodes.length < options.running;
    const days = running ? draw.pick([7, 14] as const) : draw.pick(DURATIONS);
    const onset = running
      ? endDay - days + draw.integer(3)
      : firstDay + draw.integer(Math.max(1, endDay - days - firstDay));
    if (onset < city.firstDay) continue;
    const category = pickIndex(SHARES, draw.uniform() * SHARES[SHARES.length - 1]!);
    const centre = drawCentre(city, fieldOf(category), draw.uniform() < 0.75 ? 'populated' : 'even', draw);
    const footprint = drawFootprint(city, centre, draw);
    const places = placesIn(city, footprint.cells);
    const span = { firstDay: onset, endDay: Math.min(onset + days, city.endDay) };
    const kappa = running ? 10 : KAPPAS[episodes.length % KAPPAS.length]!;
    if (places.length === 0) continue;
    const baseline = Math.max(BASELINE_FLOOR, streamExpected(city, { category, places, ...span }));
    // In a thin city no place may be busy enough: then any will do.
    if (running && baseline < RUNNING_BASELINE && tries < options.count * 10) continue;
    const episode: Episode = { category, footprint, places, ...span, profile: draw.pick(PROFILES), kappa, baseline };
    if ([...options.taken, ...episodes].some((other) => tooClose(other, episode))) continue;
    episodes.push(episode);
  }
  return episodes;
}

/** Expected background of the whole stream an engine watches: all categories of the same source and group. */
function streamExpected(city: City, at: Parameters<typeof expectedAt>[1]): number {
  const { source, ours } = CATALOGUE[at.category]!;
  const group = ours.split('.')[0];
  return CATALOGUE.reduce((sum, other, category) => {
    const same = other.source === source && other.ours.split('.')[0] === group;
    return same ? sum + expectedAt(city, { ...at, category }) : sum;
  }, 0);
}

function tooClose(a: Episode, b: Episode): boolean {
  if (a.firstDay >= b.endDay + APART_DAYS || b.firstDay >= a.endDay + APART_DAYS) return false;
  return distanceKm(a.footprint.centre, b.footprint.centre) < APART_KM;
}

export function episodesOf(plants: readonly Plant[]): Episode[] {
  return plants.flatMap((plant) => plant.episode ?? []);
}

export function describe(episode: Episode): Record<string, unknown> {
  const category = CATALOGUE[episode.category]!;
  const expectedExcess = episode.kappa * Math.sqrt(episode.baseline);
  return {
    source: category.source,
    category: category.ours,
    sourceCategory: category.key,
    stream: `${category.source}/${category.ours.split('.')[0]}`,
    shape: episode.footprint.shape,
    centre: episode.footprint.centre,
    cells: episode.footprint.cells,
    firstDay: isoDate(episode.firstDay),
    endDay: isoDate(episode.endDay),
    profile: episode.profile,
    kappa: episode.kappa,
    baseline: Number(episode.baseline.toFixed(3)),
    expectedExcess: Number(expectedExcess.toFixed(2)),
    relativeRisk: Number((1 + expectedExcess / episode.baseline).toFixed(2)),
  };
}

export function excess(city: City, episode: Episode, plant: string, draw: Random): Planted[] {
  const place = placeDrawer(city, episode.category, episode.places, draw);
  const count = draw.poisson(episode.kappa * Math.sqrt(episode.baseline));
  const days = episode.endDay - episode.firstDay;
  return Array.from({ length: count }, () => ({
    day: episode.firstDay + Math.min(days - 1, Math.floor(days * along(episode.profile, draw))),
    category: episode.category,
    place: place(),
    plant,
  }));
}

/** Position in the episode, 0..1: even, rising linearly, or a log-normal epidemic curve. */
function along(profile: Episode['profile'], draw: Random): number {
  switch (profile) {
    case 'step':
      return draw.uniform();
    case 'ramp':
      return Math.sqrt(draw.uniform());
    case 'epidemic':
      for (;;) {
        const t = 0.3 * Math.exp(0.5 * draw.normal());
        if (t < 1) return t;
      }
    default:
      return profile satisfies never;
  }
}
