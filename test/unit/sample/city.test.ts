import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { strFromU8, unzipSync } from 'fflate';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateCity } from '../../../data/sample/generate.ts';
import { type FileTally, Truth as TruthFile } from '../../../data/sample/truth.ts';

const OPTIONS = { incidents: 6000, weeks: 28, seed: 7, lastDay: '2026-11-15' };
const TIMEOUT_MS = 120_000;

interface Truth {
  readonly files: (FileTally & { accepted: number })[];
  readonly plants: { id: string; kind: string; delivered: number; planned?: number }[];
  readonly deliveries: { missingPoliceMonth: string };
}

let folder: string;
let out: string;
let truth: Truth;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-sample-'));
  out = join(folder, 'city');
  await generateCity({ ...OPTIONS, out });
  truth = JSON.parse(readFileSync(`${out}-truth/truth.json`, 'utf8'));
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the sample city', () => {
  it(
    'is the same bytes for the same seed, also in another time zone',
    async () => {
      const zone = process.env.TZ;
      process.env.TZ = 'America/New_York';
      try {
        await generateCity({ ...OPTIONS, out: join(folder, 'again') });
      } finally {
        if (zone === undefined) delete process.env.TZ;
        else process.env.TZ = zone;
      }
      expect(hashes(join(folder, 'again'))).toEqual(hashes(out));
      expect(readFileSync(join(folder, 'again-truth/truth.json'), 'utf8')).toBe(
        readFileSync(`${out}-truth/truth.json`, 'utf8'),
      );
    },
    TIMEOUT_MS,
  );

  it('has as many rows in its files as city.json and the truth say', () => {
    const receipt = JSON.parse(readFileSync(join(out, 'city.json'), 'utf8')) as {
      files: { file: string; rows: number }[];
    };
    for (const { file, rows } of receipt.files.filter((entry) => !entry.file.startsWith('divisions'))) {
      expect([file, rowsOf(join(out, file))]).toEqual([file, rows]);
      expect([file, truth.files.find((tally) => tally.file === file)?.rows]).toEqual([file, rows]);
    }
  });

  it('has about as many incidents as asked for, 70 / 20 / 10 by source, and one police month missing', () => {
    const incidents = (truth as unknown as { incidents: Record<string, number> }).incidents;
    // Plants are sized by detectability, so they weigh more in a city as small as this one.
    expect(incidents.hotline! / OPTIONS.incidents).toBeGreaterThan(0.65);
    expect(incidents.hotline! / OPTIONS.incidents).toBeLessThan(0.85);
    expect(incidents.dispute! / OPTIONS.incidents).toBeGreaterThan(0.08);
    expect(incidents.dispute! / OPTIONS.incidents).toBeLessThan(0.13);
    expect(existsSync(join(out, `police-${truth.deliveries.missingPoliceMonth}.ndjson.gz`))).toBe(false);
  });

  it('holds the dirt that the truth counts, file by file', () => {
    const sum = (key: string): number => truth.files.reduce((n, tally) => n + (tally.rejected[key] ?? 0), 0);
    expect(sum('duplicate-id')).toBeGreaterThan(0);
    expect(sum('superseded')).toBeGreaterThan(0);
    for (const tally of truth.files.filter((entry) => entry.source === 'hotline')) {
      const found = complaintDirt(join(out, tally.file));
      expect([tally.file, found]).toEqual([
        tally.file,
        {
          deleted: tally.rejected.deleted ?? 0,
          marked: tally.rejected['duplicate-marked'] ?? 0,
          columns: tally.rejected['wrong-column-count'] ?? 0,
          zero: tally.unlocated['coordinate-zero'] ?? 0,
          noDate: tally.rejected['date-missing'] ?? 0,
          idNumbers: tally.idNumbers,
        },
      ]);
    }
  });

  it('delivers planted incidents and leaves placebos empty', () => {
    const outbreaks = truth.plants.filter((plant) => plant.kind === 'outbreak');
    const placebos = truth.plants.filter((plant) => plant.kind === 'placebo');
    expect(outbreaks.length).toBeGreaterThan(20);
    expect(outbreaks.reduce((n, plant) => n + plant.delivered, 0)).toBeGreaterThan(40);
    expect(placebos.length).toBeGreaterThan(20);
    expect(placebos.reduce((n, plant) => n + plant.delivered, 0)).toBe(0);
  });

  it('tells every refusal of an order in its versions, and the log and the totals of the truth agree', () => {
    const { bounces } = TruthFile.parse(JSON.parse(readFileSync(`${out}-truth/truth.json`, 'utf8')));
    const [header, ...log] = readFileSync(`${out}-truth/bounces.csv`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const at = (name: string): number => header!.indexOf(name);
    expect(log.length).toBeGreaterThan(20);
    expect(log.length).toBe(bounces.hops);
    expect(new Set(log.map((row) => row[at('id')])).size).toBe(bounces.orders);
    expect(log.reduce((sum, row) => sum + Number(row[at('lostDays')]), 0)).toBe(bounces.lostDays);
    expect(bounces.matrix.flat().reduce((sum, n) => sum + n, 0)).toBe(bounces.hops);
    const office = new Map<string, string>();
    const open = new Map<string, boolean>();
    for (const name of readdirSync(out).filter((file) => file.startsWith('complaints-'))) {
      const [columns, ...rows] = complaints(join(out, name));
      for (const row of rows.filter((one) => one.length === columns!.length)) {
        const key = `${row[columns!.indexOf('工单编号')]}/${row[columns!.indexOf('版本')]}`;
        office.set(key, row[columns!.indexOf('承办单位')]!);
        open.set(key, row[columns!.indexOf('办结时间')] === '');
      }
    }
    for (const row of log) {
      const [id, hop] = [row[at('id')]!, Number(row[at('hop')])];
      expect(office.get(`${id}/${hop}`)?.endsWith(row[at('from')]!)).toBe(true);
      expect(open.get(`${id}/${hop}`)).toBe(true);
      expect(office.get(`${id}/${hop + 1}`)?.endsWith(row[at('to')]!)).toBe(true);
    }
  });

  it('refuses to replace a folder that is not a city', async () => {
    const strange = join(folder, 'strange');
    mkdirSync(strange);
    writeFileSync(join(strange, 'thesis.txt'), 'mine');
    await expect(generateCity({ ...OPTIONS, out: strange })).rejects.toThrow(/not a sample city/);
    expect(readdirSync(strange)).toEqual(['thesis.txt']);
  });

  it('leaves nothing behind when it is stopped half-way', async () => {
    const before = readdirSync(folder).sort();
    const stop = new AbortController();
    const seen: string[][] = [];
    const onProgress = (): void => {
      seen.push(readdirSync(folder));
      stop.abort();
    };
    const run = generateCity({ ...OPTIONS, out: join(folder, 'stopped') }, { signal: stop.signal, onProgress });
    await expect(run).rejects.toThrow();
    expect(seen[0]!.some((name) => name.startsWith('stopped.tmp-'))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

function hashes(path: string): Record<string, string> {
  const names = readdirSync(path).sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(path, name)))
        .digest('hex'),
    ]),
  );
}

function rowsOf(path: string): number {
  const bytes = readFileSync(path);
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString('utf8').trimEnd().split('\n').length;
  if (path.endsWith('.xlsx')) return strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml']!).split('<row ').length - 2;
  return complaints(path).length - 1;
}

function complaints(path: string): string[][] {
  const text = new TextDecoder('gb18030', { fatal: true }).decode(readFileSync(path));
  return Papa.parse<string[]>(text, { skipEmptyLines: true, newline: '\r\n' }).data;
}

function complaintDirt(path: string): Record<string, number> {
  const [header, ...rows] = complaints(path);
  const at = (name: string): number => header!.indexOf(name);
  const whole = rows.filter((row) => row.length === header!.length);
  const where = (test: (row: string[]) => boolean): number => whole.filter(test).length;
  return {
    deleted: where((row) => row[at('办理状态')] === '已作废'),
    marked: where((row) => row[at('办理状态')] === '重复件'),
    columns: rows.length - whole.length,
    zero: where((row) => row[at('经度')] === '0'),
    noDate: where((row) => row[at('发生时间')] === ''),
    idNumbers: rows.filter((row) => /320599\d{11}[\dX]/.test(row.join(','))).length,
  };
}
