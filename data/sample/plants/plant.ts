import type { City } from '../city.ts';
import type { Random } from '../random.ts';
import type { Footprint } from './footprint.ts';

/** An incident that is there because it was planted. */
export interface Planted {
  readonly day: number;
  /** Index into `CATALOGUE`. */
  readonly category: number;
  /** Index into `Places`, or a spot of its own. */
  readonly place: number;
  readonly spot?: { readonly lng: number; readonly lat: number };
  /** `<kind>-<n>`, also the key of its counts in the truth. */
  readonly plant: string;
}

/** Background incidents in these communities or cells are kept with a probability. */
export interface Thinning {
  readonly plant: string;
  readonly category: (index: number) => boolean;
  readonly place: (index: number) => boolean;
  readonly firstDay: number;
  readonly endDay: number;
  readonly keep: number;
}

/** A place, a span of days and a strength; shared by outbreaks, placebos and bumps, which keep their distance from each other. */
export interface Episode {
  readonly category: number;
  readonly footprint: Footprint;
  readonly places: readonly number[];
  readonly firstDay: number;
  readonly endDay: number;
  readonly profile: 'step' | 'ramp' | 'epidemic';
  /** Expected excess / √baseline. */
  readonly kappa: number;
  /** Expected incidents of the stream (source and category group) in footprint and span. */
  readonly baseline: number;
}

/** One planted fact. What it does, and what is written to the truth. */
export interface Plant {
  readonly kind: string;
  readonly id: string;
  readonly incidents?: readonly Planted[];
  readonly thinning?: Thinning;
  readonly episode?: Episode;
  /** For evaluation: place, time, size, as JSON. */
  readonly truth: Record<string, unknown>;
}

/**
 * One kind of plant: a file beside this one, listed in `index.ts`. It draws only from its own stream, so that a new kind changes no other.
 * It sees what was planted before it, to keep its distance.
 */
export interface PlantKind {
  readonly kind: string;
  readonly plan: (city: City, draw: Random, before: readonly Plant[]) => Plant[];
}
