import fc from 'fast-check';
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { baseStyle } from '../../../web/src/map/base-style.ts';
import { basemapOf } from '../../../web/src/map/basemap.ts';
import { cellIndex } from '../../../web/src/map/cell-index.ts';
import { drawable, levelZooms, maskAround } from '../../../web/src/map/divisions.ts';
import { countsAt } from '../../../web/src/map/drawn-counts.ts';
import type { GridTable } from '../../../web/src/map/grid-table.ts';
import { DEFAULT_LAYERS } from '../../../web/src/map/layer-order.ts';
import { outlinesOf } from '../../../web/src/map/outline-job.ts';
import type { OutlineReply, OutlineRequest } from '../../../web/src/map/outline-messages.ts';
import { BlockTakenBack, outlineSource } from '../../../web/src/map/outline-source.ts';
import { cellWidthPx, resolutionAt } from '../../../web/src/map/resolution.ts';

const toBigInts = (cells: readonly string[]) => BigUint64Array.from(cells, (cell) => BigInt(`0x${cell}`));
const SPAN = { coarsest: 5, finest: 10 };

describe('which cell is at a point', () => {
  for (const resolution of [7, 8, 9, 10]) {
    const disk = gridDisk(latLngToCell(31.3, 120.6, resolution), 12);
    const index = cellIndex(outlinesOf(toBigInts(disk)));
    const [lat0, lng0] = cellToLatLng(disk[0]!);
    const reach = Math.abs(cellToLatLng(disk[disk.length - 1]!)[0] - lat0) * 0.5;

    it(`is answered as H3 answers, but within half a metre of an edge: resolution ${resolution}`, () => {
      const shift = fc.double({ min: -1, max: 1, noNaN: true });
      fc.assert(
        fc.property(shift, shift, (dx, dy) => {
          const [lng, lat] = [lng0 + dx * reach, lat0 + dy * reach];
          const found = disk[index.at(lng, lat)];
          const near = [0, 1, 2, 3].map((turn) => {
            const angle = (turn * Math.PI) / 2 + 0.3;
            return latLngToCell(lat + 5e-6 * Math.sin(angle), lng + 5e-6 * Math.cos(angle), resolution);
          });
          expect([latLngToCell(lat, lng, resolution), ...near]).toContain(found);
        }),
        { numRuns: 400 },
      );
    });
  }

  it('is none outside all cells', () => {
    const index = cellIndex(outlinesOf(toBigInts(gridDisk(latLngToCell(31.3, 120.6, 8), 3))));
    expect(index.at(120.9, 31.3)).toBe(-1);
    expect(index.at(0, 0)).toBe(-1);
    expect(cellIndex({ starts: new Uint32Array(1), lngLatE6: new Int32Array() }).at(1, 1)).toBe(-1);
  });

  it('has a neighbour in each direction, and none beyond the edge of the grid', () => {
    const disk = gridDisk(latLngToCell(31.3, 120.6, 8), 2);
    const index = cellIndex(outlinesOf(toBigInts(disk)));
    const neighbours = [0, 1, 2, 3].map((turn) => index.neighbour(0, (turn * Math.PI) / 2));
    for (const cell of neighbours) expect(gridDisk(disk[0]!, 1).slice(1)).toContain(disk[cell]);
    let cell = 0;
    for (let step = 0; step < 4 && cell >= 0; step++) cell = index.neighbour(cell, 0);
    expect(cell).toBe(-1);
  });
});

describe('resolution by zoom', () => {
  it('draws cells about 12 to 32 pixels wide, within the span of the grid', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 6, max: 14, noNaN: true }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        (zoom, lat) => {
          const resolution = resolutionAt({ zoom, lat }, SPAN, null);
          const px = cellWidthPx(resolution, { zoom, lat });
          if (resolution > SPAN.coarsest) expect(px).toBeGreaterThan(11.9);
          if (resolution < SPAN.finest) expect(px).toBeLessThan(32.1);
        },
      ),
    );
  });

  it('does not flip back when the zoom is turned back a little', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 6, max: 14, noNaN: true }),
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
        (zoom, step) => {
          const first = resolutionAt({ zoom, lat: 31 }, SPAN, null);
          const second = resolutionAt({ zoom: zoom + step, lat: 31 }, SPAN, first);
          expect(resolutionAt({ zoom, lat: 31 }, SPAN, second)).toBe(second);
        },
      ),
    );
  });

  it('leaves a resolution that the counts cannot be shown at', () => {
    expect(resolutionAt({ zoom: 14, lat: 31 }, { coarsest: 5, finest: 8 }, 10)).toBe(8);
  });
});

describe('counts for the drawn resolution', () => {
  const table = (resolution: number, ranges: GridTable['ranges'], cells: number): GridTable => ({
    resolution,
    ranges,
    h3: new BigUint64Array(cells),
    lngE6: null,
    latE6: null,
    outlines: null,
  });
  const eight = table(8, { firstId: Uint32Array.of(0, 2), endId: Uint32Array.of(2, 5) }, 2);
  const seven = table(7, { firstId: Uint32Array.of(0), endId: Uint32Array.of(5) }, 1);
  const nine = table(9, null, 5);

  it('come from the finest at every resolution', () => {
    const counts = {
      kind: 'finest',
      cellId: Uint32Array.of(0, 3, 4),
      res: Uint8Array.of(9, 8, 9),
      n: Uint32Array.of(1, 2, 4),
    } as const;
    expect(countsAt(counts, nine, undefined)).toEqual({ n: Uint32Array.of(1, 0, 0, 0, 4), withheld: 2 });
    expect(countsAt(counts, eight, undefined)).toEqual({ n: Uint32Array.of(1, 6), withheld: 0 });
  });

  it('come from coarse ones at the same or a coarser resolution only', () => {
    const counts = { kind: 'coarse', resolution: 8, n: Uint32Array.of(3, 4) } as const;
    expect(countsAt(counts, eight, undefined)?.n).toEqual(Uint32Array.of(3, 4));
    expect(countsAt(counts, seven, eight)?.n).toEqual(Uint32Array.of(7));
    expect(countsAt(counts, seven, undefined)).toBeNull();
    expect(countsAt(counts, nine, eight)).toBeNull();
  });
});

describe('the ground', () => {
  const style = baseStyle({
    unit: 1,
    theme: 'light',
    locale: 'zh-CN',
    zooms: [],
    made: new Set([2]),
    raster: null,
    vector: false,
    data: {},
    choices: DEFAULT_LAYERS,
    filledLevel: null,
    unknownDivisions: [],
    attribution: '',
  });

  it('asks for no glyphs, sprite or tile of anybody', () => {
    expect(style).not.toHaveProperty('glyphs');
    expect(style).not.toHaveProperty('sprite');
    expect(JSON.stringify(style)).not.toMatch(/https?:/);
    for (const source of Object.values(style.sources)) expect(source.type).toBe('geojson');
  });

  it('takes a base map of our own origin only', () => {
    const attribution = { zh: '底图', en: 'base' };
    const page = 'https://city.example/desk';
    expect(basemapOf(null, page)).toEqual({ kind: 'none' });
    expect(basemapOf({ kind: 'raster', url: '/tiles/{z}/{x}/{y}.png', attribution }, page)).toEqual({
      kind: 'raster',
      tiles: 'https://city.example/tiles/{z}/{x}/{y}.png',
    });
    expect(basemapOf({ kind: 'raster', url: 'https://tiles.example/{z}/{x}/{y}', attribution }, page)).toEqual({
      kind: 'foreign',
    });
    expect(basemapOf({ kind: 'pmtiles', url: 'https://tiles.example/city.pmtiles', attribution }, page)).toEqual({
      kind: 'foreign',
    });
    expect(basemapOf({ kind: 'pmtiles', url: '/city.pmtiles', attribution }, page)).toEqual({
      kind: 'pmtiles',
      url: 'https://city.example/city.pmtiles',
    });
  });

  it('shows names of smaller divisions later', () => {
    const [one, two, three] = levelZooms(
      [
        { level: 1, areasKm2: [900, 1200] },
        { level: 2, areasKm2: [80, 90, 100] },
        { level: 3, areasKm2: [3] },
      ],
      31,
    );
    expect(one!.labels).toBe(0);
    expect(two!.labels).toBeGreaterThan(two!.lines);
    expect(three!.lines).toBeGreaterThan(two!.lines);
  });

  it('writes names with brackets that MapLibre can draw', () => {
    expect(drawable('科技城（东渚街道）')).toBe('科技城(东渚街道)');
    expect(drawable('《甲》【乙】')).toBe('<甲>[乙]');
    expect(drawable('平江路')).toBe('平江路');
  });

  it('masks everything but the division, its holes included', () => {
    const ring = (from: number, to: number) => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
      [from, from],
    ];
    const mask = maskAround({ type: 'Polygon', coordinates: [ring(0, 9), ring(3, 4)] });
    expect(mask.geometry.coordinates).toHaveLength(2);
    expect(mask.geometry.coordinates[0]![1]).toEqual(ring(0, 9));
    expect(mask.geometry.coordinates[1]![0]).toEqual(ring(3, 4));
  });
});

describe('outlines from the worker', () => {
  function fakeWorker() {
    const posted: OutlineRequest[] = [];
    const worker = {
      postMessage: (request: OutlineRequest) => posted.push(request),
      terminate: () => {},
    } as unknown as Worker;
    const answer = (data: OutlineReply) => worker.onmessage?.({ data } as MessageEvent);
    return { posted, worker, answer };
  }
  const empty = { starts: new Uint32Array(1), lngLatE6: new Int32Array() };

  it('are asked for once a block', async () => {
    const { posted, worker, answer } = fakeWorker();
    const source = outlineSource(() => worker);
    const [first, second] = [
      source.block('a', () => new BigUint64Array(1)),
      source.block('a', () => new BigUint64Array(1)),
    ];
    answer({ id: posted[0]!.id, ok: true, outlines: empty });
    expect(await first).toBe(await second);
    expect(posted).toHaveLength(1);
  });

  it('are taken back when the view has moved on, and asked for again when it returns', async () => {
    const { posted, worker } = fakeWorker();
    const source = outlineSource(() => worker);
    const given = source.block('a', () => new BigUint64Array(1));
    source.keepOnly(new Set(['b']));
    await expect(given).rejects.toBeInstanceOf(BlockTakenBack);
    expect(posted.at(-1)).toEqual({ id: 0, h3: null });
    void source.block('a', () => new BigUint64Array(1)).catch(() => {});
    expect(posted).toHaveLength(3);
  });

  it('say which block failed, and start a new worker after a crash', async () => {
    const workers = [fakeWorker(), fakeWorker()];
    let started = 0;
    const source = outlineSource(() => workers[started++]!.worker);
    const failing = source.block('9/4', () => new BigUint64Array(1));
    workers[0]!.answer({ id: 0, ok: false, error: 'no such cell' });
    await expect(failing).rejects.toThrow('outlines of 9/4: no such cell');
    const crashing = source.block('9/5', () => new BigUint64Array(1));
    workers[0]!.worker.onerror?.({ message: 'boom' } as ErrorEvent);
    await expect(crashing).rejects.toThrow('boom');
    void source.block('9/5', () => new BigUint64Array(1)).catch(() => {});
    expect(started).toBe(2);
  });
});
