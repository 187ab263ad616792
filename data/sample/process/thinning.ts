import type { SourceKey } from '../catalogue/types.ts';
import type { Thinning } from '../plants/plant.ts';
import type { Random } from '../random.ts';

/** True = it does not happen, or is not told. Cheap where nothing is thinned. */
export type IsThinned = (at: { source: SourceKey; community: number; day: number }) => boolean;

export function thinner(thinnings: readonly Thinning[], of: Thinning['of'], draw: Random): IsThinned {
  const byCommunity = new Map<number, Thinning[]>();
  for (const thinning of thinnings) {
    if (thinning.of !== of) continue;
    for (const community of thinning.communities) {
      byCommunity.set(community, [...(byCommunity.get(community) ?? []), thinning]); // the first of this community
    }
  }
  return ({ source, community, day }) => {
    const here = byCommunity.get(community);
    if (here === undefined) return false;
    for (const { sources, firstDay, endDay, keep } of here) {
      if (day < firstDay || day >= endDay || !sources.includes(source)) continue;
      if (draw.uniform() >= keep) return true;
    }
    return false;
  };
}
