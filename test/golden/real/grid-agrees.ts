import { cellToLatLng, cellToParent, getResolution, latLngToCell } from 'h3-js';
import { expect, it } from 'vitest';
import type { Loaded } from './city-agrees.ts';
import { column, hexTexts, tableAt } from './published.ts';
import type { PlaceOf } from './truth.ts';

/** Every how many-th cell is placed by turf: all of them would take as long as the rest. */
const STEP = 23;

export function gridChecks(at: () => Loaded, placeOf: PlaceOf): void {
  it('is in ascending order, each cell once, and holds every located incident', () => {
    const { truth, published } = at();
    const cells = new Set(published.cells);
    expect(cells.size).toBe(published.cells.length);
    const ordered = published.cells.every(
      (cell, i) => getResolution(cell) === 10 && (i === 0 || cell > published.cells[i - 1]!),
    );
    expect(ordered).toBe(true);
    expect(truth.accepted.filter((row) => row.cell !== null && !cells.has(row.cell))).toEqual([]);
  });

  it('gives a cell the deepest division of its centre, by turf', () => {
    const { published } = at();
    const division = column<number | null>(tableAt(published.folder, published.manifest, 'grid.arrow'), 'division');
    const wrong = published.cells.flatMap((cell, id) => {
      if (id % STEP !== 0) return [];
      const [lat, lng] = cellToLatLng(cell);
      const expected = placeOf(lng, lat)?.at(-1) ?? null;
      const found = division[id] === null ? null : published.divisions[division[id]!]!.code;
      return expected === found ? [] : [`${cell}: expected ${expected}, found ${found}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each([5, 6, 7, 8, 9])(
    'of resolution %i: one contiguous range of ids per parent, ranges cover the grid',
    (resolution) => {
      const { published } = at();
      const table = tableAt(published.folder, published.manifest, `grid/r${resolution}.arrow`);
      const [hex, first, end] = [hexTexts(table), column(table, 'first_id'), column(table, 'end_id')];
      expect(first.map((id, row) => id - (row === 0 ? 0 : end[row - 1]!)).every((gap) => gap === 0)).toBe(true);
      expect(end.at(-1)).toBe(published.cells.length);
      const strangers = hex.flatMap((parent, row) =>
        published.cells.slice(first[row], end[row]).filter((cell) => cellToParent(cell, resolution) !== parent),
      );
      expect(strangers).toEqual([]);
      const [lng, lat] = [column(table, 'lng_e6'), column(table, 'lat_e6')];
      expect(hex.every((cell, row) => latLngToCell(lat[row]! / 1e6, lng[row]! / 1e6, resolution) === cell)).toBe(true);
    },
  );
}
