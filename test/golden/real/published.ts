import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import { type FileEntry, fileAt, Manifest } from '../../../core/contract/manifest.ts';
import { Privacy, Quality } from '../../../core/contract/quality.ts';

/** A snapshot on disk, read with nothing but its contract. */
export interface Published {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly quality: Quality;
  readonly privacy: Privacy;
  readonly divisions: readonly PublishedDivision[];
  /** H3 index by cell id. */
  readonly cells: readonly string[];
  readonly facts: readonly Fact[];
}

export interface PublishedDivision {
  readonly code: string;
  readonly level: number;
  readonly parent: number | null;
  readonly end: number;
  readonly areaKm2: number;
  readonly population: number | null;
}

export interface Fact {
  readonly file: FileEntry;
  /** What the rows of a file are sorted by: cell, division (nulls last), source, category, day, hour. */
  readonly order: readonly number[];
  readonly cellId: number | null;
  readonly res: number;
  readonly day: number;
  readonly hour: number | null;
  readonly source: string;
  readonly category: string;
  readonly severity: number;
  readonly stage: number;
  readonly closeHours: number | null;
  readonly division: number | null;
}

export function readPublished(folder: string): Published {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, fileAt(manifest, path).file), 'utf8'));
  return {
    folder,
    manifest,
    quality: Quality.parse(json('quality.json')),
    privacy: Privacy.parse(json('privacy.json')),
    divisions: readDivisions(tableAt(folder, manifest, 'divisions.arrow')),
    cells: hexTexts(tableAt(folder, manifest, 'grid.arrow')),
    facts: manifest.files.filter((file) => file.kind === 'facts').flatMap((file) => readFacts(folder, manifest, file)),
  };
}

export function tableAt(folder: string, manifest: Manifest, path: string): Table {
  return tableFromIPC(readFileSync(join(folder, fileAt(manifest, path).file)));
}

/** Cell by row of `grid.arrow` or `grid/r<n>.arrow`. */
export function hexTexts(table: Table): string[] {
  return Array.from(column<bigint>(table, 'h3'), (cell) => cell.toString(16));
}

/** Values of a column by row; a null stays null. @throws Error when it is not there */
export function column<T = number>(table: Table, name: string): T[] {
  const vector = table.getChild(name);
  if (!vector)
    throw new Error(`no column ${name}; the table has ${table.schema.fields.map((field) => field.name).join(', ')}`);
  return Array.from({ length: table.numRows }, (_, row) => vector.get(row) as T);
}

function readDivisions(table: Table): PublishedDivision[] {
  const [code, level, parent, end, area, population] = [
    column<string>(table, 'code'),
    column(table, 'level'),
    column<number | null>(table, 'parent'),
    column(table, 'end'),
    column(table, 'area_km2'),
    column<number | null>(table, 'population'),
  ];
  return code.map((text, id) => ({
    code: text,
    level: level[id]!,
    parent: parent[id]!,
    end: end[id]!,
    areaKm2: area[id]!,
    population: population[id]!,
  }));
}

/** A null comes after every number. */
const LAST = 2 ** 32;

function readFacts(folder: string, manifest: Manifest, file: FileEntry): Fact[] {
  const table = tableAt(folder, manifest, file.path);
  const { sources, categories } = manifest.dictionaries;
  const columns = {
    cellId: column<number | null>(table, 'cell_id'),
    res: column(table, 'res'),
    day: column(table, 'day'),
    hour: column<number | null>(table, 'hour'),
    source: column(table, 'source'),
    category: column(table, 'category'),
    severity: column(table, 'severity'),
    stage: column(table, 'stage'),
    closeHours: column<number | null>(table, 'close_hours'),
    division: column<number | null>(table, 'division'),
  };
  return columns.day.map((day, i) => ({
    file,
    order: [
      columns.cellId[i] ?? LAST,
      columns.division[i] ?? LAST,
      columns.source[i]!,
      columns.category[i]!,
      day,
      columns.hour[i] ?? LAST,
    ],
    cellId: columns.cellId[i]!,
    res: columns.res[i]!,
    day,
    hour: columns.hour[i]!,
    source: sources[columns.source[i]!]!.key,
    category: categories[columns.category[i]!]!.code,
    severity: columns.severity[i]!,
    stage: columns.stage[i]!,
    closeHours: columns.closeHours[i]!,
    division: columns.division[i]!,
  }));
}

/** Code of the ancestor-or-self at a level; `city` = in no division of that level, `unlocated` = no place. */
export function codeAtLevel(divisions: readonly PublishedDivision[], id: number | null, level: number): string {
  if (id === null) return 'unlocated';
  let division = divisions[id]!;
  while (division.level > level && division.parent !== null) division = divisions[division.parent]!;
  return division.level === level ? division.code : 'city';
}

/** Every file that a server would hand out, relative to the folder of the snapshot. */
export function snapshotFiles(folder: string): string[] {
  const inside = (name: string): string[] =>
    existsSync(join(folder, name)) ? readdirSync(join(folder, name)).map((file) => `${name}/${file}`) : [];
  return ['manifest.json', ...inside('files').sort(), ...inside('manifests').sort()];
}
