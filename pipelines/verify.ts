import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import type { Manifest } from '../core/contract/manifest.ts';
import { groupIds } from '../core/incident/category-tree.ts';
import { RowMark } from '../core/quality/row-mark.ts';
import { InputError } from './errors.ts';
import { keptManifestPath, manifestPath, readManifest, rebuildMessage } from './publish/snapshot-folder.ts';
import { fileProblems } from './publish/verify-files.ts';

export interface VerifyResult {
  readonly snapshot: string;
  readonly files: number;
  readonly checks: number;
  readonly problems: readonly string[];
}

/**
 * Proves a published snapshot: the manifest is the one kept under its name; every file and variant has the bytes the
 * manifest names; read = accepted + rejected; facts, cubes,
 * divisions and cells add up to the same totals at every level; every reference points at something.
 *
 * @throws InputError when there is no readable manifest
 */
export async function verifySnapshot(out: string): Promise<VerifyResult> {
  const root = resolve(out);
  const manifest = currentManifest(root);
  const check = new Checks();
  const kept = keptManifestPath(root, manifest.snapshot);
  const copy = existsSync(kept) && readFileSync(kept).equals(readFileSync(manifestPath(root)));
  check.equal(`manifest.json and manifests/${manifest.snapshot}.json`, copy ? 'the same' : 'not the same', 'the same');
  check.count += manifest.files.reduce((sum, file) => sum + 2 + Object.keys(file.encoded).length, 0);
  check.problems.push(...(await fileProblems(root, manifest.files)));
  if (check.problems.length === 0) verifySums(root, manifest, check);
  return { snapshot: manifest.snapshot, files: manifest.files.length, checks: check.count, problems: check.problems };
}

/** @throws InputError when it is not there, damaged, or of another version */
export function currentManifest(root: string): Manifest {
  const path = manifestPath(root);
  const read = readManifest(path);
  switch (read.kind) {
    case 'read':
      return read.manifest;
    case 'none':
      throw new InputError(path, ['there is no snapshot here 此处没有快照']);
    case 'other-version':
      throw new InputError(path, [rebuildMessage(read.schemaVersion)]);
    case 'damaged':
      throw new InputError(path, read.problems);
    default:
      return read satisfies never;
  }
}

class Checks {
  count = 0;
  readonly problems: string[] = [];
  equal(what: string, found: number | string | bigint, expected: number | string | bigint): void {
    this.count++;
    if (found !== expected) this.problems.push(`${what}: found ${found}, expected ${expected}`);
  }
}

function verifySums(root: string, manifest: Manifest, check: Checks): void {
  const table = (path: string) => {
    const file = manifest.files.find((candidate) => candidate.path === path);
    return file ? tableFromIPC(readFileSync(join(root, file.file))) : null;
  };
  const { totals } = manifest;
  check.equal('read = accepted + rejected', totals.accepted + totals.rejected, totals.read);
  check.equal(
    'accepted = located + division only + unlocated',
    totals.located + totals.divisionOnly + totals.unlocated,
    totals.accepted,
  );
  const cells = manifest.grid.cells[String(manifest.grid.finest)] as number;
  check.equal('grid rows', table('grid.arrow')?.numRows ?? -1, cells);
  let end = 0;
  for (let resolution = manifest.grid.finest - 1; resolution >= manifest.grid.coarsest; resolution--) {
    const grid = table(`grid/r${resolution}.arrow`);
    const first = grid?.getChild('first_id')?.toArray() as Uint32Array;
    const last = grid?.getChild('end_id')?.toArray() as Uint32Array;
    end = 0;
    let gaps = 0;
    for (let i = 0; i < first.length; i++) {
      if (first[i] !== end) gaps++;
      end = last[i] as number;
    }
    check.equal(`grid/r${resolution}: gaps between ranges`, gaps, 0);
    check.equal(`grid/r${resolution}: end of the last range`, end, cells);
  }
  const facts = manifest.files.filter((file) => file.kind === 'facts');
  const sums = { rows: 0, located: 0, divisionOnly: 0, unmapped: 0 };
  const byWeek = new Map<number, number>();
  const rowOf = cellRows(table, cells);
  const district = districts(table('divisions.arrow'));
  const groups = groupIds(manifest.dictionaries.categories);
  const factMarks = { 7: new RowMark(), 8: new RowMark(), 9: new RowMark(), week: new RowMark() };
  const withinCell = new Map<number, number>(); // resolution → rows whose place is known at least that well
  const divisions = table('divisions.arrow')?.numRows ?? 0; // reported as out of range below
  const categories = manifest.dictionaries.categories.length;
  const firstMonday = manifest.weeks[0]?.firstDay ?? 0; // no weeks, no rows
  for (const file of facts) {
    const part = tableFromIPC(readFileSync(join(root, file.file)));
    check.equal(`${file.path}: rows`, part.numRows, file.rows ?? -1);
    const read = (name: string) => part.getChild(name) as unknown as { get(i: number): number | null };
    const [cell, res, day, category, division, source] = [
      'cell_id',
      'res',
      'day',
      'category',
      'division',
      'source',
    ].map(read) as [
      ReturnType<typeof read>,
      ReturnType<typeof read>,
      ReturnType<typeof read>,
      ReturnType<typeof read>,
      ReturnType<typeof read>,
      ReturnType<typeof read>,
    ];
    let wrong = 0;
    for (let i = 0; i < part.numRows; i++) {
      const id = cell.get(i);
      const known = res.get(i) as number;
      const date = day.get(i) as number;
      sums.rows++;
      if (id !== null) sums.located++;
      else if (division.get(i) !== null) sums.divisionOnly++;
      if (category.get(i) === 0) sums.unmapped++;
      const outside =
        (id !== null && id >= cells) || (id === null) !== (known === 0) || (division.get(i) ?? 0) >= divisions; // null = unlocated, in range
      if (
        outside ||
        (category.get(i) as number) >= categories ||
        date < (file.period?.firstDay ?? manifest.window.firstDay) ||
        date >= (file.period?.endDay ?? manifest.window.endDay)
      )
        wrong++;
      const week = Math.floor((date - firstMonday) / 7);
      byWeek.set(week, (byWeek.get(week) ?? 0) + 1); // a count starts at nothing
      const from = source.get(i) as number;
      const group = groups[category.get(i) as number] as number;
      const own = division.get(i);
      factMarks.week.add(1, own === null ? NO_DIVISION : (district[own] as number), week, from, group);
      for (const r of RESOLUTIONS) {
        if (known < r) continue;
        withinCell.set(r, (withinCell.get(r) ?? 0) + 1); // a count starts at nothing
        if (id !== null) factMarks[r].add(1, rowOf[r][id] as number, week, from, group);
      }
    }
    check.equal(`${file.path}: rows that point nowhere`, wrong, 0);
  }
  check.equal('facts: rows', sums.rows, totals.accepted);
  check.equal('facts: located', sums.located, totals.located);
  check.equal('facts: division only', sums.divisionOnly, totals.divisionOnly);
  check.equal('facts: unmapped', sums.unmapped, totals.unmapped);
  const weekCube = table('cube/week.arrow');
  const weekSums = new Map<number, number>();
  for (let i = 0; i < (weekCube?.numRows ?? 0); i++) {
    const week = weekCube?.getChild('week')?.get(i) as number;
    weekSums.set(week, (weekSums.get(week) ?? 0) + (weekCube?.getChild('n')?.get(i) as number)); // a sum starts at nothing
  }
  const keys = ['week', 'source', 'group'];
  check.equal(
    'cube/week: divisions, weeks, sources and groups, against facts',
    cubeMark(weekCube, ['division', ...keys]),
    factMarks.week.sum,
  );
  for (let week = 0; week < manifest.weeks.length; week++)
    check.equal(`cube/week: week ${manifest.weeks[week]?.iso}`, weekSums.get(week) ?? 0, byWeek.get(week) ?? 0); // no rows in that week
  const sumOf = (path: string): number =>
    ((table(path)?.getChild('n')?.toArray() ?? []) as Uint32Array).reduce((sum, n) => sum + n, 0);
  for (const resolution of RESOLUTIONS) {
    const cubes = manifest.files.filter((file) => file.path.startsWith(`cube/r${resolution}/`));
    const sum = cubes.reduce((total, file) => total + sumOf(file.path), 0);
    check.equal(`cube/r${resolution}: sum`, sum, withinCell.get(resolution) ?? 0); // none located
    const mark = cubes.reduce((total, file) => (total + cubeMark(table(file.path), ['cell', ...keys])) >>> 0, 0);
    check.equal(
      `cube/r${resolution}: cells, weeks, sources and groups, against facts`,
      mark,
      factMarks[resolution].sum,
    );
  }
  check.equal('cube/overview: sum', sumOf('cube/overview.arrow'), withinCell.get(manifest.grid.overview) ?? 0); // idem
}

const RESOLUTIONS = [7, 8, 9] as const;
const NO_DIVISION = 0xffffffff;
type ReadTable = (path: string) => Table | null;

/** Per resolution and finest cell, its row in the coarser grid. */
function cellRows(table: ReadTable, cells: number): Record<(typeof RESOLUTIONS)[number], Uint32Array> {
  const rows = (resolution: number): Uint32Array => {
    const grid = table(`grid/r${resolution}.arrow`);
    const first = (grid?.getChild('first_id')?.toArray() ?? []) as Uint32Array; // none: every cell is in row 0, and found wrong
    const end = (grid?.getChild('end_id')?.toArray() ?? []) as Uint32Array;
    const rowOf = new Uint32Array(cells);
    for (let row = 0; row < first.length; row++) rowOf.fill(row, first[row] as number, end[row] as number);
    return rowOf;
  };
  return { 7: rows(7), 8: rows(8), 9: rows(9) };
}

/** Per division id its ancestor of level 1; 0 for the city. */
function districts(divisions: Table | null): Uint32Array {
  const district = new Uint32Array(divisions?.numRows ?? 0); // reported as out of range
  for (let id = 0; id < district.length; id++) {
    const level = divisions?.getChild('level')?.get(id) as number;
    const parent = divisions?.getChild('parent')?.get(id) as number | null;
    district[id] = level <= 1 ? id : (district[parent as number] as number); // pre-order: the parent came before
  }
  return district;
}

function cubeMark(cube: Table | null, names: readonly string[]): number {
  const mark = new RowMark();
  const columns = names.map((name) => cube?.getChild(name));
  const n = cube?.getChild('n');
  for (let i = 0; i < (cube?.numRows ?? 0); i++) {
    const [a, b, c, d] = columns.map((column) => (column?.get(i) as number | null) ?? NO_DIVISION) as [
      number,
      number,
      number,
      number,
    ];
    mark.add(n?.get(i) as number, a, b, c, d);
  }
  return mark.sum;
}
