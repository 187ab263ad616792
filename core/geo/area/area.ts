/**
 * A place chosen by hand on the map. It is a recipe, not a set of cells: the cells of a snapshot whose centre lies inside are found by
 * `cellsInArea` of the grid at hand, so that a link means the same on another grid.
 * Degrees are WGS 84, longitude first, at five decimals (about 1 m).
 */
export type LngLat = readonly [lng: number, lat: number];

export type Shape =
  /** Lasso, drawn or imported polygons. Even–odd over all rings together: a ring inside a ring is a hole, a self-crossing ring changes sides. */
  | { readonly kind: 'polygon'; readonly rings: readonly (readonly LngLat[])[] }
  /** West may be larger than east: then it crosses the antimeridian. */
  | {
      readonly kind: 'box';
      readonly west: number;
      readonly south: number;
      readonly east: number;
      readonly north: number;
    }
  | { readonly kind: 'circle'; readonly centre: LngLat; readonly radiusM: number }
  /** Whatever is at most `widthM` from the line: half of the width of the band. */
  | { readonly kind: 'line'; readonly points: readonly LngLat[]; readonly widthM: number }
  | { readonly kind: 'division'; readonly code: string }
  /** A cell of any resolution and the cells within k steps of it. */
  | { readonly kind: 'disk'; readonly cell: string; readonly k: number };

export type ShapeKind = Shape['kind'];

export const AREA_OPS = ['union', 'intersection', 'difference'] as const;
export type AreaOp = (typeof AREA_OPS)[number];

/** Evaluated from first to last; the operation of the first part is always `union`. */
export interface AreaPart {
  readonly op: AreaOp;
  readonly shape: Shape;
}

export interface Area {
  /** Empty = unnamed. */
  readonly name: string;
  readonly parts: readonly AreaPart[];
}

/** Beyond these a shape is refused with its reason. */
export const AREA_LIMITS = {
  parts: 12,
  vertices: 4000,
  nameLength: 40,
  radiusM: 200_000,
  widthM: 20_000,
  k: 60,
  /** Characters in a link: addresses are cut at about 8,000, and the rest of the link needs room. */
  text: 6000,
} as const;

/** Five decimals; `+ 0` turns -0 into 0, which a link cannot tell apart. */
export const roundDegrees = (value: number): number => Math.round(value * 1e5) / 1e5 + 0;

export const roundPoint = ([lng, lat]: LngLat): LngLat => [roundDegrees(lng), roundDegrees(lat)];

/** Vertices of everything that has vertices. */
export function vertexCount(area: Area): number {
  return area.parts.reduce((sum, { shape }) => {
    if (shape.kind === 'polygon') return sum + shape.rings.reduce((all, ring) => all + ring.length, 0);
    return sum + (shape.kind === 'line' ? shape.points.length : 1);
  }, 0);
}
