import { z } from 'zod';

/** Two languages, Chinese first. */
export const Label = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Label = z.infer<typeof Label>;

export const SCHEMA_VERSION = 2;

/** Days are days since 1970-01-01 in the city's zone. */
const Day = z.number().int();

const FileEntry = z.strictObject({
  /** Logical name, stable over snapshots: `facts/320508/2025-Q3.arrow`. */
  path: z.string().min(1),
  /** Where it lies below the snapshot root: `files/<sha256>.arrow`. Variants beside it: `.br`, `.zst`, `.gz`. */
  file: z.string().regex(/^files\/[0-9a-f]{64}\.[a-z]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  /** Bytes of each precompressed variant that exists. */
  encoded: z.strictObject({
    br: z.number().int().optional(),
    zst: z.number().int().optional(),
    gz: z.number().int().optional(),
  }),
  rows: z.number().int().nonnegative().nullable(),
  kind: z.enum(['grid', 'divisions', 'geometry', 'facts', 'cube', 'sense', 'document', 'basemap']),
  grade: z.enum(['desk', 'wall']),
  /** facts: code of the division the file is cut by; `none` = incidents without a division. */
  division: z.string().nullable(),
  /** facts and cell cubes: the calendar period, e.g. `2025-Q3`; its days are half-open. The last months of a window are periods of their own. */
  period: z.strictObject({ key: z.string(), firstDay: Day, endDay: Day }).nullable(),
});
export type FileEntry = z.infer<typeof FileEntry>;

/** A node of a tree stored in pre-order: its subtree is the id range `[id, end)`. */
const CategoryEntry = z.strictObject({
  id: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  /** 0 = unmapped (id 0), 1 group, 2 class, 3 item. */
  level: z.number().int().min(0).max(3),
  code: z.string().min(1),
  parent: z.number().int().nonnegative().nullable(),
  name: Label,
  severity: z.number().int().min(0).max(4),
  sensitive: z.boolean(),
});
export type CategoryEntry = z.infer<typeof CategoryEntry>;

const SourceEntry = z.strictObject({
  id: z.number().int().nonnegative(),
  key: z.string(),
  kind: z.enum(['complaint', 'police', 'dispute', 'other']),
  name: Label,
  /** Expected days between deliveries. */
  cadenceDays: z.number().positive(),
  /** Newest reported (else occurred) local minute, `2026-11-21 23:40`; null = nothing accepted. */
  asOf: z.string().nullable(),
  firstDay: Day.nullable(),
  lastDay: Day.nullable(),
  read: z.number().int(),
  accepted: z.number().int(),
  rejected: z.record(z.string(), z.number().int()),
  /** To a cell; `divisionOnly`: to a division without a cell. */
  located: z.number().int(),
  divisionOnly: z.number().int(),
  unlocated: z.record(z.string(), z.number().int()),
  unmapped: z.number().int(),
  /** Months (`2025-07`) inside [firstDay, lastDay] of the window for which no row was accepted. */
  monthsMissing: z.array(z.string()),
});
export type SourceEntry = z.infer<typeof SourceEntry>;

export const Manifest = z.strictObject({
  format: z.literal('hexsight-snapshot'),
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** First 16 hex digits of SHA-256 over inputs + resolved config + code version + schema version. */
  snapshot: z.string().regex(/^[0-9a-f]{16}$/),
  profile: z.strictObject({ id: z.string(), name: Label, attribution: Label }),
  zone: z.string(),
  /** What it was made from. */
  from: z.strictObject({
    inputs: z.array(
      z.strictObject({ feed: z.string(), name: z.string(), bytes: z.number().int(), sha256: z.string() }),
    ),
    config: z.string(),
    code: z.string(),
  }),
  /** Days covered, half-open, and the ISO weeks (Monday first) touching them. */
  window: z.strictObject({ firstDay: Day, endDay: Day }),
  weeks: z.array(z.strictObject({ iso: z.string(), firstDay: Day })),
  /** WGS 84 degrees: west, south, east, north of the study area. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  grid: z.strictObject({
    finest: z.number().int(),
    coarsest: z.number().int(),
    /** Cells per resolution, key = resolution. */
    cells: z.record(z.string(), z.number().int()),
    /** Resolution of `cube/overview.arrow`. */
    overview: z.number().int(),
  }),
  divisionLevels: z.array(
    z.strictObject({
      level: z.number().int(),
      key: z.string(),
      name: Label,
      count: z.number().int(),
      made: z.boolean(),
    }),
  ),
  dictionaries: z.strictObject({
    sources: z.array(SourceEntry),
    categories: z.array(CategoryEntry),
  }),
  totals: z.strictObject({
    read: z.number().int(),
    accepted: z.number().int(),
    rejected: z.number().int(),
    /** accepted = located (to a cell) + divisionOnly + unlocated. */
    located: z.number().int(),
    divisionOnly: z.number().int(),
    unlocated: z.number().int(),
    unmapped: z.number().int(),
    /** Located only to a coarser cell than the finest (sensitive categories). */
    coarsened: z.number().int(),
  }),
  /** The user's own base map, served from the same origin; null = none. */
  basemap: z.strictObject({ kind: z.enum(['pmtiles', 'raster']), url: z.string(), attribution: Label }).nullable(),
  files: z.array(FileEntry),
});
export type Manifest = z.infer<typeof Manifest>;

/** @throws Error when no file has that logical path. */
export function fileAt(manifest: Manifest, path: string): FileEntry {
  const entry = manifest.files.find((file) => file.path === path);
  if (!entry) throw new Error(`snapshot ${manifest.snapshot} has no file ${path}`);
  return entry;
}
