import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import { cellToChildren, cellToParent } from 'h3-js';
import { isLineage } from '../../core/alert/candidate.ts';
import { fileAt, type Manifest } from '../../core/contract/manifest.ts';
import { ALL_CATEGORIES, Alerts, type PastAlert, Sense } from '../../core/contract/sense.ts';
import { scoreTruth, type TruthAlert, type TruthScore } from '../../core/evaluate/truth-score.ts';
import { Truth } from '../../data/sample/truth.ts';
import { truthPlants } from '../../data/sample/truth-plants.ts';
import { EXIT, HexsightError, InputError } from '../errors.ts';
import { currentManifest } from '../verify.ts';

export interface TruthReport extends TruthScore {
  readonly format: 'hexsight-truth';
  readonly snapshot: string;
  /** First and last evening of the replay. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly budgetPerDay: number;
  /** Notices of places that report too little, by what is known of the place; null = the snapshot has none. */
  readonly reporting: ReportingScore | null;
}

export interface ReportingScore {
  readonly compared: number;
  readonly notices: number;
  /** Planted places that report a third, and truly quiet ones, whose silence is no gap: how many of them got a notice. */
  readonly underReporting: { readonly planted: number; readonly told: number };
  readonly quiet: { readonly planted: number; readonly told: number };
}

/** Cells of the scores. */
const RESOLUTION = 8;

/**
 * The published alerts of a sample city against what was planted in it. The snapshot is read by its manifest, hashes checked; the truth is read by
 * nothing else.
 * @throws InputError when a file is not there or not what it should be
 */
export function truthRun(given: { readonly truth: string; readonly snapshot: string }): TruthReport {
  const root = resolve(given.snapshot);
  const manifest = currentManifest(root);
  const alerts = Alerts.parse(JSON.parse(bytesOf(root, manifest, 'alerts.json').toString('utf8')));
  const { history, replay } = alerts;
  const [first, last] = [replay[0], replay[replay.length - 1]];
  if (history === undefined || first === undefined || last === undefined)
    throw new HexsightError(EXIT.input, root, [
      'alerts.json has no history of the replay: made by an older version, or without incidents; run hexsight run again',
    ]);
  const grid = gridOf(root, manifest);
  const { categories } = manifest.dictionaries;
  const ids = new Map(categories.map(({ code, id }) => [code, id]));
  const known = readTruth(given.truth);
  const plants = truthPlants(known, {
    category: (code) => ids.get(code),
    cell: (h3) => grid.rows.get(h3),
    divisionCells: (code) => grid.cellsOf(grid.codes.indexOf(code)),
  });
  const tree = { end: (id: number) => categories[id]?.end ?? id + 1 };
  const span = { firstDay: first.day, endDay: last.day + 1 };
  return {
    format: 'hexsight-truth',
    snapshot: manifest.snapshot,
    firstDay: first.day,
    lastDay: last.day,
    budgetPerDay: alerts.budget.cityPerDay,
    reporting: reportingScore(
      Sense.parse(JSON.parse(bytesOf(root, manifest, 'sense.json').toString('utf8'))),
      known,
      grid,
    ),
    ...scoreTruth({
      plants,
      alerts: history.map((alert) => truthAlert(alert, grid)),
      span,
      isLine: (a, b) => isLineage(tree, a, b, ALL_CATEGORIES),
    }),
  };
}

function reportingScore({ reporting }: Sense, { plants }: Truth, grid: Grid): ReportingScore | null {
  if (!reporting) return null;
  const told = new Set(reporting.sources.flatMap(({ places }) => places.map(({ division }) => grid.codes[division])));
  const score = (kind: 'under-reporting' | 'quiet-place') => {
    const mine = plants.flatMap((plant) => (plant.kind === kind && 'community' in plant ? [plant.community] : []));
    return { planted: mine.length, told: mine.filter((code) => told.has(code)).length };
  };
  return {
    compared: reporting.sources.reduce((sum, one) => sum + one.compared, 0),
    notices: told.size,
    underReporting: score('under-reporting'),
    quiet: score('quiet-place'),
  };
}

function readTruth(path: string): Truth {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new InputError(path, [cause instanceof Error ? cause.message : String(cause)]);
  }
  const read = Truth.safeParse(content);
  if (!read.success)
    throw new InputError(
      path,
      read.error.issues.slice(0, 5).map(({ path: at, message }) => `${at.join('.')}: ${message}`),
    );
  return read.data;
}

function bytesOf(root: string, manifest: Manifest, path: string): Buffer {
  const entry = fileAt(manifest, path);
  const content = readFileSync(join(root, entry.file));
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== entry.sha256)
    throw new InputError(join(root, entry.file), [`${path}: SHA-256 ${found} instead of ${entry.sha256}`]);
  return content;
}

interface Grid {
  /** Row of resolution 8 by H3 index. */
  readonly rows: ReadonlyMap<string, number>;
  /** H3 index by row, by resolution. */
  readonly h3: (resolution: number) => readonly string[];
  /** Codes of divisions by id. */
  readonly codes: readonly string[];
  /** Rows of resolution 8 with a finest cell in the division; −1 = none. */
  readonly cellsOf: (division: number) => readonly number[];
}

function gridOf(root: string, manifest: Manifest): Grid {
  const table = (path: string): Table => tableFromIPC(bytesOf(root, manifest, path));
  const column = (from: Table, name: string) => {
    const found = from.getChild(name);
    if (!found) throw new Error(`the table has no column ${name}`);
    return found;
  };
  const hexes = (from: Table): string[] =>
    Array.from(column(from, 'h3').toArray() as BigUint64Array, (h3) => h3.toString(16));
  const known = new Map<number, string[]>();
  const h3 = (resolution: number): string[] => {
    const made = known.get(resolution) ?? hexes(table(`grid/r${resolution}.arrow`));
    known.set(resolution, made);
    return made;
  };
  const r8 = table(`grid/r${RESOLUTION}.arrow`);
  const endId: ArrayLike<number> = column(r8, 'end_id').toArray();
  const divisionOfCell = column(table('grid.arrow'), 'division');
  const divisions = table('divisions.arrow');
  const [codes, end] = [column(divisions, 'code'), column(divisions, 'end').toArray() as Uint32Array];
  const inRow: Set<number>[] = [];
  for (let row = 0, id = 0; row < r8.numRows; row++) {
    const held = new Set<number>();
    for (; id < (endId[row] as number); id++) {
      const division: number | null = divisionOfCell.get(id);
      if (division !== null) held.add(division);
    }
    inRow.push(held);
  }
  const cellsOf = (division: number): number[] => {
    const last = end[division];
    if (last === undefined) return [];
    return inRow.flatMap((held, row) => ([...held].some((id) => id >= division && id < last) ? [row] : []));
  };
  return {
    rows: new Map(hexes(r8).map((cell, row) => [cell, row])),
    h3,
    codes: Array.from({ length: divisions.numRows }, (_, id) => String(codes.get(id))),
    cellsOf,
  };
}

function truthAlert(alert: PastAlert, grid: Grid): TruthAlert {
  const { id, kind, category, since, lastDay, admittedDay, division } = alert;
  const common = { id, kind, category, since, lastDay, admittedDay, isRegistered: alert.registered === true };
  if (division !== null)
    return { ...common, cells: grid.cellsOf(division), names: division === 0 ? 'city' : 'division' };
  const resolution = alert.resolution ?? RESOLUTION; // cells always have one
  const own = alert.cells.flatMap((row) => grid.h3(resolution)[row] ?? []);
  const cells = own.flatMap((cell) =>
    resolution < RESOLUTION ? cellToChildren(cell, RESOLUTION) : [cellToParent(cell, RESOLUTION)],
  );
  return { ...common, cells: [...new Set(cells)].flatMap((cell) => grid.rows.get(cell) ?? []), names: 'cells' };
}
