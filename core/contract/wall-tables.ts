import type { Column } from './tables.ts';

const column = (name: string, type: Column['type'], nullable = false): Column => ({ name, type, nullable });

/** Trailing windows of the map in ISO weeks, ending with the last complete week. */
export const WALL_WINDOWS = [1, 4, 13, 52] as const;
/** Finest cells of the wall. */
export const WALL_RESOLUTION = 8;

/** Weeks of `wall/weeks.arrow`, ending with the last complete week, and its finest cells. */
export const WALL_PLAYED_WEEKS = 12;
export const WALL_PLAYED_RESOLUTION = 7;

/** What kind of place an atom of the map stands at; 5..8 are cells of that resolution, cut by the level-1 division. */
export const WALL_PLACE = {
  city: 0,
  division: 1,
  /** Known to the division only. */
  divisionOnly: 2,
} as const;

/**
 * `wall/map.arrow`: one row an atom. Within one (weeks, sensitive) atoms are disjoint and together hold every report. A place and group
 * without a row of its own belongs to the nearest row above it (group → cell of resolution 8 → 7 → 6 → 5 of the same division →
 * division → city); without any above it, it is a public zero. What a place has in all = Σ floor of the rows at it and below it.
 * Sorted by sensitive, weeks, then place (pre-order: division, cell, group; each before what lies in it).
 */
export const WALL_MAP: readonly Column[] = [
  /** Window: 1, 4, 13 or 52 weeks. */
  column('weeks', 'uint8'),
  /** Id of the level-1 category; null = what is left of several groups. */
  column('group', 'uint16', true),
  /** Sensitive reports are never mixed with others; their k is `kSensitive`. */
  column('sensitive', 'bool'),
  column('place', 'uint8'),
  /** Level-1 division; null = the city, or (place `division`) the unlocated; 0 = in no division. */
  column('division', 'uint32', true),
  /** Row of `grid/r<place>.arrow`; null where the place is no cell. */
  column('cell', 'uint32', true),
  /** "Not less than": the count of the atom, floored to a multiple of k. Null = not published (k 以下不公布). */
  column('floor', 'uint32', true),
];

/**
 * `wall/time.arrow`: complete weeks only. Atoms of one (week, sensitive) are disjoint; what has no row belongs to the nearest row above
 * it (group → source → division → week), or, with none above, to fewer than k reports, maybe none: here zero is not told apart. Totals of a division, a source or the city are
 * Σ floor of the rows in them. Sorted by sensitive, week, division, source, group; a remainder before what lies in it.
 */
export const WALL_TIME: readonly Column[] = [
  /** Index into `manifest.weeks`. */
  column('week', 'uint16'),
  column('sensitive', 'bool'),
  /** How many of division, source, group the row names, in this order; 0 = the remainder of the week. */
  column('depth', 'uint8'),
  /** Level-1 division; 0 = in none; null = not named (depth 0), else the unlocated. */
  column('division', 'uint32', true),
  column('source', 'uint8', true),
  column('group', 'uint16', true),
  /** As in `WALL_MAP`, but never null. */
  column('floor', 'uint32'),
];

/**
 * `wall/weeks.arrow`: the last complete weeks one by one, all groups and sources together, for playback. Within one (week, sensitive) atoms
 * are disjoint; a place without a row belongs to the nearest row above it (cell of resolution 7 → 6 → 5 of the same division → division →
 * city). A week of fewer than k reports has no row at all, as in `WALL_TIME`; in the others a place with no row above it is a public zero.
 * Sorted by sensitive, week, then place (pre-order).
 */
export const WALL_WEEKS: readonly Column[] = [
  /** Index into `manifest.weeks`. */
  column('week', 'uint16'),
  column('sensitive', 'bool'),
  column('place', 'uint8'),
  column('division', 'uint32', true),
  column('cell', 'uint32', true),
  /** As in `WALL_MAP`, but never null. */
  column('floor', 'uint32'),
];
