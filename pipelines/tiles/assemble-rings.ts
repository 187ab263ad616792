import { areaKm2, contains } from '../../core/geo/polygon.ts';
import type { Rings } from './feature-parts.ts';
import type { LngLat } from './tile-feature.ts';

/** A way as a run of node ids, and where they are. */
export interface Member {
  readonly refs: readonly number[];
  readonly points: readonly LngLat[];
}

type Ring = readonly LngLat[];

/**
 * Closed rings from ways that meet at their ends, whichever way they run. What does not close is left out: half a lake would be drawn
 * as a wrong one.
 */
export function joinRings(members: readonly Member[]): Ring[] {
  const rings: Ring[] = [];
  const open = new Map<number, Set<Member>>();
  const ends = (member: Member): [number, number] => [member.refs[0]!, member.refs[member.refs.length - 1]!];
  const put = (member: Member): void => {
    for (const end of ends(member)) open.set(end, (open.get(end) ?? new Set()).add(member));
  };
  const take = (member: Member): void => {
    for (const end of ends(member)) open.get(end)?.delete(member);
  };
  for (const member of members) {
    if (member.refs.length < 2) continue;
    let chain = member;
    for (;;) {
      const [first, last] = ends(chain);
      if (first === last) {
        if (chain.points.length >= 4) rings.push(chain.points);
        break;
      }
      const next = [...(open.get(last) ?? []), ...(open.get(first) ?? [])][0];
      if (!next) {
        put(chain);
        break;
      }
      take(next);
      chain = joined(chain, next);
    }
  }
  return rings;
}

function joined(a: Member, b: Member): Member {
  const first = a.refs[0];
  const last = a.refs[a.refs.length - 1];
  const from = b.refs[0];
  const to = b.refs[b.refs.length - 1];
  const head = last === from || last === to ? a : reversed(a);
  const tail = (last === from || last === to ? last === from : first === from) ? b : reversed(b);
  return { refs: [...head.refs, ...tail.refs.slice(1)], points: [...head.points, ...tail.points.slice(1)] };
}

const reversed = ({ refs, points }: Member): Member => ({ refs: refs.toReversed(), points: points.toReversed() });

/** Puts each hole into the smallest outer ring around it; a hole in nothing is left out. */
export function polygonsFrom(outers: readonly Ring[], inners: readonly Ring[]): Rings[] {
  const sized = outers
    .map((ring) => ({ ring, flat: Float64Array.from(ring.flat()), holes: [] as Ring[] }))
    .sort((a, b) => areaKm2([[a.flat]]) - areaKm2([[b.flat]]));
  for (const hole of inners) {
    const [lng, lat] = hole[0]!;
    const [lng2, lat2] = hole[Math.floor(hole.length / 2)]!;
    // A hole may touch its outer ring at one vertex: either of two vertices inside tells.
    sized.find(({ flat }) => contains([[flat]], lng, lat) || contains([[flat]], lng2, lat2))?.holes.push(hole);
  }
  return sized.map(({ ring, holes }) => [ring, ...holes]);
}
