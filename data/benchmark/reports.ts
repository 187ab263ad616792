import { cellToLatLng, latLngToCell } from 'h3-js';
import type { Random } from '../../core/stats/random.ts';
import type { BenchmarkCalendar } from './calendar.ts';
import { BENCHMARK, CONDITIONS, type Conditions } from './options.ts';

const KM_PER_DEGREE = 111.195;

interface Desk {
  readonly cells: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly centres: readonly (readonly [number, number])[];
  readonly calendar: BenchmarkCalendar;
  readonly random: Random;
  readonly conditions: Conditions;
}

export function reportDesk(given: {
  readonly cells: readonly string[];
  readonly calendar: BenchmarkCalendar;
  readonly random: Random;
  readonly conditions: Conditions;
}): Desk {
  const { cells } = given;
  return {
    ...given,
    numbers: new Map(cells.map((cell, i) => [cell, i])),
    centres: cells.map((cell) => cellToLatLng(cell) as [number, number]),
  };
}

/** Cell in which the report of an event lands; null = no usable place, or outside the study area. */
export function reportedCell(desk: Desk, cell: number): number | null {
  if (!CONDITIONS[desk.conditions].wrongPlaces) return cell;
  const { wrong, wrongM, street, streetM, missing } = BENCHMARK.geocoding;
  const draw = desk.random.uniform();
  if (draw >= wrong + street + missing) return cell;
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
  return desk.numbers.get(latLngToCell(lat + northKm / KM_PER_DEGREE, lng + eastDegrees, BENCHMARK.resolution)) ?? null;
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
