import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { sweepStrays } from '../../../pipelines/publish/collect.ts';
import { publish } from '../../../pipelines/publish/publish-manifest.ts';
import { rollback, standing } from '../../../pipelines/publish/rollback.ts';
import { publishedManifest } from '../../../pipelines/publish/snapshot-folder.ts';
import { keptManifest, listSnapshots, snapshotBytes } from '../../../pipelines/publish/snapshots.ts';
import { fileProblems } from '../../../pipelines/publish/verify-files.ts';
import { tinySnapshot } from './tiny-snapshot.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
let out: string;
beforeEach(() => {
  // A disk of memory where there is one: thousands of fsyncs would be most of the time.
  out = join(mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hexsight-collect-')), 'out');
});
afterEach(() => rmSync(join(out, '..'), { recursive: true }));

const SIZE = { files: 5, shared: 2, bytes: 400 };
const put = async (number: number, nowMs: number, keep = { snapshots: 3, days: 30, graceMinutes: 60 }) => {
  const manifest = tinySnapshot(out, number, { ...SIZE, mtimeMs: nowMs });
  await publish(out, manifest, { keep, nowMs });
  return manifest;
};
const allThere = (manifest: Manifest): boolean =>
  manifest.files.every(({ file }) => existsSync(join(out, file)) && existsSync(join(out, `${file}.gz`)));
const ids = () => listSnapshots(out, START).snapshots.map(({ snapshot }) => Number.parseInt(snapshot, 16));
const diskBytes = (): number =>
  readdirSync(join(out, 'files')).reduce((sum, name) => sum + statSync(join(out, 'files', name)).size, 0);

describe('five years of daily refreshes (R22)', () => {
  it('keep what the policy says and one snapshot more, and never take a file from a reader', async () => {
    const keep = { snapshots: 3, days: 30, graceMinutes: 60 };
    const one = snapshotBytes(await put(0, START, keep));
    const readers: { manifest: Manifest; untilMs: number }[] = [];
    let [publishes, most] = [0, 0];
    for (let day = 1; day <= 5 * 365; day++) {
      // Now and then an operator publishes six corrections within the grace time, each with a reader at work on the one before.
      const refreshes = day % 97 === 0 ? 6 : 1;
      for (let i = 0; i < refreshes; i++) {
        const nowMs = START + day * DAY + i * 9 * MINUTE;
        readers.push({ manifest: publishedManifest(out) as Manifest, untilMs: nowMs + 59 * MINUTE });
        await put(++publishes, nowMs, keep);
        const reading = readers.filter(({ untilMs }) => untilMs > nowMs);
        readers.splice(0, readers.length, ...reading);
        for (const { manifest } of reading) expect(allThere(manifest), `day ${day}, ${manifest.snapshot}`).toBe(true);
        const disk = diskBytes();
        most = Math.max(most, disk / one);
        // Within a burst, those still in their grace time come on top.
        expect(disk).toBeLessThanOrEqual((keep.snapshots + 1 + i) * one);
      }
    }
    expect(publishes).toBeGreaterThan(1825);
    expect(most).toBeGreaterThan(4); // a burst was kept whole, beyond the 3 of the policy: else the readers prove nothing
    expect(ids()).toHaveLength(keep.snapshots);
    for (const { snapshot } of listSnapshots(out, START).snapshots)
      expect(await fileProblems(out, keptManifest(out, snapshot).files)).toEqual([]);
  }, 120_000);
});

describe('what is kept', () => {
  it('is the newest snapshots, when all are past the grace time', async () => {
    for (let n = 0; n < 6; n++) await put(n, START + n * DAY);
    expect(ids()).toEqual([5, 4, 3]);
  });

  it('is also one that was current within the grace time, however many there are', async () => {
    for (let n = 0; n < 6; n++) await put(n, START + n * 10 * MINUTE);
    expect(ids()).toEqual([5, 4, 3, 2, 1, 0]);
    await put(6, START + 95 * MINUTE);
    // 0 to 3 were superseded more than an hour ago (3 at minute 40 was not).
    expect(ids()).toEqual([6, 5, 4, 3]);
  });

  it('does not reach back further than the days, but for the one before the current one', async () => {
    await put(0, START);
    await put(1, START + DAY);
    await put(2, START + 100 * DAY);
    await put(3, START + 101 * DAY);
    expect(ids()).toEqual([3, 2]);
    await put(4, START + 300 * DAY);
    expect(ids()).toEqual([4, 3]);
  });

  it('is never the old one alone: with snapshots = 1 the current one stays, and the last reader gets his hour', async () => {
    const keep = { snapshots: 1, days: 0, graceMinutes: 60 };
    const old = await put(0, START, keep);
    await put(1, START + DAY, keep);
    expect(allThere(old)).toBe(true); // superseded this moment
    await put(2, START + 2 * DAY, keep);
    expect(allThere(old)).toBe(false);
    expect(allThere(publishedManifest(out) as Manifest)).toBe(true);
  });

  it('a file of nobody goes when it is older than the grace time, and a damaged manifest when its hour is over', async () => {
    await put(0, START);
    const orphan = join(out, 'files', `${'f'.repeat(64)}.json`);
    writeFileSync(orphan, '{}');
    const stale = join(out, 'manifests', `${'d'.repeat(16)}.json`);
    writeFileSync(stale, '{"format');
    for (const path of [orphan, stale]) utimesSync(path, START / 1000, START / 1000);
    await put(1, START + 30 * MINUTE);
    expect(existsSync(orphan)).toBe(true);
    await put(2, START + DAY);
    expect([existsSync(orphan), existsSync(stale)]).toEqual([false, false]);
  });

  it('files of a snapshot of another version are kept as long as it is', async () => {
    const old = await put(0, START);
    const path = join(out, 'manifests', `${old.snapshot}.json`);
    writeFileSync(path, JSON.stringify({ ...old, schemaVersion: 99, more: 1 }));
    writeFileSync(join(out, 'manifest.json'), readFileSync(path));
    expect(publishedManifest(out)).toBeNull(); // so that a run publishes anew
    await put(1, START + DAY);
    expect(allThere(old)).toBe(true);
    const line = listSnapshots(out, START).snapshots.find(({ snapshot }) => snapshot === old.snapshot);
    expect(line).toMatchObject({ state: 'other-version', incidents: null });
    await expect(rollback(out, old.snapshot, START)).rejects.toThrow(/rebuild it with this version/);
  });
});

describe('publishing', () => {
  it('refuses a manifest whose files are not what it says, and leaves the old one', async () => {
    const old = await put(0, START);
    const next = tinySnapshot(out, 1, SIZE);
    writeFileSync(join(out, (next.files[4] as { file: string }).file), 'x'.repeat(400));
    await expect(
      publish(out, next, { keep: { snapshots: 3, days: 30, graceMinutes: 60 }, nowMs: START }),
    ).rejects.toThrow(/part-4\.json.*SHA-256/);
    expect(publishedManifest(out)?.snapshot).toBe(old.snapshot);
  });

  it('a history that is damaged is made up from the manifests', async () => {
    await put(0, START);
    await put(1, START + DAY);
    writeFileSync(join(out, 'history.json'), '{');
    expect(ids().sort()).toEqual([0, 1]);
    await put(2, START + 2 * DAY);
    expect(ids()).toContain(2);
  });
});

describe('rolling back', () => {
  it('makes a kept snapshot current, says what is lost, and holds against a run over the same inputs', async () => {
    const [a, b] = [await put(1, START), await put(2, START + DAY)];
    const result = await rollback(out, a.snapshot, START + 2 * DAY);
    expect(result).toMatchObject({ from: b.snapshot, to: a.snapshot, changed: true, lost: { incidents: 0, days: 0 } });
    expect(publishedManifest(out)?.snapshot).toBe(a.snapshot);
    expect(standing(out, b.snapshot)?.snapshot).toBe(a.snapshot);
    expect(standing(out, a.snapshot)?.snapshot).toBe(a.snapshot);
    expect(standing(out, 'c'.repeat(16))).toBeNull();
    await put(3, START + 3 * DAY);
    expect(standing(out, b.snapshot)).toBeNull();
    expect(listSnapshots(out, START + 3 * DAY).current).toBe('3'.padStart(16, '0'));
  });

  it('two steps back hold against both', async () => {
    const [a, b, c] = [await put(1, START), await put(2, START + DAY), await put(3, START + 2 * DAY)];
    await rollback(out, b.snapshot, START + 3 * DAY);
    await rollback(out, a.snapshot.slice(0, 16), START + 3 * DAY);
    for (const { snapshot } of [b, c]) expect(standing(out, snapshot)?.snapshot).toBe(a.snapshot);
  });

  it('is refused for a damaged file, naming it, and for an unknown snapshot, naming those there are', async () => {
    const [a, b] = [await put(1, START), await put(2, START + DAY)];
    const { file } = a.files[3] as { file: string };
    writeFileSync(join(out, `${file}.gz`), 'damaged');
    await expect(rollback(out, a.snapshot, START)).rejects.toThrow(`${file}.gz`);
    expect(publishedManifest(out)?.snapshot).toBe(b.snapshot);
    await expect(rollback(out, 'eeee', START)).rejects.toThrow(a.snapshot);
  });
});

it('left-overs of killed runs are swept at any depth, and a folder moved aside and not replaced comes back', async () => {
  await put(0, START);
  const folder = join(out, 'deep', 'er');
  mkdirSync(join(folder, 'unit.old-77'), { recursive: true });
  mkdirSync(join(folder, 'unit.tmp-78'));
  writeFileSync(join(folder, 'file.bin.tmp-79'), '');
  expect(sweepStrays(out)).toBe(3);
  expect(readdirSync(folder)).toEqual(['unit']);
});
