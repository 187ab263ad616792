import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProfile } from '../../../core/contract/profile.ts';
import { toWgs84, wgs84ToBd09Into } from '../../../core/geo/crs.ts';
import { datumEvidence, datumVerdict, NO_DIVISION } from '../../../core/geo/datum-test.ts';
import { divisionIndex, packShapes } from '../../../core/geo/division-index.ts';
import { toGcj02Into } from '../../../core/geo/gcj02.ts';
import { generateCity } from '../../../data/sample/generate.ts';
import { type Division, loadDivisions } from '../../../pipelines/steps/divisions.ts';
import type { Datum } from './datum-city.ts';

const REPO = resolve(import.meta.dirname, '../../..');
const REAL_DATA = resolve(REPO, process.env.HEXSIGHT_REAL_DATA ?? '../shared/data');
const MAX_SHARE = 0.05;

/** A row as the test of the datum sees it; coordinates in WGS 84 until `write` shifts them. */
interface Row {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly own: number;
  readonly month: number;
}

function city(profileId: string, folder: string) {
  const profileFolder = join(REPO, 'data/profiles', profileId);
  const parsed = parseProfile(JSON.parse(readFileSync(join(profileFolder, 'profile.json'), 'utf8')));
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  const { divisions, shapes } = loadDivisions(parsed.profile, [profileFolder, folder]);
  return { divisions, index: divisionIndex(packShapes(shapes)) };
}

/** Per division: its ancestor at `level`. */
function ancestors(divisions: readonly Division[], level: number): Uint32Array {
  const table = new Uint32Array(divisions.length).fill(NO_DIVISION);
  for (const division of divisions) {
    // Parents come first in pre-order.
    if (division.level === level) table[division.id] = division.id;
    else if (division.level > level && division.parent !== null) table[division.id] = table[division.parent] as number;
  }
  return table;
}

const monthOf = (text: string): number =>
  Number(text.slice(0, 4)) * 12 + Number(/^\d{4}\D(\d{1,2})/.exec(text)![1]) - 1;

describe('Tainan hotline tickets', () => {
  let rows: Row[];
  let tainan: ReturnType<typeof city>;
  let table: Uint32Array;

  beforeAll(() => {
    // No skip: without the data this fails, with the path in the message.
    const folder = join(REAL_DATA, 'tainan');
    const bytes = gunzipSync(readFileSync(join(folder, 'tickets_1999_2015-04_2018-03.csv.gz')));
    tainan = city('tainan', folder);
    table = ancestors(tainan.divisions, 1);
    const byName = new Map(tainan.divisions.filter(({ level }) => level === 1).map(({ name, id }) => [name, id]));
    const parsed = Papa.parse<Record<string, string>>(bytes.toString('utf8'), { header: true, skipEmptyLines: true });
    rows = parsed.data.map((row, id) => ({
      id,
      x: Number(row.long),
      y: Number(row.lat),
      own: byName.get(row.area!.replace(/\s/g, '')) ?? NO_DIVISION,
      month: monthOf(row.requested_datetime!),
    }));
  }, 60_000);

  const out = new Float64Array(2);
  const write = (row: Row, datum: Datum): void => {
    out[0] = row.x;
    out[1] = row.y;
    if (datum === 'gcj02') toGcj02Into(row.x, row.y, out);
    if (datum === 'bd09') wgs84ToBd09Into(row.x, row.y, out);
  };
  /** The file as written: all in `written`, of a share (by a hash of the row number) in `other`. */
  const verdict = (
    declared: Datum,
    written: Datum,
    mix: { share: number; other: Datum } = { share: 0, other: 'wgs84' },
  ) => {
    const evidence = datumEvidence({
      crs: declared,
      declared: toWgs84(declared),
      divisionAt: tainan.index.through(table, NO_DIVISION),
    });
    for (const row of rows) {
      const drawn = (Math.imul(row.id + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
      write(row, drawn < mix.share ? mix.other : written);
      evidence.add(out[0]!, out[1]!, row.own, row.month);
    }
    return datumVerdict(evidence.tallies(), { maxShare: MAX_SHARE });
  };

  it('fit their declared WGS 84, all together and in every month that can be told', () => {
    const { whole, months } = verdict('wgs84', 'wgs84');
    expect(whole).toMatchObject({ verdict: 'fits', rows: 70_106 });
    expect(whole.share).toBeLessThan(0.02);
    const counts = Object.values(months).map(({ verdict: v }) => v);
    expect(counts).toHaveLength(36);
    expect(counts.filter((v) => v === 'fits').length).toBeGreaterThanOrEqual(32);
    expect(counts.filter((v) => v !== 'fits' && v !== 'not-assessable')).toEqual([]);
  });

  it.each(['gcj02', 'bd09'] as const)('are mislabelled when all are %s, in every month', (written) => {
    const { whole, months } = verdict('wgs84', written);
    expect(whole).toMatchObject({ verdict: 'mislabelled', candidate: written });
    expect(whole.share).toBeGreaterThan(0.97);
    for (const month of Object.values(months)) expect(month).toMatchObject({ candidate: written });
    expect(Object.values(months).every(({ verdict: v }) => v === 'mislabelled' || v === 'mixed')).toBe(true);
  });

  it('are mislabelled when the contract says GCJ-02 and they are not', () => {
    expect(verdict('gcj02', 'wgs84').whole).toMatchObject({ verdict: 'mislabelled', candidate: 'wgs84' });
  });

  it.each([
    [0.2, 'gcj02'],
    [0.2, 'bd09'],
    [0.1, 'gcj02'],
    [0.1, 'bd09'],
  ] as const)('are mixed with a share of %d in %s', (share, other) => {
    const { whole } = verdict('wgs84', 'wgs84', { share, other });
    expect(whole).toMatchObject({ verdict: 'mixed', candidate: other });
    expect(Math.abs(whole.share! - share)).toBeLessThan(share * 0.3);
    expect(whole.low).toBeLessThan(share);
    expect(whole.high).toBeGreaterThan(share);
  });

  it('with a share of 0.2 in GCJ-02 are mixed in most single months too', () => {
    const { months } = verdict('wgs84', 'wgs84', { share: 0.2, other: 'gcj02' });
    const found = Object.values(months).filter(({ verdict: v }) => v === 'mixed');
    expect(found.length).toBeGreaterThanOrEqual(30);
    expect(found.every(({ candidate }) => candidate === 'gcj02')).toBe(true);
  });
});

describe('the sample city of Suzhou', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hexsight-datum-'));
    await generateCity({ incidents: 60_000, weeks: 30, seed: 7, lastDay: '2026-11-15', out: join(folder, 'city') });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has one file with the planted GCJ-02 channel, and only that one is found', () => {
    const out = join(folder, 'city');
    const truth = JSON.parse(readFileSync(join(folder, 'city-truth/truth.json'), 'utf8')) as {
      files: { file: string; rows: number; datumMistakes: number }[];
    };
    const suzhou = city('suzhou', out);
    const table = ancestors(suzhou.divisions, 2);
    const streets = new Map(suzhou.divisions.filter(({ level }) => level === 2).map(({ name, id }) => [name, id]));
    const found: Record<string, { verdict: string; candidate: string | null; share: number | null }> = {};
    const planted = truth.files.filter(({ file }) => file.startsWith('complaints-'));
    for (const { file } of planted) {
      const text = new TextDecoder('gb18030').decode(readFileSync(join(out, file)));
      const evidence = datumEvidence({
        crs: 'wgs84',
        declared: toWgs84('wgs84'),
        divisionAt: suzhou.index.through(table, NO_DIVISION),
      });
      for (const row of Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data) {
        const own = streets.get(row.承办单位?.replace(/(办事处|综合执法局|社会事业局|物业科)$/, '') ?? '');
        const x = Number(row.经度 || Number.NaN);
        const y = Number(row.纬度 || Number.NaN);
        if (own !== undefined && Number.isFinite(x) && Number.isFinite(y)) evidence.add(x, y, own, 0);
      }
      found[file] = datumVerdict(evidence.tallies(), { maxShare: MAX_SHARE }).whole;
    }
    const mistaken = planted.filter(({ datumMistakes }) => datumMistakes > 0);
    expect(mistaken).toHaveLength(1);
    const { file, datumMistakes, rows } = mistaken[0]!;
    expect(found[file]).toMatchObject({ verdict: 'mixed', candidate: 'gcj02' });
    expect(Math.abs(found[file]!.share! - datumMistakes / rows)).toBeLessThan(0.08);
    for (const { file: other } of planted) {
      if (other !== file) expect([other, found[other]!.verdict]).not.toEqual([other, expect.stringMatching(/^mi/)]);
    }
    expect(Object.values(found).filter(({ verdict }) => verdict === 'fits').length).toBeGreaterThanOrEqual(4);
  }, 120_000);
});
