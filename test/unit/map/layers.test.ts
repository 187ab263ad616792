import type { FeatureCollection, Position } from 'geojson';
import { cellToBoundary, cellToChildren, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { columnMesh } from '../../../web/src/layers/column-layer.ts';
import { dotPlaces, PLACES, perDotOf } from '../../../web/src/layers/dot-layer.ts';
import { hexagonMesh } from '../../../web/src/layers/hexagon-mesh.ts';
import { baseStyle } from '../../../web/src/map/base-style.ts';
import { cellIndex } from '../../../web/src/map/cell-index.ts';
import { NO_DATA_CLASS, SUPPRESSED_CLASS } from '../../../web/src/map/contract.ts';
import type { GridTable } from '../../../web/src/map/grid-table.ts';
import { anchorOf, completed, DEFAULT_LAYERS } from '../../../web/src/map/layer-order.ts';
import { outlinesOf } from '../../../web/src/map/outline-job.ts';
import { columnAt, columnOn } from '../../../web/src/map/pick.ts';
import { seamsOf } from '../../../web/src/map/seams.ts';
import { strongestClasses } from '../../../web/src/map/strongest.ts';
import { unknownRows } from '../../../web/src/map/unknown.ts';
import { withheldCells } from '../../../web/src/map/withheld.ts';

const table = (resolution: number, rows: number, ranges: readonly (readonly [number, number])[] | null): GridTable => ({
  resolution,
  h3: new BigUint64Array(rows),
  ranges: ranges && {
    firstId: Uint32Array.from(ranges, ([first]) => first),
    endId: Uint32Array.from(ranges, ([, end]) => end),
  },
  lngE6: null,
  latE6: null,
  outlines: null,
});

describe('the strongest class inside', () => {
  const to = { firstId: Uint32Array.from([0, 3, 5]), endId: Uint32Array.from([3, 5, 8]) };
  const roll = (classes: number[]) =>
    Array.from(
      strongestClasses({
        classes: Uint32Array.from(classes),
        strength: [1, 9, 5],
        from: table(10, 8, null),
        to,
      }),
    );

  it('stands for the coarser cell, whatever its number', () => {
    expect(roll([1, 3, 2, 3, 1, 0, 0, 1])).toEqual([2, 3, 1]);
  });

  it('is unknown or kept back only where nothing else is inside', () => {
    expect(
      roll([
        NO_DATA_CLASS,
        NO_DATA_CLASS,
        NO_DATA_CLASS,
        NO_DATA_CLASS,
        0,
        NO_DATA_CLASS,
        SUPPRESSED_CLASS,
        NO_DATA_CLASS,
      ]),
    ).toEqual([NO_DATA_CLASS, 0, SUPPRESSED_CLASS]);
  });

  it('comes from a middle resolution as from the finest', () => {
    const from = table(9, 4, [
      [0, 2],
      [2, 3],
      [3, 5],
      [5, 8],
    ]);
    const rolled = strongestClasses({ classes: Uint32Array.from([1, 3, 0, 2]), strength: [1, 2, 3], from, to });
    expect([...rolled]).toEqual([3, 0, 2]);
  });
});

describe('cells where nobody looked', () => {
  it('are those whose finest cells all are', () => {
    const coarse = table(9, 3, [
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    expect([...unknownRows(Uint8Array.from([1, 1, 1, 0, 0]), coarse)!]).toEqual([1, 0, 0]);
    expect(unknownRows(Uint8Array.from([1, 0, 0, 1, 0]), coarse)).toBeNull();
    expect(unknownRows(Uint8Array.from([1, 0]), coarse.ranges ? table(10, 2, null) : coarse)).toEqual(
      Uint8Array.from([1, 0]),
    );
  });
});

describe('what is kept to a coarser cell', () => {
  const coarse = table(8, 2, [
    [0, 5],
    [5, 9],
  ]);
  const counts = {
    kind: 'finest' as const,
    cellId: Uint32Array.from([0, 3, 4, 6, 7]),
    res: Uint8Array.from([8, 10, 8, 9, 8]),
    n: Uint32Array.from([2, 7, 1, 4, 3]),
  };

  it('is summed by the cell it is known to', () => {
    const { cells, missing } = withheldCells(counts, 9, (resolution) => (resolution === 8 ? coarse : undefined));
    expect(missing).toEqual([]);
    expect(cells).toEqual([
      { resolution: 8, row: 0, n: 3 },
      { resolution: 8, row: 1, n: 3 },
    ]);
  });

  it('names the tables that are not there, and is nothing where all may be shown', () => {
    expect(withheldCells(counts, 10, () => undefined).missing).toEqual([8, 9]);
    expect(withheldCells(counts, 8, () => undefined)).toEqual({ cells: [], missing: [] });
    expect(withheldCells({ kind: 'coarse', resolution: 8, n: new Uint32Array(2) }, 8, () => undefined).cells).toEqual(
      [],
    );
  });
});

describe('seams', () => {
  const square = (id: number, x: number, y: number) => {
    const ring: Position[] = [
      [x, y],
      [x + 1, y],
      [x + 1, y + 1],
      [x, y + 1],
      [x, y],
    ];
    return {
      type: 'Feature' as const,
      properties: { id },
      geometry: { type: 'Polygon' as const, coordinates: [ring] },
    };
  };
  const four: FeatureCollection = {
    type: 'FeatureCollection',
    features: [square(1, 0, 0), square(2, 1, 0), square(3, 0, 1), square(4, 5, 5)],
  };

  it('are the edges two divisions share, and no rim', () => {
    const { features } = seamsOf(four);
    const pairs = features.map(({ properties, geometry }) => [
      properties?.a,
      properties?.b,
      geometry.coordinates.length,
    ]);
    expect(pairs).toEqual([
      [1, 2, 1],
      [1, 3, 1],
    ]);
    const [first] = features[0]!.geometry.coordinates;
    expect([...first!].sort()).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });
});

describe('dots of a cell', () => {
  const cell = latLngToCell(31.3, 120.66, 10);
  const outlines = outlinesOf(BigUint64Array.from([BigInt(`0x${cell}`)]));

  it('are as many as the count says, all inside, no two in one place', () => {
    const ring = cellToBoundary(cell);
    for (const n of [0, 1, 2, 7, 40, PLACES]) {
      const places = dotPlaces(outlines, [{ cell: 0, n }], 1);
      expect(places.length).toBe(2 * n);
      const keys = new Set<string>();
      for (let i = 0; i < n; i++) {
        const [lng, lat] = [places[2 * i]!, places[2 * i + 1]!];
        keys.add(`${lng.toFixed(7)} ${lat.toFixed(7)}`);
        expect(latLngToCell(lat, lng, 10)).toBe(cell);
      }
      expect(keys.size).toBe(n);
      expect(ring.length).toBeGreaterThan(4);
    }
  });

  it('lie in one pattern, whatever the incidents did', () => {
    const [a, b] = [dotPlaces(outlines, [{ cell: 0, n: 5 }], 1), dotPlaces(outlines, [{ cell: 0, n: 9 }], 1)];
    expect([...b.subarray(0, 10)]).toEqual([...a]);
  });

  it('stand for more where the fullest cell has no room', () => {
    expect([1, PLACES, PLACES + 1, 5 * PLACES, 5 * PLACES + 1, 4000].map(perDotOf)).toEqual([1, 1, 2, 5, 10, 50]);
    expect(dotPlaces(outlines, [{ cell: 0, n: 11 }], 5).length).toBe(2 * 3);
  });
});

describe('columns', () => {
  const cells = cellToChildren(latLngToCell(31.3, 120.66, 8), 10);
  const mesh = hexagonMesh(outlinesOf(BigUint64Array.from(cells, (cell) => BigInt(`0x${cell}`))), 0.93);

  it('close each ring, so that all six sides are there', () => {
    const columns = columnMesh(mesh);
    for (let cell = 0; cell < columns.cells; cell++) {
      const [first, end] = [columns.starts[cell]!, columns.starts[cell + 1]!];
      expect(end - first).toBe(mesh.starts[cell + 1]! - mesh.starts[cell]! + 1);
      expect(columns.positions[2 * first]).toBe(columns.positions[2 * (end - 1)]);
      expect(columns.positions[2 * first + 1]).toBe(columns.positions[2 * (end - 1) + 1]);
    }
    expect(columns.indices.length).toBe(mesh.indices.length);
    expect(Math.max(...columns.indices)).toBeLessThan(columns.positions.length / 2);
  });

  it('are picked where the line of sight meets the first of them', () => {
    // Cells are unit steps along x; the eye is at the left, the ground point at 10, the top at 0.
    const ray = { top: [0, 0], ground: [10, 0], topM: 100, steps: 1000 } as const;
    const of = (heights: readonly number[]) =>
      columnOn(ray, {
        columnAt: (x) => Math.min(10, Math.floor(x)),
        at: (x) => Math.min(10, Math.floor(x)),
        heightM: (cell) => heights[cell] ?? 0,
      });
    expect(of([])).toBe(10);
    expect(of([0, 0, 0, 0, 61, 0, 0, 0, 0, 0, 0])).toBe(4);
    // Too low to be met before the ground.
    expect(of([0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0])).toBe(10);
    expect(of([0, 0, 85, 0, 99, 0, 0, 0, 0, 0, 0])).toBe(2);
  });

  it('are not met in the gap between two', () => {
    const index = cellIndex(outlinesOf(BigUint64Array.from(cells, (cell) => BigInt(`0x${cell}`))));
    const [lng, lat] = index.centre(10);
    const [corner] = cellToBoundary(cells[10]!);
    const at = (share: number) => columnAt(index, lng + (corner![1] - lng) * share, lat + (corner![0] - lat) * share);
    expect([at(0), at(0.9), at(0.925)]).toEqual([10, 10, 10]);
    expect([at(0.935), at(0.99)]).toEqual([-1, -1]);
  });
});

describe('the order of the layers', () => {
  const style = (choices = DEFAULT_LAYERS) =>
    baseStyle({
      unit: 1,
      theme: 'light',
      locale: 'zh-CN',
      zooms: [],
      made: new Set(),
      raster: null,
      vector: false,
      data: {},
      choices,
      filledLevel: 1,
      unknownDivisions: [],
      attribution: '',
    }).layers;

  it('is the reader’s, with the ground below and the names on top', () => {
    const moved = completed([
      { id: 'outlines', visible: true, opacity: 0.5 },
      { id: 'hexagons', visible: true, opacity: 1 },
    ]);
    const ids = style(moved).map(({ id }) => id);
    expect(ids.indexOf('city-line')).toBeLessThan(ids.indexOf(anchorOf('hexagons')));
    expect(ids.indexOf('water')).toBeLessThan(ids.indexOf('city-line'));
    expect(ids.indexOf('level-1-label')).toBeGreaterThan(ids.indexOf(anchorOf('marks')));
    const usual = style().map(({ id }) => id);
    expect(usual.indexOf('city-line')).toBeGreaterThan(usual.indexOf(anchorOf('hexagons')));
    expect([...usual].sort()).toEqual([...ids].sort());
  });

  it('keeps every layer once, and dims what is drawn', () => {
    expect(completed([]).map(({ id }) => id)).toEqual(DEFAULT_LAYERS.map(({ id }) => id));
    const line = style(completed([{ id: 'outlines', visible: true, opacity: 0.5 }])).find(
      ({ id }) => id === 'city-line',
    );
    expect(line?.paint).toMatchObject({ 'line-opacity': 0.5 });
    const label = style(completed([{ id: 'names', visible: false, opacity: 0.5 }])).find(
      ({ id }) => id === 'level-1-label',
    );
    expect(label?.layout).toMatchObject({ visibility: 'none' });
    expect(label?.paint).toMatchObject({
      'text-opacity': ['interpolate', ['linear'], ['zoom'], expect.any(Number), 0.5, expect.any(Number), 0],
    });
  });
});
