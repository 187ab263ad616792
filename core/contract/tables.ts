/**
 * Columns of the Arrow files of a snapshot. Arrow IPC *stream* format, one record batch a file (facts may have more),
 * no dictionaries, no compression inside (files are compressed whole, beside the original).
 *
 * `nullable: false` columns never hold a null. A null is "nobody said", never 0.
 */
export type ColumnType =
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'utf8'
  | 'bool'
  | 'list<int32>';
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}
const column = (name: string, type: ColumnType, nullable = false): Column => ({ name, type, nullable });

/** `grid.arrow`: every cell of the study area at the finest resolution, row number = `cell_id`, ascending H3 index. */
export const GRID: readonly Column[] = [
  column('h3', 'uint64'),
  /** Deepest division holding the cell's centre; null = centre outside the study area. */
  column('division', 'uint32', true),
  /** A division boundary crosses the cell: its incidents may lie in more than one division. */
  column('straddles', 'bool'),
];

/** `grid/r<resolution>.arrow`: cells of a coarser resolution that have a descendant in the grid, ascending H3 index. */
export const GRID_COARSE: readonly Column[] = [
  column('h3', 'uint64'),
  /** Descendants are exactly the finest cells `first_id <= cell_id < end_id`. */
  column('first_id', 'uint32'),
  column('end_id', 'uint32'),
  /** Centre, WGS 84, millionths of a degree. */
  column('lng_e6', 'int32'),
  column('lat_e6', 'int32'),
  /** Open ring lng, lat, lng, lat, … in millionths of a degree; counter-clockwise. Only for resolutions <= 8. */
  column('outline_e6', 'list<int32>', true),
];

/** `divisions.arrow`: row number = division id; pre-order, so a subtree is the id range `[id, end)`. Id 0 is the city. */
export const DIVISIONS: readonly Column[] = [
  column('code', 'utf8'),
  column('name', 'utf8'),
  column('name_en', 'utf8', true),
  /** 0 city, then as in `manifest.divisionLevels`. */
  column('level', 'uint8'),
  column('parent', 'uint32', true),
  column('end', 'uint32'),
  /** A point inside, for labels. WGS 84 degrees. */
  column('lng', 'float64'),
  column('lat', 'float64'),
  column('area_km2', 'float64'),
  column('population', 'uint32', true),
  /** The outline was made for the sample and is no real boundary. */
  column('made', 'bool'),
];

/** `facts/<division>/<period>.arrow`: one accepted incident, no identifier. Sorted by cell_id (nulls last), division, source, category, day, hour, … */
export const FACTS: readonly Column[] = [
  /** Null = unlocated. For a coarsened incident: some cell inside the cell it is known to. */
  column('cell_id', 'uint32', true),
  /** Finest resolution at which `cell_id` may be read; 0 = unlocated. Views finer than this must leave the row out, and say so. */
  column('res', 'uint8'),
  /** Days since 1970-01-01 in the city's zone. */
  column('day', 'uint16'),
  /** Local hour 0..23; null = the source gives no time of day, or it is withheld. */
  column('hour', 'uint8', true),
  column('source', 'uint8'),
  column('category', 'uint16'),
  column('severity', 'uint8'),
  column('stage', 'uint8'),
  /** Whole hours from occurred to closed, from 72 on whole days (a multiple of 24); null = not closed, or the source does not say. */
  column('close_hours', 'uint16', true),
  /** Deepest division of the incident's point (of a coarsened one: none smaller than 5.16 km²); null = unlocated, 0 = in no division. */
  column('division', 'uint32', true),
];

/** `cube/overview.arrow`: whole window; `cell` = row of `grid/r<overview>.arrow`. Coarsened incidents included where res >= overview. */
export const CUBE_OVERVIEW: readonly Column[] = [
  column('cell', 'uint32'),
  column('source', 'uint8'),
  /** Id of the level-1 category (0 = unmapped). */
  column('group', 'uint16'),
  column('n', 'uint32'),
];

/** `cube/week.arrow`: every accepted incident. `division` = level-1 division id, 0 = city but no division, null = unlocated. */
export const CUBE_WEEK: readonly Column[] = [
  column('division', 'uint32', true),
  /** Index into `manifest.weeks`. */
  column('week', 'uint16'),
  column('source', 'uint8'),
  column('group', 'uint16'),
  column('n', 'uint32'),
];

/** `cube/r<resolution>/<period>.arrow` (7, 8, 9): `cell` = row of `grid/r<resolution>.arrow`. A week on the edge of two periods has rows in both. */
export const CUBE_CELL_WEEK: readonly Column[] = [
  column('cell', 'uint32'),
  column('week', 'uint16'),
  column('source', 'uint8'),
  column('group', 'uint16'),
  column('n', 'uint32'),
];

/**
 * Other files: `divisions/<level>.geojson` (FeatureCollection; properties `id`, `code`, `name`, `made`; 5 decimals, level 1 and the study area 4),
 * `study-area.geojson`, `water.geojson`, `facilities.geojson` (both may be absent), `quality.json`, `privacy.json`.
 */
