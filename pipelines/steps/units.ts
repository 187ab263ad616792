import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DOUBLE, type DuckDBType, INTEGER, UBIGINT, UINTEGER, USMALLINT, UTINYINT } from '@duckdb/node-api';
import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { columnAppender, type Duck } from '../io/duck.ts';
import { isFileError } from '../io/file-failure.ts';
import { openSections, type SectionArray, writeSections } from '../io/sections.ts';
import type { Progress } from '../progress.ts';
import { type AggregatePlan, toSql } from '../sql/plan.ts';
import type { CellAncestors } from './cell-ancestors.ts';
import { INCIDENT_COLUMNS, NONE_U8, NONE_U32, type PartColumn, type PartColumns } from './incident-columns.ts';
import { monthOfDay, monthOfUnit, type PartRows, type PartSummary, sourceOfUnit, unitOf } from './part.ts';
import { isNothing, type Relocation, relocateRow } from './relocate.ts';
import type { Lost } from './settle.ts';

/**
 * Units of work: the incidents of one source in one month. A unit is made anew only when one of the parts it draws from changed, or
 * when a record elsewhere took the place of one of its own. It keeps its rows as Parquet (without ids, in no order; never served) and its
 * counts.
 */
export interface Unit {
  readonly id: number;
  readonly rows: number;
  /** Hash of everything the unit is made from. */
  readonly signature: string;
}

/** One file as units see it. */
export interface UnitInput {
  readonly key: string;
  readonly summary: PartSummary;
  readonly lost: Lost;
  readonly rows: PartRows;
  /** First seen is known for its rows: a column or the file's name says it. */
  readonly knowsFirstSeen: boolean;
  readonly relocation: Relocation;
}

/** What relocating a row, and counting it by coarser cells, needs to know. */
export interface Ruling {
  readonly categories: readonly CategoryEntry[];
  readonly coarseDivision: Uint32Array;
  readonly ancestors: CellAncestors;
}

/** Which units there are, and what each is made from. `basis` = hash of configuration, grid and code. */
export function planUnits(inputs: readonly UnitInput[], basis: string): Unit[] {
  const lines = new Map<number, string[]>();
  const rows = new Map<number, number>();
  for (const input of inputs) {
    const lost = lostByUnit(input);
    for (const [key, n] of Object.entries(input.summary.units)) {
      const unit = Number(key);
      const gone = lost.get(unit);
      const line = `${input.key} ${gone ? gone.hash : '-'} ${isNothing(input.relocation) ? '-' : input.relocation.hash}`;
      const list = lines.get(unit);
      if (list) list.push(line);
      else lines.set(unit, [line]);
      rows.set(unit, (rows.get(unit) ?? 0) + n - (gone?.rows ?? 0)); // a sum starts at nothing
    }
  }
  return [...lines]
    .map(([id, list]) => ({
      id,
      rows: rows.get(id) as number,
      signature: createHash('sha256')
        .update(JSON.stringify([basis, id, list.sort()]))
        .digest('hex'),
    }))
    .filter((unit) => unit.rows > 0)
    .sort((a, b) => a.id - b.id);
}

interface LostOfUnit {
  readonly rows: number;
  readonly hash: string;
}
/** A run plans its units twice. */
const lostOfUnits = new WeakMap<Lost, ReadonlyMap<number, LostOfUnit>>();

function lostByUnit({ rows, lost }: UnitInput): ReadonlyMap<number, LostOfUnit> {
  const known = lostOfUnits.get(lost);
  if (known) return known;
  const byUnit = new Map<number, { rows: number; hash: ReturnType<typeof createHash> }>();
  let next = 0;
  let offset = 0;
  rows.segments.forEach((count, segment) => {
    if ((lost.position[next] ?? Number.POSITIVE_INFINITY) >= offset + count) {
      offset += count;
      return; // nothing lost in this segment
    }
    const status = rows.column(segment, 'status');
    const source = rows.column(segment, 'source');
    const day = rows.column(segment, 'day');
    for (; next < lost.position.length && (lost.position[next] as number) < offset + count; next++) {
      const i = (lost.position[next] as number) - offset;
      if (status[i] !== 0) continue;
      const unit = unitOf(source[i] as number, monthOfDay(day[i] as number));
      const entry = byUnit.get(unit) ?? { rows: 0, hash: createHash('sha256') };
      entry.rows++;
      entry.hash.update(`${offset + i},`);
      byUnit.set(unit, entry);
    }
    offset += count;
  });
  const made = new Map(
    [...byUnit].map(([unit, entry]) => [unit, { rows: entry.rows, hash: entry.hash.digest('hex') }]),
  );
  lostOfUnits.set(lost, made);
  return made;
}

const TYPES: Readonly<Record<string, DuckDBType>> = { UTINYINT, USMALLINT, UINTEGER, INTEGER, UBIGINT, DOUBLE };
/** Who reported it is settled by now: a unit needs no ids, which would be most of its bytes. */
const KEPT_COLUMNS = INCIDENT_COLUMNS.filter(([name]) => name !== 'id_high' && name !== 'id_low');
const CELL_COLUMN = KEPT_COLUMNS.findIndex(([name]) => name === 'cell_id');
/** Columns made while gathering, so that SQL needs no date arithmetic, and no join with the cells of a whole city. */
const DERIVED = [
  ['month', 'UINTEGER', Uint32Array],
  ['week', 'USMALLINT', Uint16Array],
  ['delay', 'UTINYINT', Uint8Array],
  ['r7', 'UINTEGER', Uint32Array],
  ['r8', 'UINTEGER', Uint32Array],
  ['r9', 'UINTEGER', Uint32Array],
] as const;
const STORE_COLUMNS = [...KEPT_COLUMNS, ...DERIVED];
const GROUP_ROWS = 2_000_000;
const BUFFER_ROWS = 65_536;

const unitFolder = (store: string): string => join(store, 'units');
const unitName = (unit: Unit): string =>
  `${sourceOfUnit(unit.id)}-${monthOfUnit(unit.id)}-${unit.signature.slice(0, 24)}`;
/** Rows of a unit. */
export const unitTable = (store: string, unit: Unit): string => join(unitFolder(store), `${unitName(unit)}.parquet`);
const unitCounts = (store: string, unit: Unit): string => join(unitFolder(store), `${unitName(unit)}.counts`);

interface UnitMeta {
  readonly signature: string;
  readonly table: string;
}

/** `bytes-CRC32` of a file. */
function fingerprint(path: string): string {
  const bytes = readFileSync(path);
  return `${bytes.length}-${crc32(bytes).toString(16)}`;
}

/** Are the tables those that were written? Cost: about 1 ms a megabyte. @throws DamagedUnit */
export function checkTables(store: string, units: readonly Unit[]): void {
  for (const unit of units) if (!isSound(unitFolder(store), unitName(unit), false)) throw new DamagedUnit(unit);
}

/** Reads every byte of every unit and removes those that are not as they were written. @returns how many */
export function removeDamagedUnits(store: string): number {
  const folder = unitFolder(store);
  const names = new Set(readdirSync(folder).map((name) => name.replace(/\.(parquet|counts)$/, '')));
  let removed = 0;
  for (const name of names) {
    if (isSound(folder, name, true)) continue;
    for (const suffix of ['counts', 'parquet']) rmSync(join(folder, `${name}.${suffix}`), { force: true });
    removed++;
  }
  return removed;
}

/** Is the unit's table, and with `all` its counts, what was written under that name? */
function isSound(folder: string, name: string, all: boolean): boolean {
  const file = openSections(join(folder, `${name}.counts`));
  if (!file) return false;
  try {
    const { signature, table } = file.meta as UnitMeta;
    if (all) for (const section of file.names) file.array(section);
    const path = join(folder, `${name}.parquet`);
    return name.endsWith(`-${signature.slice(0, 24)}`) && existsSync(path) && fingerprint(path) === table;
  } catch (cause) {
    if (isFileError(cause)) throw cause;
    return false;
  } finally {
    file.close();
  }
}

/** Makes the units that the store does not hold yet. @returns those */
export async function buildUnits(
  duck: Duck,
  store: string,
  units: readonly Unit[],
  inputs: readonly UnitInput[],
  plans: readonly AggregatePlan[],
  ruling: Ruling,
  progress: Progress,
  signal?: AbortSignal,
): Promise<readonly Unit[]> {
  mkdirSync(unitFolder(store), { recursive: true });
  const missing = units.filter((unit) => !existsSync(unitCounts(store, unit)) || !existsSync(unitTable(store, unit)));
  let done = 0;
  for (let from = 0; from < missing.length; ) {
    let to = from;
    for (let rows = 0; to < missing.length && (to === from || rows + (missing[to] as Unit).rows <= GROUP_ROWS); to++)
      rows += (missing[to] as Unit).rows;
    const group = missing.slice(from, to);
    await buildGroup(duck, store, group, inputs, plans, ruling);
    done += group.length;
    progress({ stage: 'store', done, total: missing.length, unit: 'units' });
    signal?.throwIfAborted();
    from = to;
  }
  return missing;
}

/** Removes what no unit of this run names. */
export function dropOldUnits(store: string, units: readonly Unit[]): void {
  const kept = new Set(units.map(unitName));
  for (const name of readdirSync(unitFolder(store)))
    if (!kept.has(name.replace(/\.(parquet|counts)$/, ''))) rmSync(join(unitFolder(store), name), { force: true });
}

async function buildGroup(
  duck: Duck,
  store: string,
  group: readonly Unit[],
  inputs: readonly UnitInput[],
  plans: readonly AggregatePlan[],
  ruling: Ruling,
): Promise<void> {
  await duck.run(
    `CREATE OR REPLACE TABLE incident (${STORE_COLUMNS.map(([name, type]) => `${name} ${type} NOT NULL`).join(', ')})`,
  );
  await gather(duck, new Set(group.map((unit) => unit.id)), inputs, ruling);
  const counts = new Map<number, Record<string, SectionArray>>(group.map((unit) => [unit.id, {}]));
  for (const plan of plans)
    for (const [unit, arrays] of await countByUnit(duck, plan)) Object.assign(counts.get(unit) as object, arrays);
  for (const unit of group) {
    const path = unitTable(store, unit);
    const temporary = `${path}.tmp-${process.pid}`;
    await duck.run(
      `COPY (SELECT * FROM incident WHERE source = ${sourceOfUnit(unit.id)} AND month = ${monthOfUnit(unit.id)})
       TO '${temporary.replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    renameSync(temporary, path);
    // Written last: a unit without its counts is made again. They say what the table's bytes are, which the engine would not check.
    const meta: UnitMeta = { signature: unit.signature, table: fingerprint(path) };
    writeSections(unitCounts(store, unit), meta, counts.get(unit.id) as Record<string, SectionArray>);
  }
  await duck.run('DROP TABLE incident');
}

async function gather(
  duck: Duck,
  wanted: ReadonlySet<number>,
  inputs: readonly UnitInput[],
  ruling: Ruling,
): Promise<void> {
  const appender = await columnAppender(
    duck,
    'incident',
    STORE_COLUMNS.map(([, type]) => TYPES[type] as DuckDBType),
  );
  const buffer = STORE_COLUMNS.map(([, , Type]) => new Type(BUFFER_ROWS));
  const [month, week, delay, ...coarse] = buffer.slice(KEPT_COLUMNS.length) as [
    Uint32Array,
    Uint16Array,
    Uint8Array,
    ...Uint32Array[],
  ];
  const cell = buffer[CELL_COLUMN] as Uint32Array;
  const { ancestors } = ruling;
  let length = 0;
  const flush = (): void => {
    appender.append(buffer, length);
    length = 0;
  };
  const picked = new Int32Array(BUFFER_ROWS);
  for (const input of inputs) {
    if (!Object.keys(input.summary.units).some((unit) => wanted.has(Number(unit)))) continue;
    let offset = 0;
    let next = 0;
    for (const [segment, count] of input.rows.segments.entries()) {
      const columns = KEPT_COLUMNS.map(([name]) => input.rows.column(segment, name));
      if (!isNothing(input.relocation)) relocateSegment(input, segment, columns, ruling);
      const status = input.rows.column(segment, 'status');
      const source = input.rows.column(segment, 'source');
      const day = input.rows.column(segment, 'day');
      const reported = input.rows.column(segment, 'reported_minute');
      for (let from = 0; from < count; ) {
        let n = 0;
        const room = BUFFER_ROWS - length;
        for (; from < count && n < room; from++) {
          while ((input.lost.position[next] as number) < offset + from) next++;
          if (status[from] !== 0 || input.lost.position[next] === offset + from) continue;
          if (wanted.has(unitOf(source[from] as number, monthOfDay(day[from] as number)))) picked[n++] = from;
        }
        for (const [c, column] of columns.entries()) copyPicked(column, buffer[c] as SectionArray, length, picked, n);
        for (let i = 0; i < n; i++) {
          const row = picked[i] as number;
          const d = day[row] as number;
          month[length + i] = monthOfDay(d);
          week[length + i] = Math.floor((d + 3) / 7);
          delay[length + i] = input.knowsFirstSeen ? delayDays(d, reported[row] as number) : NONE_U8;
        }
        [ancestors.r7, ancestors.r8, ancestors.r9].forEach((rowOf, c) => {
          copyAncestors(rowOf, cell, coarse[c] as Uint32Array, { from: length, to: length + n });
        });
        length += n;
        if (length === BUFFER_ROWS) flush();
      }
      offset += count;
    }
  }
  flush();
  appender.close();
}

/** One loop a width: a loop that meets all widths is ten times slower. 64-bit values go as two words. */
function copyPicked(from: SectionArray, into: SectionArray, at: number, picked: Int32Array, n: number): void {
  if (from instanceof Uint8Array) copy8(from, into as Uint8Array, at, picked, n);
  else if (from instanceof Uint16Array) copy16(from, into as Uint16Array, at, picked, n);
  else if (from instanceof Uint32Array) copy32(from, into as Uint32Array, at, picked, n);
  else if (from instanceof Int32Array) copyInt(from, into as Int32Array, at, picked, n);
  else copy64(words(from as BigUint64Array), words(into as BigUint64Array), at, picked, n);
}
const words = (array: BigUint64Array): Uint32Array => new Uint32Array(array.buffer, array.byteOffset, array.length * 2);
function copyAncestors(
  rowOf: Uint32Array,
  cell: Uint32Array,
  into: Uint32Array,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  for (let i = from; i < to; i++) into[i] = cell[i] === NONE_U32 ? NONE_U32 : (rowOf[cell[i] as number] as number);
}
function copy8(from: Uint8Array, into: Uint8Array, at: number, picked: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) into[at + i] = from[picked[i] as number] as number;
}
function copy16(from: Uint16Array, into: Uint16Array, at: number, picked: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) into[at + i] = from[picked[i] as number] as number;
}
function copy32(from: Uint32Array, into: Uint32Array, at: number, picked: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) into[at + i] = from[picked[i] as number] as number;
}
function copyInt(from: Int32Array, into: Int32Array, at: number, picked: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) into[at + i] = from[picked[i] as number] as number;
}
function copy64(from: Uint32Array, into: Uint32Array, at: number, picked: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = (picked[i] as number) * 2;
    into[(at + i) * 2] = from[row] as number;
    into[(at + i) * 2 + 1] = from[row + 1] as number;
  }
}

function relocateSegment(
  { rows, relocation }: UnitInput,
  segment: number,
  columns: readonly PartColumns[PartColumn][],
  { categories, coarseDivision }: Ruling,
): void {
  const named = Object.fromEntries(KEPT_COLUMNS.map(([name], c) => [name, columns[c]])) as unknown as PartColumns;
  const { cell_id, res, division, method, unlocated, category } = named;
  const [x, y, own] = [rows.column(segment, 'x'), rows.column(segment, 'y'), rows.column(segment, 'own')];
  const target = { cell_id, res, division, method, unlocated, category, x, y, own };
  for (let i = 0; i < x.length; i++) relocateRow(relocation, target, i, categories, coarseDivision);
}

/** 0..60 whole days, 61 = more; first seen before it occurred counts as the same day. */
function delayDays(day: number, firstSeenMinute: number): number {
  const days = Math.floor(firstSeenMinute / 1440) - day;
  return days < 0 ? 0 : Math.min(days, 61);
}

/** Result of a plan whose first dimensions are source and month, cut by unit: arrays `<plan>.<column>`. */
async function countByUnit(duck: Duck, plan: AggregatePlan): Promise<Map<number, Record<string, SectionArray>>> {
  const names = [...plan.by, ...plan.measures.map((measure) => measure.as)];
  const blocks: (readonly SectionArray[])[] = [];
  for await (const block of duck.blocks(toSql(plan))) blocks.push(block.columns as readonly SectionArray[]);
  const width = names.length;
  const byUnit = new Map<number, Record<string, SectionArray>>();
  if (blocks.length === 0) return byUnit;
  const all = Array.from({ length: width }, (_, c) => concat(blocks.map((block) => block[c] as Uint32Array)));
  const [source, month] = all as [Uint32Array, Uint32Array];
  for (let from = 0; from < source.length; ) {
    let to = from;
    while (to < source.length && source[to] === source[from] && month[to] === month[from]) to++;
    const arrays: Record<string, SectionArray> = {};
    for (let c = 2; c < width; c++) arrays[`${plan.name}.${names[c]}`] = (all[c] as Uint32Array).slice(from, to);
    byUnit.set(unitOf(source[from] as number, month[from] as number), arrays);
    from = to;
  }
  return byUnit;
}

/** Counts of one plan over units, end to end, with the unit's source and month per row. */
export interface Counts {
  readonly length: number;
  readonly source: Uint8Array;
  readonly month: Uint32Array;
  readonly column: (name: string) => Float64Array | Uint32Array;
}

/** Counts of one plan. @throws DamagedUnit */
export function readCounts(store: string, units: readonly Unit[], plan: AggregatePlan): Counts {
  return readAllCounts(store, units, { plan }).plan;
}

/** Counts of several plans: every unit's file is opened once. @throws DamagedUnit */
export function readAllCounts<Name extends string>(
  store: string,
  units: readonly Unit[],
  plans: Readonly<Record<Name, AggregatePlan>>,
): Record<Name, Counts> {
  const names = Object.keys(plans) as Name[];
  const found = names.map((name) => columnsRead(plans[name]));
  for (const unit of units) {
    const file = openSections(unitCounts(store, unit));
    if (!file) throw new DamagedUnit(unit);
    try {
      if ((file.meta as UnitMeta).signature !== unit.signature) throw new DamagedUnit(unit);
      const held = new Set(file.names);
      for (const { plan, columns, lengths } of found) {
        let length = 0;
        for (const [name, slices] of columns) {
          if (!held.has(`${plan.name}.${name}`)) continue; // nothing to count
          const array = file.array(`${plan.name}.${name}`) as Uint32Array;
          slices.push(array);
          length = array.length;
        }
        lengths.push(length);
      }
    } catch (cause) {
      if (isFileError(cause)) throw cause;
      throw new DamagedUnit(unit);
    } finally {
      file.close();
    }
  }
  return Object.fromEntries(names.map((name, i) => [name, joined(units, found[i] as ColumnsRead)])) as Record<
    Name,
    Counts
  >;
}

/** What was read of a plan so far: slices of every column, and rows a unit. */
interface ColumnsRead {
  readonly plan: AggregatePlan;
  readonly columns: ReadonlyMap<string, Uint32Array[]>;
  readonly lengths: number[];
}

function columnsRead(plan: AggregatePlan): ColumnsRead {
  const names = [...plan.by.slice(2), ...plan.measures.map((measure) => measure.as)];
  return { plan, columns: new Map(names.map((name) => [name, []])), lengths: [] };
}

function joined(units: readonly Unit[], { columns: slices, lengths }: ColumnsRead): Counts {
  const length = lengths.reduce((sum, n) => sum + n, 0);
  const source = new Uint8Array(length);
  const month = new Uint32Array(length);
  let at = 0;
  units.forEach((unit, i) => {
    const n = lengths[i] as number;
    source.fill(sourceOfUnit(unit.id), at, at + n);
    month.fill(monthOfUnit(unit.id), at, at + n);
    at += n;
  });
  const columns = new Map<string, Uint32Array>();
  for (const [name, parts] of slices) columns.set(name, concatAny(parts, length));
  return { length, source, month, column: (name) => columns.get(name) as Uint32Array };
}

/** A unit's file is not as it was written: it is removed and made again. */
export class DamagedUnit extends Error {
  constructor(readonly unit: Unit) {
    super(`unit ${unitName(unit)} of the store is damaged`);
  }
}

function concat(slices: readonly Uint32Array[]): Uint32Array {
  const first = slices[0] as Uint32Array;
  const all = new (first.constructor as Uint32ArrayConstructor)(slices.reduce((n, slice) => n + slice.length, 0));
  let at = 0;
  for (const slice of slices) {
    all.set(slice, at);
    at += slice.length;
  }
  return all;
}

/** Columns of several units may differ in width; whole numbers fit a double. */
function concatAny(slices: readonly Uint32Array[], length: number): Uint32Array {
  const signed = slices.some((slice) => (slice as unknown) instanceof Int32Array);
  const all = signed ? (new Int32Array(length) as unknown as Uint32Array) : new Uint32Array(length);
  let at = 0;
  for (const slice of slices) {
    all.set(slice, at);
    at += slice.length;
  }
  return all;
}
