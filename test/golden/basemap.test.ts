import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProfile } from '../../pipelines/config/load-profile.ts';
import { type BuiltBasemap, publishBasemap } from '../../pipelines/publish/basemap.ts';
import { rollback } from '../../pipelines/publish/rollback.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import { buildTiles } from '../../pipelines/tiles/build-tiles.ts';
import { verifySnapshot } from '../../pipelines/verify.ts';
import { runCity } from '../support/three-feeds.ts';
import { csv, type SmallCity, smallCity } from './bad-input/small-city.ts';

let city: SmallCity;
beforeEach(() => {
  city = smallCity();
  city.file('orders.csv', csv());
});
afterEach(() => city.remove());

async function built(marginKm = 1): Promise<BuiltBasemap> {
  const result = await buildTiles({
    loaded: loadProfile(city.profile),
    input: null,
    osm: [],
    layers: [],
    attribution: [],
    marginKm,
    out: join(dirname(city.out), `map-${marginKm}.pmtiles`),
    progress: () => undefined,
  });
  return { path: result.out, sha256: result.sha256, bytes: result.bytes, attribution: result.attribution };
}

const publish = async (map: BuiltBasemap) =>
  publishBasemap(city.out, map, { profile: loadProfile(city.profile).profile, nowMs: 0 });
const manifest = () => publishedManifest(city.out)!;

describe('a base map in a snapshot', () => {
  test('is a snapshot of its own that verifies, and can be rolled back from', async () => {
    await runCity(city);
    const before = manifest();
    const map = await built();
    const { snapshot, changed } = await publish(map);
    expect([changed, snapshot === before.snapshot]).toEqual([true, false]);
    const after = manifest();
    expect(after.basemap).toEqual({
      kind: 'pmtiles',
      url: `/snapshot/files/${map.sha256}.pmtiles`,
      attribution: { zh: '测试', en: 'test' },
    });
    const entry = after.files.find(({ kind }) => kind === 'basemap')!;
    expect(statSync(join(city.out, entry.file)).size).toBe(map.bytes);
    expect((await verifySnapshot(city.out)).problems).toEqual([]);
    expect(await publish(map)).toEqual({ snapshot, changed: false });
    await rollback(city.out, before.snapshot, 0);
    expect(manifest().basemap).toBeNull();
  });

  test('stays in the next runs, and is part of what they are made from', async () => {
    await runCity(city);
    const map = await built();
    const { snapshot } = await publish(map);
    expect(await runCity(city)).toMatchObject({ snapshot, unchanged: true });
    city.file('orders.csv', csv('B1,2024-03-09 08:00:00,120.0051,31.01,noise,closed'));
    const next = await runCity(city);
    expect(next.unchanged).toBe(false);
    expect(manifest().basemap?.url).toContain(map.sha256);
    expect((await verifySnapshot(city.out)).problems).toEqual([]);
    const other = await built(2);
    expect((await publish(other)).changed).toBe(true);
    expect(
      manifest()
        .files.filter(({ kind }) => kind === 'basemap')
        .map(({ sha256 }) => sha256),
    ).toEqual([other.sha256]);
  });

  test('damaged on disk, the next run says so and goes on without it', async () => {
    await runCity(city);
    const map = await built();
    await publish(map);
    const path = join(city.out, 'files', `${map.sha256}.pmtiles`);
    const bytes = readFileSync(path);
    bytes[bytes.length - 9]! ^= 1;
    writeFileSync(path, bytes);
    expect((await verifySnapshot(city.out)).problems.join()).toContain('basemap.pmtiles');
    const { warnings } = await runCity(city);
    expect(warnings.join()).toContain('hexsight tiles');
    expect(manifest().basemap).toBeNull();
    // Published again, the damaged file is replaced.
    await publish(map);
    expect((await verifySnapshot(city.out)).problems).toEqual([]);
  });

  test('of another profile is refused', async () => {
    await runCity(city);
    const map = await built();
    const { profile } = loadProfile('suzhou');
    await expect(publishBasemap(city.out, map, { profile, nowMs: 0 })).rejects.toThrow('profile small, not suzhou');
  });
});
