import { expect, it } from 'vitest';
import type { Loaded } from './city-agrees.ts';
import { expectedDivision, groupOf, parentOf } from './expected-facts.ts';
import { codeAtLevel, column, hexTexts, tableAt } from './published.ts';
import { differences, type Tally, tally } from './tally.ts';
import type { TruthIncident } from './truth.ts';

const DAYS = 7;

/** Every cube against the truth, and every cut of the same total against every other. */
export function cubeChecks(at: () => Loaded): void {
  const weekOf = (day: number): number => Math.floor((day - at().published.manifest.weeks[0]!.firstDay) / DAYS);
  const finestOf = (row: TruthIncident): number => (at().grading.get(row.category)!.sensitive ? 8 : 10);
  const shownAt = (row: TruthIncident, resolution: number): boolean => row.cell !== null && finestOf(row) >= resolution;

  const cube = (path: string, place: (row: number) => string, week: boolean): Tally => {
    const { published } = at();
    const table = tableAt(published.folder, published.manifest, path);
    const { sources, categories } = published.manifest.dictionaries;
    const [source, group, n] = [column(table, 'source'), column(table, 'group'), column(table, 'n')];
    const weeks = week ? column(table, 'week') : null;
    const rows = n.map((_, row) => row);
    const key = (row: number): string =>
      [place(row), ...(weeks ? [weeks[row]] : []), sources[source[row]!]!.key, categories[group[row]!]!.code].join(
        ' | ',
      );
    const found = tally(rows, key, (row) => n[row]!);
    expect(found.size, `${path}: a key occurs twice`).toBe(rows.length);
    return found;
  };
  const cellsOf = (path: string, cells: string): ((row: number) => string) => {
    const { published } = at();
    const hex = hexTexts(tableAt(published.folder, published.manifest, cells));
    const cell = column(tableAt(published.folder, published.manifest, path), 'cell');
    return (row) => hex[cell[row]!]!;
  };
  /** The cube of a resolution over all its periods; a week on the edge of two has rows in both. */
  const cellCube = (resolution: number): Tally => {
    const paths = at()
      .published.manifest.files.map((file) => file.path)
      .filter((path) => path.startsWith(`cube/r${resolution}/`));
    expect(paths.length).toBeGreaterThan(0);
    return paths
      .map((path) => cube(path, cellsOf(path, `grid/r${resolution}.arrow`), true))
      .reduce((sum, part) => plus(sum, part), new Map());
  };
  const perWeek = (counts: Tally, weekAt: number): Tally =>
    tally(
      counts,
      ([key]) => key.split(' | ')[weekAt]!,
      ([, n]) => n,
    );
  const plus = (a: Tally, b: Tally): Tally =>
    tally(
      [...a, ...b],
      ([key]) => key,
      ([, n]) => n,
    );

  it('weeks of the manifest are the ISO weeks of the window, Monday first', () => {
    const { window, weeks } = at().published.manifest;
    expect(weeks.length).toBe(Math.ceil((window.endDay - weeks[0]!.firstDay) / DAYS));
    weeks.forEach((week, i) => {
      expect(week.firstDay).toBe(weeks[0]!.firstDay + i * DAYS);
      expect(new Date(week.firstDay * 86_400_000).getUTCDay()).toBe(1);
    });
  });

  it('division × week equals the truth', () => {
    const { truth, published, grading, areaOf } = at();
    const table = tableAt(published.folder, published.manifest, 'cube/week.arrow');
    const division = column<number | null>(table, 'division');
    const found = cube('cube/week.arrow', (row) => codeAtLevel(published.divisions, division[row]!, 1), true);
    const place = (row: TruthIncident): string => {
      const code = expectedDivision(row, grading.get(row.category)!.sensitive, areaOf);
      return code === 'unlocated' || code === 'city' ? code : row.divisions![0]!;
    };
    expect(
      differences(
        tally(truth.accepted, (row) => [place(row), weekOf(row.day), row.source, groupOf(row.category)].join(' | ')),
        found,
      ),
    ).toEqual([]);
  });

  it.each([7, 8, 9])('cell of resolution %i × week equals the truth', (resolution) => {
    const expected = tally(
      at().truth.accepted.filter((row) => shownAt(row, resolution)),
      (row) => [parentOf(row.cell!, resolution), weekOf(row.day), row.source, groupOf(row.category)].join(' | '),
    );
    expect(differences(expected, cellCube(resolution))).toEqual([]);
  });

  it('the overview over the whole window equals the truth', () => {
    const { overview } = at().published.manifest.grid;
    const expected = tally(
      at().truth.accepted.filter((row) => shownAt(row, overview)),
      (row) => [parentOf(row.cell!, overview), row.source, groupOf(row.category)].join(' | '),
    );
    const path = 'cube/overview.arrow';
    expect(differences(expected, cube(path, cellsOf(path, `grid/r${overview}.arrow`), false))).toEqual([]);
  });

  it('every week: cells + withheld + unlocated = divisions + unlocated = facts, at every level and resolution', () => {
    const { truth, published } = at();
    const weeks = published.manifest.weeks.map((_, week) => String(week));
    const total = tally(truth.accepted, (row) => String(weekOf(row.day)));
    expect([...total.keys()].every((week) => weeks.includes(week))).toBe(true);
    const unlocated = tally(
      truth.accepted.filter((row) => row.cell === null),
      (row) => String(weekOf(row.day)),
    );
    for (const resolution of [7, 8, 9]) {
      const inCells = perWeek(cellCube(resolution), 1);
      const withheld = tally(
        truth.accepted.filter((row) => row.cell !== null && !shownAt(row, resolution)),
        (row) => String(weekOf(row.day)),
      );
      expect(differences(total, plus(plus(inCells, withheld), unlocated)), `resolution ${resolution}`).toEqual([]);
    }
    const table = tableAt(published.folder, published.manifest, 'cube/week.arrow');
    const division = column<number | null>(table, 'division');
    expect(
      differences(
        total,
        perWeek(
          cube('cube/week.arrow', (row) => String(division[row]), true),
          1,
        ),
      ),
    ).toEqual([]);
    for (const { level } of published.manifest.divisionLevels) {
      const byDivision = tally(published.facts, (fact) =>
        [codeAtLevel(published.divisions, fact.division, level), weekOf(fact.day)].join(' | '),
      );
      expect(differences(total, perWeek(byDivision, 1)), `level ${level}`).toEqual([]);
    }
  });
}
