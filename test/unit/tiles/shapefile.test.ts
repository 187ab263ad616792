import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../pipelines/errors.ts';
import { projectionOf, vectorRecords } from '../../../pipelines/tiles/vector-records.ts';
import { dbfBytes, type ShapeGeometry, shpBytes } from '../../support/shapefile-writer.ts';

/** Bytes of GBK: 苏州, 河. */
const SUZHOU = Buffer.from([0xcb, 0xd5, 0xd6, 0xdd]);
const RIVER = Buffer.from([0xba, 0xd3]);

/** Outer rings run clockwise, holes the other way. */
const OUTER = [
  [120.5, 31.2],
  [120.5, 31.4],
  [120.7, 31.4],
  [120.7, 31.2],
  [120.5, 31.2],
] as const;
const HOLE = [
  [120.55, 31.25],
  [120.65, 31.25],
  [120.65, 31.35],
  [120.55, 31.25],
] as const;

const root = mkdtempSync(join(tmpdir(), 'hexsight-shapefile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a Shapefile', () => {
  let path = '';
  let folders = 0;
  beforeEach(() => {
    path = join(root, `layer-${folders++}.shp`);
  });
  const beside = (ending: string) => path.replace(/shp$/, ending);
  const write = (geometries: readonly ShapeGeometry[]) => writeFileSync(path, shpBytes(geometries));
  const read = async () => {
    const records = [];
    for await (const record of vectorRecords(path)) records.push(record);
    return records;
  };

  it('is read with its holes, its attributes and the Chinese of its language byte', async () => {
    write([
      { kind: 'polygon', parts: [OUTER, HOLE] },
      { kind: 'polygon', parts: [OUTER] },
    ]);
    writeFileSync(
      beside('dbf'),
      dbfBytes(
        [
          { name: SUZHOU, kind: Buffer.from('river') },
          { name: RIVER, kind: Buffer.from('lake') },
        ],
        { language: 0x4d },
      ),
    );
    expect(await read()).toEqual([
      { geometry: { type: 'Polygon', coordinates: [OUTER, HOLE] }, properties: { name: '苏州', kind: 'river' } },
      { geometry: { type: 'Polygon', coordinates: [OUTER] }, properties: { name: '河', kind: 'lake' } },
    ]);
  });

  it('says its encoding in a .cpg, which goes before the language byte', async () => {
    write([{ kind: 'point', at: [120.6, 31.3] }]);
    writeFileSync(beside('dbf'), dbfBytes([{ name: Buffer.from('苏州', 'utf8') }], { language: 0x4d }));
    writeFileSync(beside('cpg'), 'UTF-8\n');
    expect(await read()).toEqual([
      { geometry: { type: 'Point', coordinates: [120.6, 31.3] }, properties: { name: '苏州' } },
    ]);
  });

  it('may have no attributes, and lines of several parts', async () => {
    write([{ kind: 'line', parts: [OUTER.slice(0, 2), OUTER.slice(2, 4)] }]);
    expect(await read()).toEqual([
      { geometry: { type: 'MultiLineString', coordinates: [OUTER.slice(0, 2), OUTER.slice(2, 4)] }, properties: {} },
    ]);
  });

  it('that ends in the middle of a record, or is none, is refused by name', async () => {
    const whole = shpBytes([
      { kind: 'polygon', parts: [OUTER] },
      { kind: 'polygon', parts: [OUTER] },
    ]);
    writeFileSync(path, whole.subarray(0, whole.length - 20));
    await expect(read()).rejects.toThrow(InputError);
    writeFileSync(
      path,
      'not a Shapefile, though it is called one; long enough for a header of one hundred bytes ........',
    );
    await expect(read()).rejects.toThrow(path);
  });

  it('in metres says so in its .prj', () => {
    write([{ kind: 'point', at: [120.6, 31.3] }]);
    expect(projectionOf(path)).toBeNull();
    writeFileSync(beside('prj'), 'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_CGCS_2000"]]');
    expect(projectionOf(path)).toBe('CGCS2000_3_Degree_GK_CM_120E');
    writeFileSync(beside('prj'), 'GEOGCS["GCS_WGS_1984"]');
    expect(projectionOf(path)).toBeNull();
  });
});
