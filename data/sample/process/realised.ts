import { STREAM_OF } from '../catalogue/streams.ts';
import type { Plant } from '../plants/plant.ts';
import type { Incident } from './simulate.ts';

/** What happened in the footprint and span of an episode, in its stream, as it happened (not as it was reported or placed). */
export interface Realised {
  /** Not of this plant. */
  background: number;
  /** Of this plant, repeats and followers included. */
  excess: number;
}

/** Counts incidents into the episodes of outbreaks, placebos and bumps. */
export function tallyEpisodes(plants: readonly Plant[]): {
  readonly take: (incidents: readonly Incident[]) => void;
  readonly of: ReadonlyMap<string, Realised>;
} {
  const of = new Map<string, Realised>();
  const byPlace = new Map<
    number,
    { plant: string; stream: number; firstDay: number; endDay: number; sums: Realised }[]
  >();
  for (const { id, episode } of plants) {
    if (!episode) continue;
    const sums = { background: 0, excess: 0 };
    of.set(id, sums);
    const { firstDay, endDay, places, category } = episode;
    const entry = { plant: id, stream: STREAM_OF[category]!, firstDay, endDay, sums };
    for (const place of places) {
      const here = byPlace.get(place);
      if (here) here.push(entry);
      else byPlace.set(place, [entry]);
    }
  }
  const take = (incidents: readonly Incident[]): void => {
    for (const { plant, place, day, category } of incidents) {
      if (plant !== null) {
        const own = of.get(plant);
        if (own) own.excess++;
      }
      for (const entry of byPlace.get(place) ?? []) {
        const inside = day >= entry.firstDay && day < entry.endDay && STREAM_OF[category] === entry.stream;
        if (inside && plant !== entry.plant) entry.sums.background++;
      }
    }
  };
  return { take, of };
}
