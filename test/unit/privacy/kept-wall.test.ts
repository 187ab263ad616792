import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WallRows } from '../../../core/privacy/wall-tables.ts';
import { readCheckedJson, writeCheckedJson } from '../../../pipelines/io/checked-json.ts';
import { ArtifactWriter } from '../../../pipelines/steps/artifact-writer.ts';
import { keptWall } from '../../../pipelines/steps/kept-wall.ts';
import { publishWall } from '../../../pipelines/steps/publish-wall.ts';
import { madeReports, wallInput } from '../../support/made-wall.ts';

const city = { cells: 60, weeks: 5, divisions: 3, groups: 3, sources: 2, reports: 900, seed: 9 };
const publish = {
  factsBy: 'city',
  factsPeriod: 'year',
  sensitiveResolution: 7,
  k: 5,
  kSensitive: 10,
  keep: { snapshots: 8, days: 30, graceMinutes: 60 },
} as const;
const firstDay = 19_723;
const source = {
  ...wallInput(city, madeReports(city)),
  divisions: [10, 20, 30],
  weeks: Array.from({ length: 5 }, (_, i) => ({ iso: `2024-W0${i + 1}`, firstDay: firstDay + i * 7 })),
  publish,
  endDay: firstDay + 5 * 7 - 2, // the last week is not complete
};

/** The rows with one report more in the first row of a week. */
function oneMore(rows: WallRows, week: number): WallRows {
  const n = rows.n.slice();
  const at = rows.week.indexOf(week);
  n[at] = (n[at] as number) + 1;
  return { ...rows, n };
}

let root: string;
let store: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hexsight-kept-wall-'));
  store = join(root, 'store');
  mkdirSync(store);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the wall of the last run', () => {
  /** Publishes, then marks what is remembered, so that a result with the mark was not worked out again. */
  async function marked(writer: ArtifactWriter): Promise<void> {
    await keptWall({ store, basis: 'a' }, source, writer);
    const kept = readCheckedJson(join(store, 'wall.json')) as { told: object };
    writeCheckedJson(join(store, 'wall.json'), { ...kept, told: { ...kept.told, proven: -1 } });
  }

  it('stays while the new reports lie in a week that is not complete, and is what a new one would be', async () => {
    const writer = new ArtifactWriter(join(root, 'out'));
    await marked(writer);
    const grown = { ...source, rows: oneMore(source.rows, 4), endDay: source.endDay + 1 };
    const { files, told } = await keptWall({ store, basis: 'a' }, grown, writer);
    expect(told.proven).toBe(-1);
    const fresh = await publishWall(grown, new ArtifactWriter(join(root, 'fresh')));
    expect(files).toEqual(fresh.files);
    for (const { file } of files)
      expect(readFileSync(join(root, 'out', file)).equals(readFileSync(join(root, 'fresh', file)))).toBe(true);
  });

  it.each([
    { name: 'a report came late', change: { rows: oneMore(source.rows, 2) }, basis: 'a' },
    { name: 'the week became complete', change: { endDay: source.endDay + 2 }, basis: 'a' },
    { name: 'k changed', change: { publish: { ...publish, k: 7 } }, basis: 'a' },
    { name: 'configuration, grid or code changed', change: {}, basis: 'b' },
  ])('is made anew when $name', async ({ change, basis }) => {
    const writer = new ArtifactWriter(join(root, 'out'));
    await marked(writer);
    const { told, files } = await keptWall({ store, basis }, { ...source, ...change }, writer);
    expect(told.proven).toBeGreaterThan(0);
    const fresh = await publishWall({ ...source, ...change }, new ArtifactWriter(join(root, 'fresh')));
    expect(files).toEqual(fresh.files);
  });

  it('is made anew when a file of it is gone or the memory is damaged', async () => {
    const writer = new ArtifactWriter(join(root, 'out'));
    await marked(writer);
    rmSync(join(root, 'out', 'files'), { recursive: true });
    mkdirSync(join(root, 'out', 'files'));
    expect(
      (await keptWall({ store, basis: 'a' }, source, new ArtifactWriter(join(root, 'out')))).told.proven,
    ).toBeGreaterThan(0);
  });
});
