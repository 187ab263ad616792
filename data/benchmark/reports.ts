import { cellToLatLng, latLngToCell } from 'h3-js';
import type { Random } from '../../core/stats/random.ts';
import type { BenchmarkCalendar } from './calendar.ts';
import { BENCHMARK, CONDITIONS, type Conditions } from './options.ts';

const KM_PER_DEGREE = 111.195;

/** Where something is, as the stream says it: a cell, and one of its places; null = known to the cell only. */
export interface ReportPlace {
  readonly cell: number;
  readonly place: number | null;
}

interface Desk {
  readonly cells: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly centres: readonly (readonly [number, number])[];
  readonly calendar: BenchmarkCalendar;
  readonly random: Random;
  /** Draws of exact places alone: the rest of a stream is the same with and without them. */
  readonly addresses: Random;
  readonly conditions: Conditions;
}

export function reportDesk(given: {
  readonly cells: readonly string[];
  readonly calendar: BenchmarkCalendar;
  readonly random: Random;
  readonly addresses: Random;
  readonly conditions: Conditions;
}): Desk {
  const { cells } = given;
  return {
    ...given,
    numbers: new Map(cells.map((cell, i) => [cell, i])),
    centres: cells.map((cell) => cellToLatLng(cell) as [number, number]),
  };
}

/** Where the report of a problem lands; null = no usable place, or outside the study area. A street is no exact place, a wrong address is one. */
export function reportedPlace(desk: Desk, where: ReportPlace): ReportPlace | null {
  const { cell } = where;
  if (!CONDITIONS[desk.conditions].wrongPlaces) return where;
  const { wrong, wrongM, street, streetM, missing } = BENCHMARK.geocoding;
  const draw = desk.random.uniform();
  if (draw >= wrong + street + missing) return where;
  if (draw >= wrong + street) return null;
  const [near, far] = draw < wrong ? wrongM : [0, streetM];
  const metres = near + (far - near) * desk.random.uniform();
  const angle = 2 * Math.PI * desk.random.uniform();
  // From a point of the cell, not its centre: the edge of a cell of resolution 8 is about 460 m long here.
  const inside = 350 * Math.sqrt(desk.random.uniform());
  const turn = 2 * Math.PI * desk.random.uniform();
  const [lat, lng] = desk.centres[cell]!;
  const northKm = (metres * Math.cos(angle) + inside * Math.cos(turn)) / 1000;
  const eastKm = (metres * Math.sin(angle) + inside * Math.sin(turn)) / 1000;
  const eastDegrees = eastKm / (KM_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
  const lands = desk.numbers.get(latLngToCell(lat + northKm / KM_PER_DEGREE, lng + eastDegrees, BENCHMARK.resolution));
  if (lands === undefined) return null;
  return { cell: lands, place: draw < wrong ? desk.addresses.below(BENCHMARK.places.perCell) : null };
}

/** Days until the event of `day` is known: the delay law, then on to the next working day. */
export function reportDelay(desk: Desk, day: number): number {
  let draw = desk.random.uniform();
  let delay = 0;
  while (delay < BENCHMARK.delay.length - 1 && draw >= BENCHMARK.delay[delay]!) draw -= BENCHMARK.delay[delay++]!;
  if (!CONDITIONS[desk.conditions].workingDaysOnly) return delay;
  const { working } = desk.calendar;
  while (day + delay < working.length && working[day + delay] === 0) delay++;
  return delay;
}

/** Days after the first report at which the same problem is reported again. */
export function duplicateDays({ random, conditions }: Desk): number[] {
  if (!CONDITIONS[conditions].duplicates) return [];
  const { share, most, withinDays } = BENCHMARK.duplicates;
  const meanExtra = (1 + most) / 2;
  // Of n problems, q n are repeated: tickets in groups q n (1 + extra) = share × all tickets n (1 + q extra).
  const repeated = share / (1 + meanExtra - share * meanExtra);
  if (random.uniform() >= repeated) return [];
  return Array.from({ length: 1 + random.below(most) }, () => random.below(withinDays + 1));
}
