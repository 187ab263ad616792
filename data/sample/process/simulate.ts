import { CATALOGUE } from '../catalogue/index.ts';
import { STREAM_OF } from '../catalogue/streams.ts';
import { HOURS } from '../catalogue/types.ts';
import type { City } from '../city.ts';
import { FIELDS, JITTER_MARGIN_M } from '../geography/places.ts';
import { KM_PER_DEG_LAT, KM_PER_DEG_LNG, round6 } from '../geography/projection.ts';
import type { Plant, Planted } from '../plants/plant.ts';
import { cumulative, pickIndex, type Random, random } from '../random.ts';
import { dayEffect } from './day-effect.ts';
import { drift } from './drift.ts';
import { REPEAT_PROBABILITY, REPEATS_MEAN } from './rates.ts';
import { thinner } from './thinning.ts';

/** One thing that happened. Positions WGS 84, six decimals. */
export interface Incident {
  /** Days since 1970-01-01 in the city's zone. */
  readonly day: number;
  readonly minute: number;
  /** Index into `CATALOGUE`. */
  readonly category: number;
  readonly lng: number;
  readonly lat: number;
  /** Address it happened at, as an index into `Places`. */
  readonly place: number;
  /** Id of the plant that put it here; null = background. */
  readonly plant: string | null;
  /** Words of a planted theme; null = the usual words of the category. */
  readonly theme: string | null;
}

const JITTER_SHARE = 0.4;
/** Addresses keep this distance from the border of their community. */
const BORDER_MARGIN_M = 5;
const NEAR_REPEAT_DAYS = 3;
const NEAR_REPEAT_M = 250;
const REPEAT_HOURS = 72;

/**
 * The city day by day: first events (Poisson around calendar × season × trend × drift × day effect), their followers, and what was planted.
 * Memory holds one day, plus followers of the next weeks.
 */
export function* simulate(city: City, plants: readonly Plant[]): Generator<{ day: number; incidents: Incident[] }> {
  const { seed } = city.options;
  const draw = random(seed, 'incidents');
  const effect = dayEffect(seed);
  const planted = byDay(plants.flatMap((plant) => plant.incidents ?? []));
  const thinnings = plants.flatMap((plant) => plant.thinning ?? []);
  const absent = thinner(thinnings, 'problems', random(seed, 'absent'));
  const untold = thinner(thinnings, 'reports', random(seed, 'untold'));
  const at = (category: number, place: number, day: number) => ({
    source: CATALOGUE[category]!.source,
    community: city.places.community[place]!,
    day,
  });
  const groups = groupFields(city);
  const later = new Map<number, Incident[]>();
  const hourSums = CATALOGUE.map((category) => cumulative(HOURS[category.hours]));
  const minuteOf = (category: number): number => {
    const sums = hourSums[category]!;
    return pickIndex(sums, draw.uniform() * sums[23]!) * 60 + draw.integer(60);
  };
  for (let day = city.firstDay; day < city.endDay; day++) {
    const incidents: Incident[] = later.get(day) ?? [];
    later.delete(day);
    // Followers that were drawn on earlier days cause no repeats of their own, except thefts.
    for (let i = 0, n = incidents.length; i < n; i++) followNearRepeat(city, incidents[i]!, draw, later, incidents);
    const add = (incident: Incident): void => {
      incidents.push(incident);
      followNearRepeat(city, incident, draw, later, incidents);
      repeatTicket(city, incident, draw, later, incidents);
    };
    effect.step();
    for (const group of groups) {
      group.step(day);
      for (const category of group.categories) {
        const surface = group.surface(category);
        const mean =
          city.expected[category]![day - city.firstDay]! * effect.factor[STREAM_OF[category]!]! * surface.level;
        for (let n = draw.poisson(mean); n > 0; n--) {
          const place = drawPlace(city, surface, draw);
          if (absent(at(category, place, day))) continue;
          const spot = jitter(city, place, draw);
          add({ day, minute: minuteOf(category), category, ...spot, place, plant: null, theme: null });
        }
      }
    }
    for (const { category, place, spot, plant, theme = null } of planted.get(day) ?? []) {
      add({ day, minute: minuteOf(category), category, ...(spot ?? jitter(city, place, draw)), place, plant, theme });
    }
    yield { day, incidents: incidents.filter(({ category, place }) => !untold(at(category, place, day))) };
  }
}

interface Surface {
  readonly field: number;
  /** Running sums over communities. */
  readonly sums: Float64Array;
  /** Today's total over the total without drift. */
  readonly level: number;
}

interface Group {
  readonly categories: readonly number[];
  readonly step: (day: number) => void;
  readonly surface: (category: number) => Surface;
}

/** Categories that drift together, with today's weight of every community per field. */
function groupFields(city: City): Group[] {
  const names = [...new Set(CATALOGUE.map((category) => category.ours.split('.')[0]!))];
  const levels = levelShifts(city);
  const districtOf = city.divisions.communities.map((community) => community.district);
  return names.map((name) => {
    const latent = drift(city.options.seed, name, city.places.communitySite);
    const categories = CATALOGUE.flatMap(({ ours }, c) => (ours.split('.')[0] === name ? [c] : []));
    const fieldOf = (category: number): number => FIELDS.indexOf(CATALOGUE[category]!.field);
    const fields = [...new Set(categories.map(fieldOf))];
    const surfaces = new Map(
      fields.map((field) => [
        field,
        { field, sums: new Float64Array(city.places.communityWeight[field]!.length), level: 1 },
      ]),
    );
    const step = (day: number): void => {
      latent.step();
      const districtLevel = levels(day);
      for (const surface of surfaces.values()) {
        const weights = city.places.communityWeight[surface.field]!;
        let sum = 0;
        let plain = 0;
        for (let c = 0; c < weights.length; c++) {
          sum += weights[c]! * latent.factor[c]! * districtLevel[districtOf[c]!]!;
          plain += weights[c]!;
          surface.sums[c] = sum;
        }
        surface.level = sum / plain;
      }
    };
    return { categories, step, surface: (category) => surfaces.get(fieldOf(category))! };
  });
}

const SHIFT_RAMP_DAYS = 60;

/** One slow level shift a year in a third of the districts; factors per district of a day. */
function levelShifts(city: City): (day: number) => readonly number[] {
  const draw = random(city.options.seed, 'level-shifts');
  const shifts = city.divisions.districts.map(() => {
    const steps: { day: number; change: number }[] = [];
    for (let day = city.firstDay; day < city.endDay; day += 365) {
      const at = day + draw.integer(365);
      const change = 0.2 * (2 * draw.uniform() - 1);
      if (draw.uniform() < 1 / 3) steps.push({ day: at, change });
    }
    return steps;
  });
  const reached = (at: number, day: number): number => Math.min(1, Math.max(0, (day - at) / SHIFT_RAMP_DAYS));
  return (day) =>
    shifts.map((steps) => steps.reduce((factor, step) => factor * (1 + step.change * reached(step.day, day)), 1));
}

function drawPlace(city: City, surface: Surface, draw: Random): number {
  const { first, sums, communityWeight } = city.places;
  const total = surface.sums[surface.sums.length - 1]!;
  const community = pickIndex(surface.sums, draw.uniform() * total);
  const target = draw.uniform() * communityWeight[surface.field]![community]!;
  return pickIndex(sums[surface.field]!, target, first[community]!, first[community + 1]!);
}

/** Most reports repeat the address exactly; some stand a few metres beside it. */
function jitter(city: City, place: number, draw: Random): { lng: number; lat: number } {
  const lng = city.places.lng[place]!;
  const lat = city.places.lat[place]!;
  if (city.places.roomy[place] === 0 || draw.uniform() > JITTER_SHARE) return { lng, lat };
  const metres = Math.min(JITTER_MARGIN_M - BORDER_MARGIN_M, 18 * draw.exponential());
  return offset(lng, lat, { metres, angle: 2 * Math.PI * draw.uniform() });
}

export function offset(lng: number, lat: number, by: { metres: number; angle: number }): { lng: number; lat: number } {
  const km = by.metres / 1000;
  return {
    lng: round6(lng + (km * Math.cos(by.angle)) / KM_PER_DEG_LNG),
    lat: round6(lat + (km * Math.sin(by.angle)) / KM_PER_DEG_LAT),
  };
}

/** A theft draws another one near by within days (Hawkes process with branching ratio `nearRepeat`). */
function followNearRepeat(
  city: City,
  cause: Incident,
  draw: Random,
  later: Map<number, Incident[]>,
  today: Incident[],
): void {
  const { nearRepeat } = CATALOGUE[cause.category]!;
  if (!nearRepeat) return;
  for (let n = draw.poisson(nearRepeat); n > 0; n--) {
    const minutes = Math.ceil(NEAR_REPEAT_DAYS * 1440 * draw.exponential());
    const by = { metres: NEAR_REPEAT_M * Math.min(2, draw.exponential()), angle: 2 * Math.PI * draw.uniform() };
    const spot = offset(cause.lng, cause.lat, by);
    const position = city.contains(spot.lng, spot.lat) ? spot : { lng: cause.lng, lat: cause.lat };
    enqueue(city, { ...cause, ...position }, minutes, later, today, (follower) =>
      followNearRepeat(city, follower, draw, later, today),
    );
  }
}

/** The same problem reported again, by others, within 72 hours: a new ticket at the same place. */
function repeatTicket(
  city: City,
  cause: Incident,
  draw: Random,
  later: Map<number, Incident[]>,
  today: Incident[],
): void {
  if (CATALOGUE[cause.category]!.source !== 'hotline' || draw.uniform() >= REPEAT_PROBABILITY) return;
  const repeats = 1 + draw.integer(2 * REPEATS_MEAN - 1);
  for (let n = 0; n < repeats; n++) {
    enqueue(city, cause, 1 + draw.integer(REPEAT_HOURS * 60), later, today, () => undefined);
  }
}

function enqueue(
  city: City,
  incident: Incident,
  minutesLater: number,
  later: Map<number, Incident[]>,
  today: Incident[],
  alsoToday: (incident: Incident) => void,
): void {
  const minute = incident.minute + minutesLater;
  const moved = { ...incident, day: incident.day + Math.floor(minute / 1440), minute: minute % 1440 };
  if (moved.day >= city.endDay) return;
  if (moved.day === incident.day) {
    today.push(moved);
    alsoToday(moved);
    return;
  }
  const queue = later.get(moved.day);
  if (queue) queue.push(moved);
  else later.set(moved.day, [moved]);
}

function byDay(incidents: readonly Planted[]): Map<number, Planted[]> {
  const days = new Map<number, Planted[]>();
  for (const incident of incidents) {
    const day = days.get(incident.day);
    if (day) day.push(incident);
    else days.set(incident.day, [incident]);
  }
  return days;
}
