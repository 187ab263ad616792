import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE, SOURCE_SHARES } from '../catalogue/index.ts';
import { STREAM_OF, STREAMS } from '../catalogue/streams.ts';
import type { City } from '../city.ts';
import { inflation } from '../process/rates.ts';
import { cumulative, pickIndex, type Random } from '../random.ts';
import type { Span } from '../split.ts';
import { distanceKm, drawCentre, drawFootprint, expectedAt, fieldOf, placeDrawer, placesIn } from './footprint.ts';
import { type Episode, type Plant, type Planted, type PlantKind, reservedCells } from './plant.ts';
import { drawTheme } from './theme.ts';

export const KAPPAS = [3, 5, 7, 10] as const;
const DURATIONS = [3, 7, 14, 28] as const;
const PROFILES: readonly Episode['profile'][] = ['step', 'ramp', 'epidemic'];
/** Of outbreaks, and of placebos. */
export const COUNT = 96;
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
    const episodes = drawEpisodes(city, draw, { count: COUNT, running: RUNNING, before, within: city.split.test });
    return episodes.map((episode, n) => {
      const id = `outbreak-${n + 1}`;
      const theme = drawTheme(CATALOGUE[episode.category]!.ours, draw);
      const incidents = excess(city, episode, { plant: id, theme }, draw);
      const truth = { ...describe(city, episode), theme, planned: incidents.length };
      return { kind: 'outbreak', id, incidents, episode, truth };
    });
  },
};

/**
 * Episodes apart from those before them in space or time, and out of cells whose level is moved for long. In populated places the stream is
 * expected to have 0.25 incidents at least in footprint and span; in empty ones it counts as having them.
 */
export function drawEpisodes(
  city: City,
  draw: Random,
  options: {
    readonly count: number;
    readonly running: number;
    readonly before: readonly Plant[];
    readonly within: Span;
  },
): Episode[] {
  const { firstDay, endDay } = options.within;
  const taken = episodesOf(options.before);
  const reserved = reservedCells(options.before);
  const episodes: Episode[] = [];
  for (let tries = 0; episodes.length < options.count && tries < options.count * 40; tries++) {
    const running = episodes.length < options.running;
    const days = running ? draw.pick([7, 14] as const) : draw.pick(DURATIONS);
    const onset = running
      ? endDay - days + draw.integer(3)
      : firstDay + draw.integer(Math.max(1, endDay - days - firstDay));
    if (onset < city.firstDay) continue;
    const category = pickIndex(SHARES, draw.uniform() * SHARES[SHARES.length - 1]!);
    const kappa = running ? 10 : KAPPAS[episodes.length % KAPPAS.length]!;
    const span = { firstDay: onset, endDay: Math.min(onset + days, city.endDay) };
    // Every fourth four is in an empty place, so that each κ has its share of them.
    const where = Math.floor(episodes.length / KAPPAS.length) % 4 === 3 ? 'even' : 'populated';
    const episode = drawEpisode(city, draw, { category, kappa, span, where });
    if (episode === null || episode.footprint.cells.some((cell) => reserved.has(cell))) continue;
    // In a thin city no place may be busy enough: then any will do.
    const thin = episode.where === 'populated' && episode.rawBaseline < BASELINE_FLOOR;
    if (thin && tries < options.count * 20) continue;
    if (running && episode.baseline < RUNNING_BASELINE && tries < options.count * 10) continue;
    if (taken.some((other) => tooClose(other, episode)) || episodes.some((other) => tooClose(other, episode))) continue;
    episodes.push(episode);
  }
  return episodes;
}

/** Null when nobody lives in the footprint. */
export function drawEpisode(
  city: City,
  draw: Random,
  {
    category,
    kappa,
    span,
    where,
  }: { readonly category: number; readonly kappa: number; readonly span: Span; readonly where: Episode['where'] },
): Episode | null {
  const centre = drawCentre(city, fieldOf(category), where, draw);
  const footprint = drawFootprint(city, centre, draw);
  const places = placesIn(city, footprint.cells);
  const profile = draw.pick(PROFILES);
  if (places.length === 0) return null;
  const categoryBaseline = expectedAt(city, { category, places, ...span });
  const rawBaseline = streamExpected(city, { category, places, ...span });
  const baseline = Math.max(BASELINE_FLOOR, rawBaseline);
  return { category, footprint, places, ...span, profile, where, kappa, baseline, rawBaseline, categoryBaseline };
}

/** Expected background of the whole stream an engine watches: all categories of the same source and group. */
export function streamExpected(city: City, at: Parameters<typeof expectedAt>[1]): number {
  return CATALOGUE.reduce(
    (sum, _, category) =>
      STREAM_OF[category] === STREAM_OF[at.category] ? sum + expectedAt(city, { ...at, category }) : sum,
    0,
  );
}

function tooClose(a: Episode, b: Episode): boolean {
  if (a.firstDay >= b.endDay + APART_DAYS || b.firstDay >= a.endDay + APART_DAYS) return false;
  return distanceKm(a.footprint.centre, b.footprint.centre) < APART_KM;
}

export function episodesOf(plants: readonly Plant[]): Episode[] {
  return plants.flatMap((plant) => plant.episode ?? []);
}

/** The fields of `EpisodeTruth` that are known before the simulation. */
export function describe(city: City, episode: Episode) {
  const { category: index, footprint, baseline, categoryBaseline, kappa, firstDay, endDay } = episode;
  const category = CATALOGUE[index]!;
  const expectedExcess = kappa * Math.sqrt(baseline);
  const cellDays = footprint.cells.length * (endDay - firstDay);
  const round = (value: number, digits: number): number => Number(value.toFixed(digits));
  return {
    source: category.source,
    category: category.ours,
    sourceCategory: category.key,
    stream: STREAMS[STREAM_OF[index]!]!,
    shape: footprint.shape,
    where: episode.where,
    centre: footprint.centre,
    cells: footprint.cells,
    firstDay: isoDate(firstDay),
    endDay: isoDate(endDay),
    onsetOnFreeDay: city.calendar[firstDay - city.firstDay]?.working === false,
    profile: episode.profile,
    kappa,
    baseline: round(baseline, 3),
    baselinePerCellDay: round(baseline / cellDays, 5),
    categoryBaseline: round(categoryBaseline, 4),
    expectedExcess: round(expectedExcess, 2),
    relativeRisk: round(1 + expectedExcess / baseline, 2),
  };
}

export function excess(
  city: City,
  episode: Episode,
  { plant, theme }: { readonly plant: string; readonly theme: string | null },
  draw: Random,
): Planted[] {
  const place = placeDrawer(city, episode.category, episode.places, draw);
  const mean = firstReports(episode);
  let count = 0;
  // An outbreak without a single incident would be a placebo: such a draw is drawn again.
  while (count === 0) count = draw.poisson(mean);
  const days = episode.endDay - episode.firstDay;
  return Array.from({ length: count }, () => ({
    day: episode.firstDay + Math.min(days - 1, Math.floor(days * along(episode.profile, draw))),
    category: episode.category,
    place: place(),
    plant,
    ...(theme === null ? {} : { theme }),
  }));
}

/** Repeats and followers come on top: so many first events have `kappa × √baseline` incidents as their mean. */
function firstReports({ kappa, baseline, category }: Episode): number {
  return (kappa * Math.sqrt(baseline)) / inflation(CATALOGUE[category]!);
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
