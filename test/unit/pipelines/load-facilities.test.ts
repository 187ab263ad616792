import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadFacilities } from '../../../pipelines/config/load-facilities.ts';

const folder = mkdtempSync(join(tmpdir(), 'facilities-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const point = (properties: object, coordinates: readonly number[] = [120.6, 31.3]) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates },
});
const load = (...features: object[]) => {
  writeFileSync(join(folder, 'f.geojson'), JSON.stringify({ type: 'FeatureCollection', features }));
  return JSON.parse(new TextDecoder().decode(loadFacilities(folder, 'f.geojson')));
};

describe('facilities of a profile', () => {
  it('are published with name and kind; what else the file says stays behind', () => {
    const { features } = load(
      point({ name: '石路菜场', kind: 'market', phone: '13800000000', head: '某某' }, [120.6, 31.3, 9]),
    );
    expect(features).toEqual([point({ name: '石路菜场', kind: 'market' })]);
  });

  it('are refused with file and place when one is no named point', () => {
    expect(() => load(point({ name: 'a' }), point({}))).toThrow('f.geojson: features.1.properties.name');
    expect(() => load(point({ name: 'a' }, [120.6, 91]))).toThrow('features.0.geometry.coordinates');
    expect(() =>
      load({ type: 'Feature', properties: { name: 'a' }, geometry: { type: 'Polygon', coordinates: [] } }),
    ).toThrow('features.0.geometry');
  });
});
