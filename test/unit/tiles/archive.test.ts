import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'fflate';
import { tileIdToZxy } from 'pmtiles';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlockStore } from '../../../pipelines/tiles/block-store.ts';
import { clipToBox } from '../../../pipelines/tiles/clip.ts';
import { NodeIndex } from '../../../pipelines/tiles/node-index.ts';
import { PmtilesFile } from '../../../pipelines/tiles/pmtiles-file.ts';
import type { Box, LngLat, TileFeature } from '../../../pipelines/tiles/tile-feature.ts';
import { archiveAt } from '../../support/tile-archive.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-tiles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const INFO = { box: [119, 30, 121, 32] as Box, minZoom: 0, maxZoom: 14, centreZoom: 3, metadata: { name: 'x' } };

describe('archive', () => {
  test('tiles in any order come back by the reader of browsers, through leaf directories', async () => {
    const path = join(folder, 'many.pmtiles');
    const file = new PmtilesFile(path);
    const COUNT = 20_000;
    // Uneven steps and lengths, so that the directory does not pack into the first read.
    const mixed = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 12;
    const ids: number[] = [];
    for (let i = 0, id = 30_000_000; i < COUNT; i++) {
      id += 2 + (mixed(i) % 90);
      ids.push(id);
    }
    // Every tenth tile is the same empty sea.
    const text = (i: number): string => (i % 10 === 0 ? 'sea' : `tile ${i} `.repeat(1 + (mixed(i) % 40)));
    const order = ids.map((_, i) => (i * 7919) % COUNT);
    for (const i of order) {
      const [z, x, y] = tileIdToZxy(ids[i]!);
      file.add({ z, x, y, bytes: gzipSync(Buffer.from(text(i)), { level: 0, mtime: 0 }) });
    }
    const archive = file.finish(INFO);
    file.close();
    expect(archive).toMatchObject({ tiles: COUNT, contents: 0.9 * COUNT + 1 });
    const reader = archiveAt(path);
    const header = await reader.getHeader();
    expect(header.leafDirectoryLength).toBeGreaterThan(0);
    expect(header).toMatchObject({
      specVersion: 3,
      clustered: true,
      numAddressedTiles: COUNT,
      numTileContents: 0.9 * COUNT + 1,
      minLon: 119,
      maxLat: 32,
    });
    for (const i of [0, 1, 77, 4_095, 4_096, 12_345, COUNT - 1]) {
      const [z, x, y] = tileIdToZxy(ids[i]!);
      const found = await reader.getZxy(z, x, y);
      expect(Buffer.from(found!.data).toString()).toBe(text(i));
    }
    const [z, x, y] = tileIdToZxy(ids[500]! + 1);
    expect(await reader.getZxy(z, x, y)).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.includes('.tmp-'))).toEqual([]);
  });

  test('equal neighbours are one entry', () => {
    const file = new PmtilesFile(join(folder, 'run.pmtiles'));
    for (const id of [5, 6, 7, 8]) {
      const [z, x, y] = tileIdToZxy(id);
      file.add({ z, x, y, bytes: gzipSync(Buffer.from('sea'), { mtime: 0 }) });
    }
    const archive = file.finish(INFO);
    file.close();
    expect(archive).toMatchObject({ tiles: 4, contents: 1 });
  });
});

describe('clip', () => {
  const box: Box = [0, 0, 1, 1];
  test('a polygon around the box becomes the box', () => {
    const ring: LngLat[] = [
      [-5, -5],
      [5, -5],
      [5, 5],
      [-5, 5],
      [-5, -5],
    ];
    const [part] = clipToBox({ type: 'Polygon', coordinates: [ring] }, box);
    expect(part?.type === 'Polygon' && area(part.coordinates[0]!)).toBeCloseTo(1, 12);
  });
  test('a polygon beside it is nothing, and a hole beside it is dropped', () => {
    expect(
      clipToBox(
        {
          type: 'Polygon',
          coordinates: [
            [
              [2, 2],
              [3, 2],
              [3, 3],
              [2, 2],
            ],
          ],
        },
        box,
      ),
    ).toEqual([]);
  });
  test('a line that leaves and comes back is two lines, which keep what crosses the edge', () => {
    const coordinates: LngLat[] = [
      [0.5, 0.5],
      [2, 0.5],
      [3, 3],
      [0.5, 3],
      [0.5, 0.9],
    ];
    expect(clipToBox({ type: 'LineString', coordinates }, box)).toEqual([
      {
        type: 'LineString',
        coordinates: [
          [0.5, 0.5],
          [2, 0.5],
        ],
      },
      {
        type: 'LineString',
        coordinates: [
          [0.5, 3],
          [0.5, 0.9],
        ],
      },
    ]);
  });
  const area = (ring: readonly LngLat[]): number =>
    Math.abs(ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0] * y - x * ring[i]![1], 0) / 2);
});

describe('block store', () => {
  test('what went to disk comes back in its order', () => {
    const feature = (i: number): TileFeature => ({
      layer: 'poi',
      firstZoom: 14,
      properties: { class: 'other', name: `点 ${i}` },
      geometry: { type: 'Point', coordinates: [120.001, 31.001] },
    });
    const store = (spill?: number) => new BlockStore([120, 31, 121, 32], join(folder, `spill-${spill}`), spill);
    const [kept, spilled] = [store(), store(2_000)];
    for (const each of [kept, spilled]) for (let i = 0; i < 500; i++) each.add(feature(i));
    expect(readdirSync(folder)).toContain('spill-2000');
    const read = (each: BlockStore) => each.blocks.flatMap((block) => [...each.features(block)]);
    expect(read(spilled)).toEqual(read(kept));
    expect(read(kept).length).toBe(500);
    spilled.close();
    kept.close();
    expect(readdirSync(folder)).not.toContain('spill-2000');
  });
  test('what lies elsewhere is not kept', () => {
    const store = new BlockStore([120, 31, 121, 32], join(folder, 'none'));
    store.add({ layer: 'poi', firstZoom: 14, properties: {}, geometry: { type: 'Point', coordinates: [2, 48] } });
    expect(store.count).toBe(0);
    store.close();
  });
});

test('nodes are found by id, also when the file is not sorted', () => {
  const index = new NodeIndex();
  for (const id of [9, 3, 12_345_678_901, 5]) index.add(id, { lng: id % 180, lat: -31.1234567 });
  index.close();
  expect(index.at(12_345_678_901)).toEqual([12_345_678_901 % 180, -31.1234567]);
  expect(index.at(3)).toEqual([3, -31.1234567]);
  expect(index.at(4)).toBeUndefined();
});
