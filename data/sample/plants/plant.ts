import type { SourceKey } from '../catalogue/types.ts';
import type { City } from '../city.ts';
import type { Random } from '../random.ts';
import type { PlantTruth } from '../truth.ts';
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
  /** Words that all tickets of the plant share; absent = the usual words of the category. */
  readonly theme?: string;
}

/** In these communities, over these days, a share stays. */
export interface Thinning {
  readonly plant: string;
  /** `problems`: fewer things happen. `reports`: as many happen, but each report, first or repeated, background or planted, comes in with probability `keep`. */
  readonly of: 'problems' | 'reports';
  readonly sources: readonly SourceKey[];
  readonly communities: ReadonlySet<number>;
  readonly firstDay: number;
  readonly endDay: number;
  readonly keep: number;
}

/** Reports of these communities come in later than elsewhere: exponential extra delay. */
export interface Lateness {
  readonly source: SourceKey;
  readonly communities: ReadonlySet<number>;
  readonly meanDays: number;
}

/** A place, a span of days and a strength; shared by outbreaks, placebos and bumps, which keep their distance from each other. */
export interface Episode {
  readonly category: number;
  readonly footprint: Footprint;
  readonly places: readonly number[];
  readonly firstDay: number;
  readonly endDay: number;
  readonly profile: 'step' | 'ramp' | 'epidemic';
  /** Centre drawn in proportion to the field, or evenly over inhabited cells. */
  readonly where: 'populated' | 'even';
  /** Expected excess / √baseline. */
  readonly kappa: number;
  /** Expected incidents of the stream (source and category group) in footprint and span, 0.25 at least. */
  readonly baseline: number;
  /** Without a floor. */
  readonly rawBaseline: number;
  /** Of its own category alone, without a floor. */
  readonly categoryBaseline: number;
}

/** One planted fact. What it does, and what is written to the truth. */
export interface Plant {
  readonly kind: PlantTruth['kind'];
  readonly id: string;
  readonly incidents?: readonly Planted[];
  readonly thinning?: Thinning;
  readonly lateness?: Lateness;
  readonly episode?: Episode;
  /** Each ticket is reported on its day and closed within two days: before the next one. */
  readonly closesBeforeNext?: boolean;
  /** H3 cells whose level is not the background's for long: outbreaks and placebos keep out of them. */
  readonly reserves?: readonly string[];
  /** Place, time, size; see `truth.ts`. `delivered` and `realised` are added after the simulation. */
  readonly truth: Readonly<Record<string, unknown>>;
}

/**
 * One kind of plant: a file beside this one, listed in `index.ts`. It draws only from its own stream, so that a new kind changes no other.
 * It sees what was planted before it, to keep its distance.
 */
export interface PlantKind {
  readonly kind: string;
  readonly plan: (city: City, draw: Random, before: readonly Plant[]) => Plant[];
}

/** Cells that a later plant keeps out of. */
export function reservedCells(before: readonly Plant[]): ReadonlySet<string> {
  return new Set(before.flatMap((plant) => plant.reserves ?? [])); // most reserve nothing
}
