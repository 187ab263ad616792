import { cellToParent, latLngToCell } from 'h3-js';
import type { CategoryEntry } from '../../core/contract/manifest.ts';
import type { Condition, Feed, Profile } from '../../core/contract/profile.ts';
import type { DivisionIndex } from '../../core/geo/division-index.ts';
import { fromGcj02 } from '../../core/geo/gcj02.ts';
import { cellIdOf, cellKey } from '../../core/grid/study-grid.ts';
import { STAGES, UNMAPPED_CATEGORY_ID } from '../../core/incident/dimensions.ts';
import { personLike } from '../../core/incident/person-like.ts';
import {
  type RejectReason,
  UNLOCATED_REASONS,
  type UnlocatedReason,
  type Warning,
} from '../../core/incident/reasons.ts';
import { dateReader } from '../../core/time/date-pattern.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import { betweenZones, zoneOffset } from '../../core/time/zone.ts';
import { InputError } from '../errors.ts';
import { idHasher } from './hmac-id.ts';
import { type IncidentColumns, NONE_U8, NONE_U16, NONE_U32 } from './incident-batch.ts';

/** What the rows of one feed are measured against. */
export interface NormaliseContext {
  readonly profile: Profile;
  readonly feed: Feed;
  readonly feedIndex: number;
  readonly categories: readonly CategoryEntry[];
  readonly mapping: Readonly<Record<string, string>>;
  readonly index: DivisionIndex;
  readonly keys: Float64Array;
  /** Per division: the deepest ancestor-or-self of at least SENSITIVE_DIVISION_KM2. */
  readonly coarseDivision: Uint32Array;
  readonly idKey: Uint8Array;
}

/** A sensitive incident is published with no division smaller than a resolution-7 cell. */
export const SENSITIVE_DIVISION_KM2 = 5.16;

export interface Rejection {
  readonly row: number;
  readonly column: string;
  readonly reason: RejectReason;
  readonly raw: string;
}

export interface FileTally {
  read: number;
  /** Over all rows read, also those set aside later: what the thresholds look at. */
  readonly unlocated: Record<string, number>;
  readonly warnings: Record<string, number>;
  /** Unmapped codes in the order in which they were met. */
  readonly unmapped: Map<string, number>;
  readonly personLike: Record<string, number>;
}

export const newTally = (): FileTally => ({
  read: 0,
  unlocated: {},
  warnings: {},
  unmapped: new Map(),
  personLike: {},
});

interface Located {
  readonly cell: number;
  readonly division: number;
  readonly problem: UnlocatedReason | null;
}

interface Classified {
  readonly entry: CategoryEntry | null;
  readonly refused: string | null;
}

const UNLOCATED_KEYS = Object.keys(UNLOCATED_REASONS) as UnlocatedReason[];
const STAGE_IDS = new Map(STAGES.map((stage) => [stage.key as string, stage.id]));
const CACHE_LIMIT = 250_000;

/**
 * One raw row → one incident in columns, or a rejection. Checks in this order, the first that fails names the row: column count, id,
 * scope, duplicate mark, date, window, person-like value, place (only where the profile rejects it). The same row always gives
 * the same result: nothing here knows the time of day or the order of rows.
 *
 * @returns writes row i of `out` and returns null, or returns the rejection
 */
export function normaliser(context: NormaliseContext, columns: readonly string[], path: string) {
  const { profile, feed } = context;
  const at = columnFinder(columns, path);
  const idCells = feed.fields.id === '@row' ? null : at.all(feed.fields.id, 'fields.id');
  const idName = text(feed.fields.id);
  const hasher = idHasher(context.idKey, feed.id);
  const cityOffset = zoneOffset(profile.zone);
  const shift = feed.zone && feed.zone !== profile.zone ? betweenZones(zoneOffset(feed.zone), cityOffset) : null;
  const date = (field: NonNullable<Feed['fields']['reported']>, name: string) => {
    const cells = at.all(field.column, name);
    const read = dateReader(field.formats, cityOffset);
    // Instants come out on the city's clock already; clock times of another zone are shifted.
    const instants = field.formats.every((format) => format === 'iso' || format === 'epoch-ms');
    const convert = shift && !instants ? shift : null;
    return {
      column: text(field.column),
      raw: (row: readonly string[]): string => join(row, cells),
      read: (raw: string): ReturnType<typeof read> => {
        const time = read(raw);
        return time && convert ? { ...time, localMinute: convert(time.localMinute) } : time;
      },
    };
  };
  const occurred = date(feed.fields.occurred, 'fields.occurred');
  const reported = feed.fields.reported ? date(feed.fields.reported, 'fields.reported') : null;
  const closed = feed.fields.closed ? date(feed.fields.closed, 'fields.closed') : null;
  const lngCell = feed.fields.lng === undefined ? -1 : at.one(feed.fields.lng, 'fields.lng');
  const latCell = feed.fields.lat === undefined ? -1 : at.one(feed.fields.lat, 'fields.lat');
  const categoryCells = at.all(feed.fields.category, 'fields.category');
  const stageCell = feed.fields.stage === undefined ? -1 : at.one(feed.fields.stage, 'fields.stage');
  const revisionCell = feed.fields.revision === undefined ? -1 : at.one(feed.fields.revision, 'fields.revision');
  const inScope = predicate(feed.scope, at, 'scope');
  const isDuplicate = feed.duplicateWhen.length > 0 ? predicate(feed.duplicateWhen, at, 'duplicateWhen') : () => false;
  const isDeleted = feed.deletedWhen.length > 0 ? predicate(feed.deletedWhen, at, 'deletedWhen') : () => false;
  const sourceIds = new Map(profile.sources.map((source, i) => [source.key, i]));
  const ownSource = sourceIds.get(feed.source) as number;
  const routes = feed.routes.map((route, i) => ({
    source: sourceIds.get(route.source) as number,
    when: predicate(route.when, at, `routes[${i}]`),
  }));
  at.finish();
  const firstDay = profile.window ? parseIsoDate(profile.window.firstDay) : 1;
  const endDay = profile.window ? parseIsoDate(profile.window.endDay) : NONE_U16;
  const classify = classifier(context);
  const locate = locator(context);
  const width = columns.length;
  let words = wordsOf(null);

  return (
    row: readonly string[],
    number: number,
    fileIndex: number,
    out: IncidentColumns,
    i: number,
    tally: FileTally,
  ): Rejection | null => {
    if (row.length !== width) return reject(number, '', 'wrong-column-count', `${row.length} / ${width}`);
    const id = idCells ? join(row, idCells).trim() : `${path.split('/').pop()}:${number}`;
    if (id === '' || idCells?.every((cell) => (row[cell] as string).trim() === ''))
      return reject(number, idName, 'id-missing', '');
    if (!inScope(row)) return reject(number, text(feed.scope.map((condition) => condition.column)), 'not-in-scope', '');
    if (isDuplicate(row))
      return reject(number, text(feed.duplicateWhen.map((condition) => condition.column)), 'duplicate-marked', '');
    const rawDate = occurred.raw(row).trim();
    if (rawDate === '') return reject(number, occurred.column, 'date-missing', '');
    const time = occurred.read(rawDate);
    if (!time) return reject(number, occurred.column, 'date-unreadable', rawDate);
    const day = Math.floor(time.localMinute / 1440);
    if (day < firstDay || day >= endDay) return reject(number, occurred.column, 'date-outside-window', rawDate);
    const code = join(row, categoryCells);
    const { entry, refused } = classify(code);
    if (refused) {
      tally.personLike[refused] = (tally.personLike[refused] ?? 0) + 1; // a tally starts at nothing seen
      return reject(number, text(feed.fields.category), 'person-like-value', '');
    }
    const place = lngCell < 0 ? COORDINATE_MISSING : locate(row[lngCell] as string, row[latCell] as string);
    if (place.problem === 'coordinate-outside' && feed.outside === 'reject') {
      return reject(
        number,
        `${feed.fields.lng},${feed.fields.lat}`,
        'coordinate-outside',
        `${row[lngCell]}, ${row[latCell]}`,
      );
    }
    let closeHours = NONE_U16;
    const rawClosed = closed ? closed.raw(row).trim() : '';
    if (closed && rawClosed !== '') {
      const end = closed.read(rawClosed);
      if (!end) warn(tally, 'closed-unreadable');
      else if (end.localMinute < time.localMinute) warn(tally, 'closed-before-occurred');
      else closeHours = closingHours(end.localMinute - time.localMinute);
    }
    const reportedTime = reported ? reported.read(reported.raw(row).trim()) : null;
    let unmappedCode = NONE_U32;
    if (!entry) {
      warn(tally, 'unmapped-category');
      unmappedCode = tally.unmapped.get(code) ?? tally.unmapped.size; // a code not met yet takes the next number
      tally.unmapped.set(code, unmappedCode);
    }
    out.unmapped_code[i] = unmappedCode;
    if (place.problem) tally.unlocated[place.problem] = (tally.unlocated[place.problem] ?? 0) + 1; // a tally starts at nothing seen
    const sensitive = entry?.sensitive === true;
    let source = ownSource;
    for (const route of routes) {
      if (route.when(row)) {
        source = route.source;
        break;
      }
    }
    const digest = hasher(id);
    out.feed[i] = context.feedIndex;
    out.source[i] = source;
    if (words.of !== out) words = wordsOf(out);
    words.high[i * 2] = digest.readUInt32LE(0);
    words.high[i * 2 + 1] = digest.readUInt32LE(4);
    words.low[i * 2] = digest.readUInt32LE(8);
    words.low[i * 2 + 1] = digest.readUInt32LE(12);
    words.seq[i * 2] = number;
    words.seq[i * 2 + 1] = fileIndex;
    out.revision[i] = revisionCell < 0 ? 0 : revisionNumber(row[revisionCell] as string);
    out.day[i] = day;
    out.hour[i] = time.hasTime && !sensitive ? Math.floor(time.localMinute / 60) % 24 : NONE_U8;
    out.category[i] = entry?.id ?? UNMAPPED_CATEGORY_ID;
    out.severity[i] = entry?.severity ?? 0; // 0 = not graded: an unmapped category has no grade
    out.stage[i] =
      stageCell < 0 ? 0 : (STAGE_IDS.get(feed.stages[(row[stageCell] as string).trim()] ?? 'unknown') as number);
    out.close_hours[i] = closeHours;
    out.unlocated[i] = place.problem ? UNLOCATED_KEYS.indexOf(place.problem) : NONE_U8;
    out.reported_minute[i] = reportedTime?.localMinute ?? time.localMinute;
    out.deleted[i] = isDeleted(row) ? 1 : 0;
    if (place.problem) {
      out.cell_id[i] = NONE_U32;
      out.res[i] = 0;
      out.division[i] = NONE_U32;
    } else if (sensitive) {
      out.cell_id[i] = coarseCell(context, place.cell);
      out.res[i] = profile.publish.sensitiveResolution;
      out.division[i] = context.coarseDivision[place.division] as number;
    } else {
      out.cell_id[i] = place.cell;
      out.res[i] = profile.grid.finest;
      out.division[i] = place.division;
    }
    return null;
  };
}

/** The 64-bit columns seen as pairs of 32-bit words, low word first: no BigInt is made per value. */
function wordsOf(out: IncidentColumns | null) {
  const view = (column: BigUint64Array | undefined): Uint32Array =>
    column ? new Uint32Array(column.buffer) : new Uint32Array(0);
  return { of: out, high: view(out?.id_high), low: view(out?.id_low), seq: view(out?.seq) };
}

// Functions made once: a closure a row costs more than the work in it.
const reject = (row: number, column: string, reason: RejectReason, raw: string): Rejection => ({
  row,
  column,
  reason,
  raw,
});
const warn = (tally: FileTally, warning: Warning): void => {
  tally.warnings[warning] = (tally.warnings[warning] ?? 0) + 1; // a tally starts at nothing seen
};

/** Whole hours; from 72 on whole days, where the hour says nothing and costs a byte an incident on the wire. */
function closingHours(minutes: number): number {
  const hours = Math.floor(minutes / 60);
  return Math.min(hours < 72 ? hours : hours - (hours % 24), 65_520);
}

const unlocated = (problem: UnlocatedReason): Located => ({ cell: NONE_U32, division: NONE_U32, problem });
const COORDINATE_MISSING = unlocated('coordinate-missing');
const COORDINATE_UNREADABLE = unlocated('coordinate-unreadable');
const COORDINATE_ZERO = unlocated('coordinate-zero');
const COORDINATE_SWAPPED = unlocated('coordinate-swapped');
const COORDINATE_OUTSIDE = unlocated('coordinate-outside');

/** Slots of the coordinate memory: a later pair of the same slot takes the place of the earlier, so it never grows. */
const SLOTS = 1 << 16;

/** Coordinates repeat in real feeds (one address, many tickets): a pair seen lately is not worked out again. */
function locator(context: NormaliseContext): (lng: string, lat: string) => Located {
  const lngs = new Float64Array(SLOTS).fill(Number.NaN);
  const lats = new Float64Array(SLOTS).fill(Number.NaN);
  const known = new Array<Located>(SLOTS);
  return (rawLng, rawLat) => {
    const lngText = rawLng.trim();
    const latText = rawLat.trim();
    if (isBlank(lngText) || isBlank(latText)) return COORDINATE_MISSING;
    const lng = Number(lngText);
    const lat = Number(latText);
    if (!Number.isFinite(lng) || !Number.isFinite(lat)) return COORDINATE_UNREADABLE;
    const slot = (Math.imul(Math.floor(lng * 1e6), 0x9e3779b1) ^ Math.imul(Math.floor(lat * 1e6), 0x85ebca6b)) >>> 16;
    if (lngs[slot] === lng && lats[slot] === lat) return known[slot] as Located;
    const located = locatePoint(context, lng, lat);
    lngs[slot] = lng;
    lats[slot] = lat;
    known[slot] = located;
    return located;
  };
}

function locatePoint(context: NormaliseContext, lng: number, lat: number): Located {
  if (lng === 0 && lat === 0) return COORDINATE_ZERO;
  const isGcj02 = context.feed.crs === 'gcj02';
  const inRange = Math.abs(lng) <= 180 && Math.abs(lat) <= 90;
  const point = inRange ? (isGcj02 ? fromGcj02({ lng, lat }) : { lng, lat }) : null;
  const division = point ? context.index.at(point.lng, point.lat) : null;
  if (!point || division === null) return isSwapped(context, lng, lat) ? COORDINATE_SWAPPED : COORDINATE_OUTSIDE;
  const cell = cellIdOf(context.keys, cellKey(latLngToCell(point.lat, point.lng, context.profile.grid.finest)));
  return cell < 0 ? COORDINATE_OUTSIDE : { cell, division, problem: null };
}

/** Would the point lie in the study area with longitude and latitude exchanged? */
function isSwapped(context: NormaliseContext, lng: number, lat: number): boolean {
  if (Math.abs(lat) > 180 || Math.abs(lng) > 90) return false;
  const swapped = context.feed.crs === 'gcj02' ? fromGcj02({ lng: lat, lat: lng }) : { lng: lat, lat: lng };
  return context.index.at(swapped.lng, swapped.lat) !== null;
}

const isBlank = (value: string): boolean => value === '' || value === 'NA' || value === 'NULL' || value === 'null';

/** Some id inside the coarser cell; `res` says that only the coarser cell may be read from it. */
function coarseCell(context: NormaliseContext, cell: number): number {
  const { keys, profile } = context;
  const parent = cellToParent(`${(keys[cell] as number).toString(16)}fff`, profile.publish.sensitiveResolution);
  // The first id of the parent's range: the smallest key with the parent's prefix. Every member of the range gives the same answer.
  let first = cell;
  while (
    first > 0 &&
    cellToParent(`${(keys[first - 1] as number).toString(16)}fff`, profile.publish.sensitiveResolution) === parent
  )
    first--;
  return first;
}

function classifier(context: NormaliseContext): (code: string) => Classified {
  const byCode = new Map(context.categories.map((entry) => [entry.code, entry]));
  const exact = new Map<string, CategoryEntry>();
  const prefixes: { prefix: string; entry: CategoryEntry }[] = [];
  for (const [code, target] of Object.entries(context.mapping)) {
    const entry = byCode.get(target) as CategoryEntry;
    if (code.endsWith('/*')) prefixes.push({ prefix: code.slice(0, -1), entry });
    else exact.set(code, entry);
  }
  prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  const cache = new Map<string, Classified>();
  return (code) => {
    const known = cache.get(code);
    if (known) return known;
    const entry = exact.get(code) ?? prefixes.find((candidate) => code.startsWith(candidate.prefix))?.entry ?? null;
    const result = { entry, refused: entry ? null : personLike(code) };
    if (cache.size > CACHE_LIMIT) cache.clear();
    cache.set(code, result);
    return result;
  };
}

/** `3` → 3; a date or time → its digits, so that later is larger. Anything else counts as the oldest. */
function revisionNumber(raw: string): number {
  const value = Number(raw);
  if (raw.trim() !== '' && Number.isFinite(value)) return value;
  const digits = Number(raw.replace(/\D/g, '').slice(0, 14));
  return Number.isFinite(digits) ? digits : 0;
}

const text = (column: string | readonly string[]): string => (typeof column === 'string' ? column : column.join('/'));

function join(row: readonly string[], cells: readonly number[]): string {
  let joined = row[cells[0] as number] as string;
  for (let i = 1; i < cells.length; i++) joined += `/${row[cells[i] as number]}`;
  return joined;
}

interface ColumnFinder {
  readonly one: (column: string, field: string) => number;
  readonly all: (column: string | readonly string[], field: string) => number[];
  /** @throws InputError naming every column that is not there */
  readonly finish: () => void;
}

function columnFinder(columns: readonly string[], path: string): ColumnFinder {
  const missing: string[] = [];
  const one = (column: string, field: string): number => {
    const index = columns.indexOf(column);
    if (index < 0)
      missing.push(`required column "${column}" (${field}) is missing; the file has: ${columns.join(', ')}`);
    return index;
  };
  return {
    one,
    all: (column, field) =>
      typeof column === 'string' ? [one(column, field)] : column.map((name) => one(name, field)),
    finish: () => {
      if (missing.length > 0) throw new InputError(path, missing);
    },
  };
}

function predicate(
  conditions: readonly Condition[],
  at: ColumnFinder,
  field: string,
): (row: readonly string[]) => boolean {
  const tests = conditions.map((condition) => {
    const cell = at.one(condition.column, field);
    const isIn = condition.in ? new Set(condition.in) : null;
    const notIn = condition.notIn ? new Set(condition.notIn) : null;
    return (row: readonly string[]): boolean => {
      const value = (row[cell] as string).trim();
      if (isIn && !isIn.has(value)) return false;
      if (notIn?.has(value)) return false;
      return condition.contains === undefined || value.includes(condition.contains);
    };
  });
  return (row) => tests.every((test) => test(row));
}

/** Columns a feed names, for readers that pick by name and for the privacy report. */
export function wantedColumns(feed: Feed): string[] {
  const names = new Set<string>();
  const add = (column: string | readonly string[] | undefined): void => {
    if (column === undefined || column === '@row') return;
    for (const name of typeof column === 'string' ? [column] : column) names.add(name);
  };
  const { fields } = feed;
  for (const column of [fields.id, fields.revision, fields.lng, fields.lat, fields.category, fields.stage]) add(column);
  for (const field of [fields.occurred, fields.reported, fields.closed]) add(field?.column);
  for (const condition of [
    ...feed.scope,
    ...feed.duplicateWhen,
    ...feed.deletedWhen,
    ...feed.routes.flatMap((route) => route.when),
  ])
    add(condition.column);
  return [...names];
}
