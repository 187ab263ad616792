import { CATALOGUE } from '../catalogue/index.ts';
import type { LocalTime } from '../process/civil.ts';
import type { Random } from '../random.ts';

/** Offices of a street, as they follow its name in 承办单位. */
export const OFFICES = ['办事处', '综合执法局', '社会事业局', '物业科'] as const;

/** Share of clean hotline orders that are refused (退单) and sent on (重派) at least once. */
export const BOUNCE_SHARE = 0.02;
export const OWNERLESS_SHARE = 0.25;
/** After a refusal comes another one with this probability. */
const AGAIN = 0.3;
const OWNERLESS_AGAIN = 0.6;
const MOST_HOPS = 3;
/** Days until an office refuses: 1 to this. */
const SLOWEST_DAYS = 3;
/** Classes that fall between the offices. */
export const OWNERLESS: readonly string[] = [
  'facilities.pipelines.telecom-lines',
  'traffic.parking.shared-bikes',
  'sanitation.waste.bulky-waste',
];

/** Office that gets a class first. */
const OFFICE_OF_GROUP: Readonly<Record<string, number>> = {
  traffic: 1,
  noise: 1,
  sanitation: 1,
  housing: 3,
  labour: 2,
  market: 2,
};

export interface Bounce {
  /** Day on which the office that had the order sends it back. */
  readonly day: number;
  readonly minute: number;
  /** Index into `OFFICES` of the one that gets it next. */
  readonly to: number;
}

export function officeOf(category: number): number {
  return OFFICE_OF_GROUP[CATALOGUE[category]!.ours.split('.')[0]!] ?? 0; // the street's own office does the rest
}

/** The refusals an order will meet, mostly none. */
export function drawBounces(category: number, reported: LocalTime, draw: Random): readonly Bounce[] {
  const { source, ours } = CATALOGUE[category]!;
  if (source !== 'hotline') return NONE;
  const nobodys = OWNERLESS.includes(ours);
  if (draw.uniform() >= (nobodys ? OWNERLESS_SHARE : BOUNCE_SHARE)) return NONE;
  const bounces: Bounce[] = [];
  let { day } = reported;
  let office = officeOf(category);
  do {
    day += 1 + draw.integer(SLOWEST_DAYS);
    office = (office + 1 + draw.integer(OFFICES.length - 1)) % OFFICES.length;
    bounces.push({ day, minute: 540 + draw.integer(480), to: office });
  } while (bounces.length < MOST_HOPS && draw.uniform() < (nobodys ? OWNERLESS_AGAIN : AGAIN));
  return bounces;
}

const NONE: readonly Bounce[] = [];
