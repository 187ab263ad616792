import * as polyclip from 'polyclip-ts';

/** Polygons with rings of positions, as polyclip takes them. */
export type GeomCoords = [number, number][][][];

/** Union of (multi)polygons that share no topology; exact up to floating point. */
export function union(members: readonly GeomCoords[]): GeomCoords {
  const [first, ...rest] = members;
  return first ? (polyclip.union(first, ...rest) as GeomCoords) : [];
}
