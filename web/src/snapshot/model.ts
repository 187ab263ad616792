/** Tables of a snapshot as the desk holds them: plain typed arrays, row number = id. */

/** Stands for a null division in typed arrays. */
export const NO_DIVISION = 0xffffffff;

/** Pre-order: the subtree of `id` is [id, end[id]). Id 0 is the city. */
export interface Divisions {
  readonly count: number;
  readonly code: readonly string[];
  readonly name: readonly string[];
  readonly nameEn: readonly (string | null)[];
  readonly level: Uint8Array;
  readonly parent: readonly (number | null)[];
  readonly end: Uint32Array;
  readonly areaKm2: Float64Array;
  readonly population: readonly (number | null)[];
  readonly made: readonly boolean[];
}

export interface CoarseGrid {
  readonly resolution: number;
  readonly h3: BigUint64Array;
  /** Descendants are exactly the finest cells firstId <= id < endId. */
  readonly firstId: Uint32Array;
  readonly endId: Uint32Array;
  /** Centre, WGS 84, millionths of a degree. */
  readonly lngE6: Int32Array;
  readonly latE6: Int32Array;
}

export interface FinestGrid {
  readonly h3: BigUint64Array;
  /** NO_DIVISION = centre outside the study area. */
  readonly division: Uint32Array;
  readonly straddles: Uint8Array;
}

export interface OverviewCube {
  readonly cell: Uint32Array;
  readonly source: Uint8Array;
  readonly group: Uint16Array;
  readonly n: Uint32Array;
}

export interface WeekCube {
  /** NO_DIVISION = unlocated. */
  readonly division: Uint32Array;
  readonly week: Uint16Array;
  readonly source: Uint8Array;
  readonly group: Uint16Array;
  readonly n: Uint32Array;
}

/** Children of a division, in id order. */
export function childrenOf(divisions: Divisions, parent: number): readonly number[] {
  const children: number[] = [];
  const end = divisions.end[parent] ?? 0;
  for (let id = parent + 1; id < end; id = divisions.end[id] as number) children.push(id);
  return children;
}

/** From the city (0) down to `id`, both inside. */
export function pathOf(divisions: Divisions, id: number): readonly number[] {
  const path: number[] = [];
  for (let at: number | null = id; at !== null && at !== undefined; at = divisions.parent[at] ?? null) path.unshift(at);
  return path;
}
