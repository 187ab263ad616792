import { z } from 'zod';
import { Label } from './manifest.ts';

/**
 * A profile: everything the pipeline must know about a city, as data. One folder `data/profiles/<id>/` with `profile.json`
 * and the files it names. Unknown keys are refused; every problem is listed at once with its JSON path.
 */

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected yyyy-MM-dd');
const Key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected lower-case letters, digits and dashes');
/**
 * What the coordinates of a source are. `wgs84` EPSG:4326, `cgcs2000` (equal to it at this scale), `gcj02`, `bd09` (degrees), `web-mercator`
 * EPSG:3857 (metres), or a local projection as a proj4 definition (`x`, `y` in its units). Everything is converted in `normalise` and
 * goes no further.
 */
export const Crs = z.union([
  z.enum(['wgs84', 'cgcs2000', 'gcj02', 'bd09', 'web-mercator']),
  z.strictObject({ proj4: z.string().startsWith('+proj=') }),
]);
export type Crs = z.infer<typeof Crs>;

/** A column name, or `@row` (identity is feed, file and row: for sources without an id); for JSON a path with the wildcards of `format.rows` (`*.point.lat`). Several are joined with `/`. */
const ColumnRef = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/**
 * Date patterns: `yyyy MM dd HH mm ss` two-digit, `M d H` one or two digits, `yyy` a year of the Republic of China (+1911), `a` AM/PM,
 * `excel` a serial day number, `iso` an instant with offset or Z, `epoch-ms` milliseconds UTC. Any other character stands for itself.
 */
const DateField = z.strictObject({
  column: ColumnRef,
  formats: z.array(z.string().min(1)).min(1),
});

/** Rows for which all conditions hold. An absent column is an error of the contract, found before the first row. */
const Condition = z.strictObject({
  column: z.string().min(1),
  in: z.array(z.string()).optional(),
  notIn: z.array(z.string()).optional(),
  contains: z.string().min(1).optional(),
});
export type Condition = z.infer<typeof Condition>;

const Format = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('csv'),
    delimiter: z.string().length(1).default(','),
    encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']).default('utf-8'),
    /** Column names of a file without a header row. */
    header: z.array(z.string()).optional(),
  }),
  /** One JSON object a line. */
  z.strictObject({ type: z.literal('ndjson'), encoding: z.enum(['utf-8', 'gb18030']).default('utf-8') }),
  /** One JSON document; `rows` is the path to a row, `*` = every member: `*.logs.*`. */
  z.strictObject({ type: z.literal('json'), rows: z.string().min(1) }),
  z.strictObject({
    type: z.literal('xlsx'),
    sheet: z.string().optional(),
    /** First row of the header; rows above it are titles. */
    headerRow: z.number().int().positive().default(1),
    /** Rows the header takes. With more than one the names of merged cells are joined from above: `发生/日期`. */
    headerRows: z.number().int().min(1).max(4).default(1),
  }),
  /** FeatureCollection; columns are property names, and `@lng`, `@lat` of a Point. */
  z.strictObject({ type: z.literal('geojson') }),
  z.strictObject({ type: z.literal('parquet') }),
]);
export type Format = z.infer<typeof Format>;

const Feed = z.strictObject({
  id: Key,
  /** File name pattern inside the input folder, `*` and `?`; gzip is told by `.gz`. */
  files: z.string().min(1),
  format: Format,
  source: Key,
  /** Rows that another source of the profile stands for: the first route whose conditions all hold. */
  routes: z.array(z.strictObject({ source: Key, when: z.array(Condition).min(1) })).default([]),
  /** Rows outside are rejected `not-in-scope`. */
  scope: z.array(Condition).default([]),
  /** Rows marked as a duplicate by the source (`duplicate-marked`), or as deleted (`deleted`). */
  duplicateWhen: z.array(Condition).default([]),
  deletedWhen: z.array(Condition).default([]),
  /** Rows that are no records: totals, footnotes (`not-a-record`). */
  notRecordWhen: z.array(Condition).default([]),
  /** Date pattern that stands in the file's name, e.g. `yyyyMMdd`: the day the file was delivered, when rows do not say it. */
  deliveredInName: z.string().min(1).optional(),
  crs: Crs,
  /** Zone of the clock times; default the city's. */
  zone: z.string().optional(),
  fields: z.strictObject({
    id: ColumnRef,
    /** Larger is later; text compares as text, numbers as numbers. Absent: the later row of the later file. */
    revision: z.string().optional(),
    occurred: DateField,
    reported: DateField.optional(),
    closed: DateField.optional(),
    lng: z.string().optional(),
    lat: z.string().optional(),
    /** In place of `lng` and `lat`: one column that holds both. `wkt`: `POINT (x y)`, longitude or easting first. */
    point: z.strictObject({ column: z.string().min(1), format: z.literal('wkt') }).optional(),
    category: ColumnRef,
    stage: z.string().optional(),
    /** The source's own division: tests the declared datum, and places rows without coordinates (precision: that division). */
    division: z
      .strictObject({
        column: ColumnRef,
        level: Key,
        by: z.enum(['code', 'name']),
        /** `prefix`: the column begins with the division's name (`周市镇办事处`). */
        match: z.enum(['whole', 'prefix']).default('whole'),
        /** Source word → division code, for names that differ from ours. */
        map: z.record(z.string(), z.string()).default({}),
      })
      .optional(),
    /** Address or place name: looked up in the profile's gazetteer when there is no coordinate; tells a geocoder's default point from a real address. Never stored. */
    place: ColumnRef.optional(),
  }),
  /** Source stage word → our stage. A word that is not listed is `unknown`. */
  stages: z
    .record(z.string(), z.enum(['unknown', 'received', 'assigned', 'handling', 'closed', 'reviewed']))
    .default({}),
  /** `unlocate`: counted without a place; `reject`: not an incident of this city. */
  outside: z.enum(['unlocate', 'reject']).default('unlocate'),
  /**
   * A file whose coordinates are not in the declared datum: `stop` the run, or `distrust` the coordinates of that file and place its rows
   * by their own division (a person decided so; the file is named in the warnings and in quality.json).
   */
  datumMistake: z.enum(['stop', 'distrust']).default('stop'),
  /** In place of `thresholds.maxOutsideShare`, for a feed whose places lie elsewhere by nature. */
  maxOutsideShare: z.number().min(0).max(1).optional(),
  /** Source code → category of our tree. Keys of several columns are joined with `/`; `A/*` stands for all codes beginning with `A/`. */
  categories: z.string().min(1),
  /** Columns that are expected and deliberately not read, with the reason. */
  notRead: z.record(z.string(), z.string().min(1)).default({}),
});
export type Feed = z.infer<typeof Feed>;

const DivisionLevel = z.strictObject({
  key: Key,
  name: Label,
  /** Outlines made for a sample, no real boundaries. */
  made: z.boolean().default(false),
  /** GeoJSON or TopoJSON, `.gz` allowed; looked for in the profile folder, then in the input folder. */
  file: z.string().optional(),
  /** Member of a TopoJSON's `objects`. */
  object: z.string().optional(),
  crs: Crs.default('wgs84'),
  /** Property names; `{A}{B}` joins properties. */
  code: z.string(),
  nameProperty: z.string(),
  nameEnProperty: z.string().optional(),
  populationProperty: z.string().optional(),
  /** Code of the parent division one level up: a property, or the first n characters of the own code. Absent on level 1. */
  parent: z
    .union([z.strictObject({ property: z.string() }), z.strictObject({ prefix: z.number().int().positive() })])
    .optional(),
  /** Level without a file of its own: united from the level below by these properties of it. */
  dissolveFrom: z
    .strictObject({ level: Key, code: z.string(), name: z.string(), nameEn: z.string().optional() })
    .optional(),
});
export type DivisionLevel = z.infer<typeof DivisionLevel>;

export const Profile = z.strictObject({
  id: Key,
  name: Label,
  attribution: Label,
  /** IANA zone; all days, hours and weeks are in it. */
  zone: z.string().min(1),
  /** Half-open days of the statistics. Absent: from the first to the last accepted day. */
  window: z.strictObject({ firstDay: Day, endDay: Day }).optional(),
  grid: z.strictObject({
    finest: z.literal(10).default(10),
    coarsest: z.number().int().min(4).max(7).default(5),
    overview: z.union([z.literal(7), z.literal(8)]).default(8),
  }),
  /** Outermost first. The study area is the union of level 1. */
  divisions: z.array(DivisionLevel).min(1),
  /** Persons per small area, joined to divisions by code. */
  exposure: z
    .strictObject({
      file: z.string(),
      code: z.string(),
      persons: z.string(),
      level: Key,
      codeMap: z.string().optional(),
    })
    .optional(),
  /** Known addresses and place names: CSV in UTF-8 with a header, in the profile or input folder. */
  gazetteer: z
    .strictObject({
      file: z.string(),
      name: z.string(),
      lng: z.string(),
      lat: z.string(),
      crs: Crs.default('wgs84'),
      /** Finest cell a place may be read at; column or fixed resolution. */
      resolution: z.union([z.string(), z.number().int().min(5).max(10)]).default(10),
    })
    .optional(),
  sources: z
    .array(
      z.strictObject({
        key: Key,
        kind: z.enum(['complaint', 'police', 'dispute', 'other']),
        name: Label,
        cadenceDays: z.number().positive(),
      }),
    )
    .min(1),
  feeds: z.array(Feed).min(1),
  /** JSON file with `source code → our category code`, per name used in `feeds[].categories`. */
  mapping: z.string().default('mapping.json'),
  calendar: z.string().default('calendar.json'),
  /** Water bodies drawn on the base map, WGS 84 GeoJSON in the profile or input folder. */
  water: z.string().optional(),
  /** Places of public service drawn on the map: WGS 84 GeoJSON points with `name` and, if known, `name_en` and `kind`, in the profile folder. */
  facilities: z.string().optional(),
  basemap: z.strictObject({ kind: z.enum(['pmtiles', 'raster']), url: z.string(), attribution: Label }).optional(),
  publish: z.strictObject({
    /** Cut facts by this division level; `city` = one file a period. */
    factsBy: z.string().default('city'),
    factsPeriod: z.enum(['month', 'quarter', 'year']).default('quarter'),
    /** Sensitive categories: coarsest place published, and never the hour. */
    sensitiveResolution: z.number().int().min(5).max(9).default(8),
    /** Smallest count published at grade `wall`; `kSensitive` for sensitive categories. */
    k: z.number().int().min(3).default(5),
    kSensitive: z.number().int().min(3).default(10),
    /** Snapshots kept for rollback and comparison; older ones are collected. */
    keep: z
      .strictObject({
        snapshots: z.number().int().min(1).default(8),
        days: z.number().min(0).default(30),
        graceMinutes: z.number().min(0).default(60),
      })
      .default({ snapshots: 8, days: 30, graceMinutes: 60 }),
  }),
  thresholds: z.strictObject({
    /** A file with a larger share of rows swapped, outside or unreadable stops the run. */
    maxSwappedShare: z.number().min(0).max(1),
    maxOutsideShare: z.number().min(0).max(1),
    maxRejectedShare: z.number().min(0).max(1),
    /** Larger share of rows without category mapping: warning on the command line and on screen. */
    unmappedShareToWarn: z.number().min(0).max(1),
    /** Share of a file's (or a month's) rows that lie in another datum than declared: more stops the run. */
    maxDatumShare: z.number().min(0).max(1).default(0.05),
    /** Rows on exactly one point from which it is looked at as a pile-up. */
    pileUpRows: z.number().int().min(10).default(50),
    /** Share of unreadable values in a mapped column: more means the column changed its type, and stops the run. */
    maxUnreadableShare: z.number().min(0).max(1).default(0.25),
  }),
});
export type Profile = z.infer<typeof Profile>;

/** `mapping.json`: per scheme, source code → code of our category tree. */
export const Mapping = z.record(z.string(), z.record(z.string(), z.string()));
export type Mapping = z.infer<typeof Mapping>;

/** Half-open days with a name. */
const NamedSpan = z.strictObject({ firstDay: Day, endDay: Day, name: Label });

/** `calendar.json`: what the city knows about its own time. `core/time/city-calendar.ts` answers questions from it. */
export const Calendar = z.strictObject({
  /** Take statutory holidays and make-up working days from `data/calendars/<this>/<year>.json`, besides those listed here. */
  holidaysFrom: z.enum(['cn']).optional(),
  /** Whether life follows Spring Festival. Default: where `holidaysFrom` says so. */
  springFestival: z.boolean().optional(),
  /**
   * Known breaks: before and after the day counts do not mean the same. Without `source` all sources, without `category` all categories;
   * `endDay` (not inside) for an outage that ended.
   */
  breaks: z
    .array(
      z.strictObject({
        day: Day,
        endDay: Day.optional(),
        source: Key.optional(),
        category: z.string().min(1).optional(),
        kind: z.enum(['channel-opened', 'recode', 'outage', 'policy']).default('policy'),
        what: Label,
      }),
    )
    .default([]),
  holidays: z.array(NamedSpan).default([]),
  /** Saturdays and Sundays on which people work (调休). */
  makeUpWorkdays: z.array(Day).default([]),
  schoolTerms: z.array(NamedSpan).default([]),
});
export type Calendar = z.infer<typeof Calendar>;

/** `data/calendars/<country>/<year>.json`: the holidays of one year as the government announced them. */
export const HolidayNotice = z.strictObject({
  year: z.number().int().min(1901).max(2099),
  /** Number of the notice, and of later ones that changed it. */
  notice: z.string().min(1),
  amendedBy: z.array(z.string().min(1)).optional(),
  sources: z.array(z.string().min(1)),
  holidays: z.array(NamedSpan),
  makeUpWorkdays: z.array(Day),
});
export type HolidayNotice = z.infer<typeof HolidayNotice>;

/** A node of `data/categories.json`, our three-level tree; a code is `group`, `group.class` or `group.class.item`. */
export const CategoryNode: z.ZodType<CategoryNode> = z.lazy(() =>
  z.strictObject({
    code: z.string().regex(/^[a-z-]+(\.[a-z-]+){0,2}$/),
    zh: z.string().min(1),
    en: z.string().min(1),
    severity: z.number().int().min(0).max(4).optional(),
    sensitive: z.boolean().optional(),
    children: z.array(CategoryNode).optional(),
  }),
);
export interface CategoryNode {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly severity?: number | undefined;
  readonly sensitive?: boolean | undefined;
  readonly children?: readonly CategoryNode[] | undefined;
}

/** Whether the rows of a feed say coordinates at all. */
export const hasCoordinates = ({ fields }: Pick<Feed, 'fields'>): boolean =>
  fields.lng !== undefined || fields.point !== undefined;

/** Every problem with its JSON path, or the profile. Also checks what one schema cannot: references between parts. */
export function parseProfile(input: unknown): { ok: true; profile: Profile } | { ok: false; problems: string[] } {
  const parsed = Profile.safeParse(input);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => `${path(issue.path)}: ${issue.message}`) };
  }
  const profile = parsed.data;
  const problems: string[] = [];
  const sources = new Set(profile.sources.map((source) => source.key));
  const levels = profile.divisions.map((level) => level.key);
  profile.feeds.forEach((feed, i) => {
    if (!sources.has(feed.source)) problems.push(`$.feeds[${i}].source: no source "${feed.source}" in $.sources`);
    feed.routes.forEach((route, j) => {
      if (!sources.has(route.source))
        problems.push(`$.feeds[${i}].routes[${j}].source: no source "${route.source}" in $.sources`);
    });
    if (feed.fields.division && !levels.includes(feed.fields.division.level))
      problems.push(`$.feeds[${i}].fields.division.level: no level "${feed.fields.division.level}"`);
    if ((feed.fields.lng === undefined) !== (feed.fields.lat === undefined))
      problems.push(`$.feeds[${i}].fields: lng and lat belong together`);
    if (feed.fields.point && feed.fields.lng !== undefined)
      problems.push(`$.feeds[${i}].fields: point stands in place of lng and lat, not beside them`);
  });
  profile.divisions.forEach((level, i) => {
    if (i > 0 && !level.parent) problems.push(`$.divisions[${i}].parent: needed below level 1`);
    if (!level.file && !level.dissolveFrom) problems.push(`$.divisions[${i}]: needs file or dissolveFrom`);
    if (level.dissolveFrom && !levels.includes(level.dissolveFrom.level))
      problems.push(`$.divisions[${i}].dissolveFrom.level: no level "${level.dissolveFrom.level}"`);
  });
  if (profile.publish.factsBy !== 'city' && !levels.includes(profile.publish.factsBy))
    problems.push(`$.publish.factsBy: no level "${profile.publish.factsBy}"`);
  if (profile.exposure && !levels.includes(profile.exposure.level))
    problems.push(`$.exposure.level: no level "${profile.exposure.level}"`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: profile.zone });
  } catch {
    problems.push(`$.zone: "${profile.zone}" is not a time zone`);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, profile };
}

function path(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    '$',
  );
}
