import type { CategoryEntry } from '../../core/contract/manifest.ts';
import type { Feed, Profile } from '../../core/contract/profile.ts';
import type { DatumEvidence } from '../../core/geo/datum-test.ts';
import { wktPoint } from '../../core/geo/wkt.ts';
import { STAGES, UNMAPPED_CATEGORY_ID } from '../../core/incident/dimensions.ts';
import { REJECT_KEYS, type RejectReason } from '../../core/incident/reasons.ts';
import { shownValue } from '../../core/privacy/shown.ts';
import { hasTimeOf, minuteOf } from '../../core/time/date-scan.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import type { RecordBlock } from '../io/readers/records.ts';
import { BLANK, closingHours, numberOf, revisionNumber, spanHash } from './cell-number.ts';
import { type CellText, cellText, trimEnd, trimStart } from './cell-text.ts';
import { bump, type FileTally, type Rejection, warn } from './file-tally.ts';
import { idHasher } from './hmac-id.ts';
import { NONE_U8, NONE_U16, NONE_U32, type PartColumns } from './incident-columns.ts';
import { firstIdInside, type Ground, LOCATED, locator, type Place, type ToWgs84, UNLOCATED_KEYS } from './locate.ts';
import type { OwnDivisions, PlaceNames } from './own-place.ts';
import { monthOfDay } from './part.ts';
import { classifier } from './record-category.ts';
import { columnFinder, columnsOf, nameOf } from './record-columns.ts';
import { predicate, type Test } from './record-conditions.ts';
import { dateColumns } from './record-dates.ts';

/** What the rows of one file are measured against. */
export interface NormaliseContext {
  readonly profile: Profile;
  readonly feed: Feed;
  readonly categories: readonly CategoryEntry[];
  readonly mapping: Readonly<Record<string, string>>;
  readonly ground: Ground;
  readonly toWgs84: ToWgs84;
  readonly ownDivisions: OwnDivisions | null;
  readonly places: PlaceNames | null;
  /** Per division: the deepest ancestor-or-self of at least SENSITIVE_DIVISION_KM2. */
  readonly coarseDivision: Uint32Array;
  readonly idKey: Uint8Array;
  /** Stands for the file in the ids of rows without one: the hash of its content. */
  readonly fileHash: string;
  /** Day (days since 1970) on which the file was delivered, when its name says so. */
  readonly deliveredDay: number | null;
  /** Told every row that has coordinates and an own division: x, y as written, division id, month `202611`. */
  readonly datum: Pick<DatumEvidence, 'add'> | null;
}

/** A sensitive incident is published with no division smaller than a resolution-7 cell. */
export const SENSITIVE_DIVISION_KM2 = 5.16;

const STAGE_IDS = new Map(STAGES.map((stage) => [stage.key as string, stage.id]));
const METHOD_COORDINATE = 1;
const METHOD_GAZETTEER = 2;
const METHOD_DIVISION = 3;
const MISSING = UNLOCATED_KEYS.indexOf('coordinate-missing');
const UNREADABLE = UNLOCATED_KEYS.indexOf('coordinate-unreadable');
const OUTSIDE = UNLOCATED_KEYS.indexOf('coordinate-outside');
const statusOf = (reason: RejectReason): number => REJECT_KEYS.indexOf(reason) + 1;

/**
 * Raw records → incidents in columns, or rejections. Checks in this order, the first that fails names the record: shape, note, id,
 * scope, duplicate mark, deletion, date, window, person-like value, place (only where the profile rejects it). The same record always
 * gives the same result: nothing here knows the time of day or the order of records.
 *
 * @returns function reading record r of a block into row i of `out`; true when the row was written. A record that is known by its id
 * but stands for no incident (deleted, marked, out of scope or window) is both: rejected, and written with its `status`.
 */
export function normaliser(
  context: NormaliseContext,
  reader: { readonly columns: readonly string[]; readonly encoding: 'utf-8' | 'gb18030' },
  path: string,
  reject: (rejection: Rejection) => void,
) {
  const { profile, feed, ground } = context;
  const at = columnFinder(reader.columns, path, feed);
  const width = reader.columns.length;
  const idCells = feed.fields.id === '@row' ? null : at.all(feed.fields.id, 'fields.id');
  const idName = nameOf(feed.fields.id);
  const hasher = idHasher(context.idKey, feed.id);
  const dates = dateColumns(context, at, reader.encoding);
  const lngCell = feed.fields.lng === undefined ? -1 : at.one(feed.fields.lng, 'fields.lng');
  const latCell = feed.fields.lat === undefined ? -1 : at.one(feed.fields.lat, 'fields.lat');
  const pointCell = feed.fields.point === undefined ? -1 : at.one(feed.fields.point.column, 'fields.point');
  const xName = feed.fields.point?.column ?? feed.fields.lng ?? '';
  const yName = feed.fields.point?.column ?? feed.fields.lat ?? '';
  const xy = new Float64Array(2);
  const categoryCells = at.all(feed.fields.category, 'fields.category');
  const stageCell = feed.fields.stage === undefined ? -1 : at.one(feed.fields.stage, 'fields.stage');
  const revisionCell = feed.fields.revision === undefined ? -1 : at.one(feed.fields.revision, 'fields.revision');
  const ownCells = feed.fields.division ? at.all(feed.fields.division.column, 'fields.division') : null;
  const placeCells = feed.fields.place === undefined ? null : at.all(feed.fields.place, 'fields.place');
  const texts = (): CellText => cellText(reader.encoding);
  const notRecord = predicate(feed.notRecordWhen, at, 'notRecordWhen', texts);
  const inScope = predicate(feed.scope, at, 'scope', texts);
  const isDuplicate = predicate(feed.duplicateWhen, at, 'duplicateWhen', texts);
  const isDeleted = predicate(feed.deletedWhen, at, 'deletedWhen', texts);
  const sourceIds = new Map(profile.sources.map((source, i) => [source.key, i]));
  const ownSource = sourceIds.get(feed.source) as number;
  const routes = feed.routes.map((route, i) => ({
    source: sourceIds.get(route.source) as number,
    when: predicate(route.when, at, `routes[${i}]`, texts) as Test,
  }));
  at.finish();
  const firstDay = profile.window ? parseIsoDate(profile.window.firstDay) : 1;
  const endDay = profile.window ? parseIsoDate(profile.window.endDay) : NONE_U16;
  const classify = classifier(context, categoryCells, texts);
  const stageTexts = texts();
  const stageIds: number[] = [];
  const locate = locator(ground, context.toWgs84);
  const locateWgs84 = locator(ground, (lng, lat, out) => {
    out[0] = lng;
    out[1] = lat;
  });
  const place: Place = { cell: NONE_U32, division: NONE_U32, problem: MISSING };
  const plain = new TextDecoder(reader.encoding, { fatal: true });
  const ownTexts = texts();
  const ownIds: number[] = [];
  const coarseCells = new Map<number, number>();
  let scratch = new Uint8Array(256);
  const encoder = new TextEncoder();

  /** Coordinates of the record into `xy`: BLANK when it says none, NaN where one cannot be read. */
  const readPoint = ({ bytes, start, end }: RecordBlock, base: number): void => {
    if (pointCell < 0) {
      xy[0] = numberOf(bytes, start[base + lngCell] as number, end[base + lngCell] as number);
      xy[1] = numberOf(bytes, start[base + latCell] as number, end[base + latCell] as number);
      return;
    }
    const found = wktPoint(bytes, start[base + pointCell] as number, end[base + pointCell] as number, xy);
    if (found !== 1) xy.fill(found === 0 ? BLANK : Number.NaN);
  };

  const raw = (block: RecordBlock, r: number, cell: number): string => {
    const i = r * width + cell;
    return plain.decode(block.bytes.subarray(block.start[i], block.end[i])).trim();
  };
  const rawAll = (block: RecordBlock, r: number, cells: readonly number[]): string =>
    cells.map((cell) => raw(block, r, cell)).join('/');

  /** Hashes the id of the record; false when it is empty. */
  const hashId = (block: RecordBlock, r: number, row: number): boolean => {
    if (!idCells) {
      const bytes = encoder.encode(`${context.fileHash}:${row}`);
      hasher.hash(bytes, 0, bytes.length);
      return true;
    }
    let length = 0;
    let any = false;
    let isAscii = true;
    for (let c = 0; c < idCells.length; c++) {
      const i = r * width + (idCells[c] as number);
      const from = trimStart(block.bytes, block.start[i] as number, block.end[i] as number);
      const to = trimEnd(block.bytes, from, block.end[i] as number);
      if (length + to - from + 1 > scratch.length) {
        const larger = new Uint8Array((length + to - from + 1) * 2);
        larger.set(scratch);
        scratch = larger;
      }
      if (c > 0) scratch[length++] = 47;
      if (to > from) any = true;
      for (let b = from; b < to; b++) {
        const byte = block.bytes[b] as number;
        if (byte > 127) isAscii = false;
        scratch[length++] = byte;
      }
    }
    if (!any) return false;
    if (isAscii) hasher.hash(scratch, 0, length);
    else {
      // One id whatever the encoding it came in.
      const text = rawAll(block, r, idCells);
      if (text.replaceAll('/', '') === '') return false;
      const bytes = encoder.encode(text);
      hasher.hash(bytes, 0, bytes.length);
    }
    return true;
  };

  const coarseCell = (cell: number, resolution: number): number => {
    const key = cell * 16 + resolution;
    let first = coarseCells.get(key);
    if (first === undefined) {
      first = firstIdInside(ground.keys, cell, resolution);
      coarseCells.set(key, first);
    }
    return first;
  };
  const stageOf = (bytes: Uint8Array, start: number, end: number): number => {
    const id = stageTexts.idOf(bytes, start, end);
    const known = stageIds[id];
    if (known !== undefined) return known;
    const stage = STAGE_IDS.get(feed.stages[stageTexts.read(bytes, start, end)] ?? 'unknown') as number;
    if (id >= 0) stageIds[id] = stage;
    return stage;
  };

  const divisionOf = (text: string, tally: FileTally): number => {
    if (text === '' || !context.ownDivisions) return NONE_U32;
    const own = context.ownDivisions.idOf(text);
    if (own !== null) return own;
    // Only how many: a word that names no division of ours may name a person.
    bump(tally.unknownDivisions, text);
    return NONE_U32;
  };
  const ownDivision = (block: RecordBlock, r: number, tally: FileTally): number => {
    if (!ownCells || !context.ownDivisions) return NONE_U32;
    if (ownCells.length > 1) return divisionOf(rawAll(block, r, ownCells), tally);
    const i = r * width + (ownCells[0] as number);
    const id = ownTexts.idOf(block.bytes, block.start[i] as number, block.end[i] as number);
    if (id < 0) return divisionOf(ownTexts.read(block.bytes, block.start[i] as number, block.end[i] as number), tally);
    const known = ownIds[id];
    if (known !== undefined) return known;
    const text = ownTexts.text(id);
    const own = divisionOf(text, tally);
    // A word that names nothing is counted every time.
    if (own !== NONE_U32 || text === '') ownIds[id] = own;
    return own;
  };

  let written: PartColumns | null = null;
  let high = new Uint32Array(0);
  let low = new Uint32Array(0);
  const target = (out: PartColumns): void => {
    if (written === out) return;
    written = out;
    high = new Uint32Array(out.id_high.buffer);
    low = new Uint32Array(out.id_low.buffer);
  };
  /** A known record that is no incident. */
  const withdrawn = (out: PartColumns, i: number, row: number, revision: number, reason: RejectReason): true => {
    writeBlank(out, i);
    high[i * 2] = hasher.words[1] as number;
    high[i * 2 + 1] = hasher.words[0] as number;
    low[i * 2] = hasher.words[3] as number;
    low[i * 2 + 1] = hasher.words[2] as number;
    out.row[i] = row;
    out.revision[i] = revision;
    out.status[i] = statusOf(reason);
    return true;
  };

  return (block: RecordBlock, r: number, out: PartColumns, i: number, tally: FileTally): boolean => {
    const row = block.firstRow + r;
    const base = r * width;
    const { bytes, start, end } = block;
    const shape = block.cells[r] as number;
    if (shape !== width) {
      reject({ row, column: '', reason: shapeReason(shape), raw: shape > 0 ? `${shape} / ${width}` : '' });
      return false;
    }
    if (notRecord?.(block, base)) {
      reject({ row, column: columnsOf(feed.notRecordWhen), reason: 'not-a-record', raw: '' });
      return false;
    }
    if (!hashId(block, r, row)) {
      reject({ row, column: idName, reason: 'id-missing', raw: '' });
      return false;
    }
    target(out);
    // Without a revision of its own a record is as new as the file it came in, when the file says its day.
    let revision = context.deliveredDay ?? 0; // no day known: all records are of one age
    if (revisionCell >= 0) {
      revision = revisionNumber(bytes, start[base + revisionCell] as number, end[base + revisionCell] as number);
      tally.filled.revision++;
      if (Number.isNaN(revision)) {
        bump(tally.unreadable, feed.fields.revision as string);
        revision = 0;
      }
    }
    if (inScope && !inScope(block, base)) {
      reject({ row, column: columnsOf(feed.scope), reason: 'not-in-scope', raw: '' });
      return withdrawn(out, i, row, revision, 'not-in-scope');
    }
    if (isDuplicate?.(block, base)) {
      reject({ row, column: columnsOf(feed.duplicateWhen), reason: 'duplicate-marked', raw: '' });
      return withdrawn(out, i, row, revision, 'duplicate-marked');
    }
    if (isDeleted?.(block, base)) {
      reject({ row, column: columnsOf(feed.deletedWhen), reason: 'deleted', raw: '' });
      return withdrawn(out, i, row, revision, 'deleted');
    }
    const time = dates.occurred.read(block, base);
    if (Number.isNaN(time)) {
      const text = rawAll(block, r, dates.occurred.cells);
      const isBlank = text.replaceAll('/', '') === '';
      if (!isBlank) {
        tally.filled.occurred++;
        bump(tally.unreadable, dates.occurred.column);
      }
      reject({
        row,
        column: dates.occurred.column,
        reason: isBlank ? 'date-missing' : 'date-unreadable',
        raw: shownValue(text),
      });
      return false;
    }
    tally.filled.occurred++;
    const minute = minuteOf(time);
    const day = Math.floor(minute / 1440);
    if (day < firstDay || day >= endDay) {
      reject({
        row,
        column: dates.occurred.column,
        reason: 'date-outside-window',
        raw: shownValue(rawAll(block, r, dates.occurred.cells)),
      });
      return withdrawn(out, i, row, revision, 'date-outside-window');
    }
    const classified = classify(block, base);
    if (classified.refused) {
      bump(tally.personLike, classified.refused);
      reject({ row, column: nameOf(feed.fields.category), reason: 'person-like-value', raw: '' });
      return false;
    }
    const { entry } = classified;
    const category = entry?.id ?? UNMAPPED_CATEGORY_ID;
    const own = ownDivision(block, r, tally);
    place.cell = NONE_U32;
    place.division = NONE_U32;
    place.problem = MISSING;
    let method = 0;
    let res = 0;
    let x = Number.NaN;
    let y = Number.NaN;
    if (lngCell >= 0 || pointCell >= 0) {
      readPoint(block, base);
      x = xy[0] as number;
      y = xy[1] as number;
      if (x === BLANK || y === BLANK) {
        x = Number.NaN;
        y = Number.NaN;
      } else if (Number.isNaN(x) || Number.isNaN(y)) {
        tally.filled.coordinate++;
        place.problem = UNREADABLE;
        bump(tally.unreadable, Number.isNaN(x) ? xName : yName);
        x = Number.NaN;
        y = Number.NaN;
      } else {
        locate(x, y, place);
        tally.filled.coordinate++;
        tally.withCoordinates++;
        if (place.problem === LOCATED) {
          method = METHOD_COORDINATE;
          res = ground.finest;
        }
        if (context.datum && own !== NONE_U32 && (x !== 0 || y !== 0)) context.datum.add(x, y, own, monthOfDay(day));
      }
    }
    if (place.problem === OUTSIDE && feed.outside === 'reject') {
      reject({
        row,
        column: pointCell < 0 ? `${xName},${yName}` : xName,
        reason: 'coordinate-outside',
        raw: shownValue(`${x}, ${y}`),
      });
      return withdrawn(out, i, row, revision, 'coordinate-outside');
    }
    if (place.problem !== LOCATED && place.problem !== OUTSIDE && placeCells && context.places) {
      const known = context.places.find(rawAll(block, r, placeCells), own);
      if (known) {
        const { problem } = place;
        locateWgs84(known.lng, known.lat, place);
        if (place.problem === LOCATED) {
          method = METHOD_GAZETTEER;
          res = Math.min(known.resolution, ground.finest);
        } else place.problem = problem; // a known place elsewhere: still unlocated for the reason of the row
      }
    }
    if (place.problem !== LOCATED) {
      bump(tally.unlocated, UNLOCATED_KEYS[place.problem] as string);
      if (own !== NONE_U32 && place.problem !== OUTSIDE) {
        place.division = own;
        place.problem = LOCATED;
        method = METHOD_DIVISION;
      }
    }
    const sensitive = entry?.sensitive === true;
    let cell = place.cell;
    let division = place.division;
    if (method === METHOD_DIVISION) cell = NONE_U32;
    else if (cell !== NONE_U32 && (sensitive || res < ground.finest)) {
      if (sensitive) res = Math.min(res, profile.publish.sensitiveResolution);
      cell = coarseCell(cell, res);
    }
    if (division !== NONE_U32 && sensitive) division = context.coarseDivision[division] as number;
    let closeHours = NONE_U16;
    if (dates.closed && !dates.closed.isBlank(block, base)) {
      tally.filled.closed++;
      const closed = dates.closed.read(block, base);
      if (Number.isNaN(closed)) {
        warn(tally, 'closed-unreadable');
        bump(tally.unreadable, dates.closed.column);
      } else if (minuteOf(closed) < minute) warn(tally, 'closed-before-occurred');
      else closeHours = closingHours(minuteOf(closed) - minute);
    }
    let firstSeen = context.deliveredDay === null ? minute : Math.max(minute, context.deliveredDay * 1440);
    if (dates.reported && !dates.reported.isBlank(block, base)) {
      tally.filled.reported++;
      const reported = dates.reported.read(block, base);
      if (!Number.isNaN(reported)) firstSeen = minuteOf(reported);
      else bump(tally.unreadable, dates.reported.column);
    }
    let unmappedCode = NONE_U32;
    if (!entry) {
      warn(tally, 'unmapped-category');
      const known = tally.unmapped.get(classified.code);
      unmappedCode = known ? known.id : tally.unmapped.size;
      if (known) known.rows++;
      else tally.unmapped.set(classified.code, { id: unmappedCode, firstRow: row, rows: 1 });
    }
    let source = ownSource;
    for (const route of routes) {
      if (route.when(block, base)) {
        source = route.source;
        break;
      }
    }
    high[i * 2] = hasher.words[1] as number;
    high[i * 2 + 1] = hasher.words[0] as number;
    low[i * 2] = hasher.words[3] as number;
    low[i * 2 + 1] = hasher.words[2] as number;
    out.revision[i] = revision;
    out.row[i] = row;
    out.status[i] = 0;
    out.unmapped_code[i] = unmappedCode;
    out.cell_id[i] = cell;
    out.res[i] = res;
    out.day[i] = day;
    out.hour[i] = hasTimeOf(time) && !sensitive ? Math.floor(minute / 60) % 24 : NONE_U8;
    out.source[i] = source;
    out.category[i] = category;
    out.severity[i] = entry?.severity ?? 0; // 0 = not graded: an unmapped category has no grade
    out.stage[i] =
      stageCell < 0 ? 0 : stageOf(bytes, start[base + stageCell] as number, end[base + stageCell] as number);
    out.close_hours[i] = closeHours;
    out.division[i] = division;
    out.unlocated[i] = place.problem;
    out.method[i] = method;
    out.reported_minute[i] = firstSeen;
    out.x[i] = x;
    out.y[i] = y;
    out.own[i] = own;
    out.place_hash[i] = placeCells
      ? spanHash(
          bytes,
          start[base + (placeCells[0] as number)] as number,
          end[base + (placeCells[0] as number)] as number,
        )
      : 0;
    return true;
  };
}

function writeBlank(out: PartColumns, i: number): void {
  out.cell_id[i] = NONE_U32;
  out.res[i] = 0;
  out.day[i] = 0;
  out.hour[i] = NONE_U8;
  out.source[i] = 0;
  out.category[i] = 0;
  out.severity[i] = 0;
  out.stage[i] = 0;
  out.close_hours[i] = NONE_U16;
  out.division[i] = NONE_U32;
  out.unlocated[i] = LOCATED;
  out.method[i] = 0;
  out.reported_minute[i] = 0;
  out.unmapped_code[i] = NONE_U32;
  out.x[i] = Number.NaN;
  out.y[i] = Number.NaN;
  out.place_hash[i] = 0;
  out.own[i] = NONE_U32;
}

function shapeReason(shape: number): RejectReason {
  if (shape === -1) return 'nul-byte';
  if (shape === -2) return 'field-too-long';
  if (shape === -3) return 'not-json';
  if (shape === -4) return 'number-lost-digits';
  return 'wrong-column-count';
}
