import { gridDisk, gridPathCells, gridRingUnsafe } from 'h3-js';
import type { Random } from '../../core/stats/random.ts';
import { BENCHMARK } from './options.ts';

export interface Footprint {
  /** Cell numbers inside the study area. */
  readonly cells: readonly number[];
  readonly centre: number;
  readonly onset: number;
  /** Last day, inside. */
  readonly end: number;
  readonly kappa: number;
  readonly profile: (typeof BENCHMARK.planted.profiles)[number];
}

interface Area {
  readonly cells: readonly string[];
  readonly base: Float64Array;
  readonly km: Float64Array;
  readonly random: Random;
  readonly durations: readonly number[];
}

/**
 * Footprints and periods, none within 10 days and 5 km of another. κ and profile run through all their pairs in turn;
 * place, shape, duration and onset are drawn. Throws when they do not fit into the days.
 */
export function drawFootprints(
  area: Area,
  given: { readonly count: number; readonly firstDay: number; readonly days: number },
): Footprint[] {
  const { kappas, profiles } = BENCHMARK.planted;
  const { random, durations } = area;
  const drawn: Footprint[] = [];
  for (let tries = 0; drawn.length < given.count; tries++) {
    if (tries > 1000 * given.count) throw new Error(`only ${drawn.length} of ${given.count} footprints fit apart`);
    const duration = durations[random.below(durations.length)]!;
    const onset = given.firstDay + random.below(given.days - duration + 1);
    const centre = drawCentre(area);
    const cells = drawShape(area, centre);
    if (cells.length === 0) continue;
    const i = drawn.length;
    const next: Footprint = {
      cells,
      centre,
      onset,
      end: onset + duration - 1,
      kappa: kappas[i % kappas.length]!,
      profile: profiles[Math.floor(i / kappas.length) % profiles.length]!,
    };
    if (drawn.every((other) => areApart(area, next, other))) drawn.push(next);
  }
  return drawn;
}

function areApart(area: Area, a: Footprint, b: Footprint): boolean {
  const { apartDays, apartKm } = BENCHMARK.planted;
  if (a.onset > b.end + apartDays || b.onset > a.end + apartDays) return true;
  return a.cells.every((i) => b.cells.every((j) => area.km[i * area.cells.length + j]! > apartKm));
}

/** Three in four by the base rate (where people are), one in four anywhere. */
function drawCentre({ base, random, cells }: Area): number {
  if (random.uniform() < BENCHMARK.planted.uniformShare) return random.below(cells.length);
  let target = random.uniform() * base.reduce((sum, b) => sum + b, 0);
  for (let i = 0; i < base.length; i++) {
    target -= base[i]!;
    if (target < 0) return i;
  }
  return base.length - 1;
}

function drawShape(area: Area, centre: number): number[] {
  const { cells, random } = area;
  const origin = cells[centre]!;
  const members =
    random.uniform() < BENCHMARK.planted.irregularShare ? irregular(area, origin) : gridDisk(origin, random.below(3));
  const numbers = new Map(cells.map((cell, i) => [cell, i]));
  return [...new Set(members)].map((cell) => numbers.get(cell)).filter((i): i is number => i !== undefined);
}

/** A line along a road, half a ring, or two touching blobs. */
function irregular({ random }: Area, origin: string): string[] {
  const ring = (k: number): string[] => gridRingUnsafe(origin, k);
  switch (random.below(3)) {
    case 0: {
      const far = ring(4);
      return gridPathCells(origin, far[random.below(far.length)]!);
    }
    case 1: {
      const around = ring(2);
      const start = random.below(around.length);
      return [origin, ...Array.from({ length: around.length / 2 }, (_, i) => around[(start + i) % around.length]!)];
    }
    default: {
      const beside = ring(3);
      return [...gridDisk(origin, 1), ...gridDisk(beside[random.below(beside.length)]!, 1)];
    }
  }
}

/** Share of the excess on each day of a footprint; sums to 1. */
export function profileShares(profile: Footprint['profile'], duration: number): Float64Array {
  const shares = new Float64Array(duration);
  let total = 0;
  for (let d = 0; d < duration; d++) {
    const x = d + 0.5;
    const peak = Math.log(duration / 3);
    shares[d] =
      profile === 'step' ? 1 : profile === 'ramp' ? x : Math.exp(-((Math.log(x) - peak) ** 2) / (2 * 0.6 ** 2)) / x;
    total += shares[d]!;
  }
  return shares.map((share) => share / total);
}
