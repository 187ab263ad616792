import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoDate } from '../../core/time/local-date.ts';
import { manifestPath } from '../../pipelines/publish/snapshot-folder.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import {
  countedFiles,
  csvOf,
  generator,
  type Row,
  randomRow,
  runCity,
  setInputs,
  shuffled,
  threeFeeds,
} from '../support/three-feeds.ts';
import type { SmallCity } from './bad-input/small-city.ts';

/** R10 and R11: neither the zone and clock of the machine nor the number of threads shows in a published byte. */
const CLI = fileURLToPath(new URL('../../pipelines/bin/hexsight.mjs', import.meta.url));

function child(
  city: SmallCity,
  out: string,
  env: Record<string, string>,
): Promise<{ code: number | null; stderr: string }> {
  const running = spawn(
    process.execPath,
    [CLI, 'run', '--profile', city.profile, '--input', city.input, '--out', out, '--quiet', '--json'],
    { env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  running.stderr.on('data', (part: Buffer) => {
    stderr += part;
  });
  return new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', (code) => resolve({ code, stderr }));
  });
}

/** As written, and the day and hour it stands for in Shanghai. */
const TIMES: readonly (readonly [written: string, day: string, hour: number | null])[] = [
  ['2024-02-29 23:59:59', '2024-02-29', 23],
  ['2024-02-29T16:00:00Z', '2024-03-01', 0],
  ['2020-12-31 10:00:00', '2020-12-31', 10],
  ['2021-01-03 23:00:00', '2021-01-03', 23], // Sunday of 2020-W53
  ['2021-01-04 00:00:00', '2021-01-04', 0],
  ['2023-12-31T15:59:59Z', '2023-12-31', 23],
  ['2023-12-31T16:00:00Z', '2024-01-01', 0],
  // Summer time in China: +9 from 1986-05-04 on, in the summers up to 1991; a clock time says itself.
  ['1986-05-03T12:00:00Z', '1986-05-03', 20],
  ['1988-07-01T15:30:00Z', '1988-07-02', 0],
  ['1988-12-01T15:30:00Z', '1988-12-01', 23],
  ['1991-09-14T14:00:00Z', '1991-09-14', 23],
  ['1992-07-01T15:30:00Z', '1992-07-01', 23],
  ['1988-07-01 23:30:00', '1988-07-01', 23],
  ['2024-04-30 24:00:00', '2024-05-01', 0],
  ['2024-02-28T23:30:00-05:00', '2024-02-29', 12],
];

describe('one city, in any zone and on any number of threads', () => {
  let city: SmallCity;
  beforeAll(async () => {
    city = threeFeeds({
      factsPeriod: 'year',
      change: (profile) => {
        profile.window = { firstDay: '1986-01-01', endDay: '2024-07-01' };
        for (const feed of profile.feeds as { fields: { occurred: { formats: string[] } } }[])
          feed.fields.occurred.formats = ['yyyy-MM-dd HH:mm:ss', 'iso'];
      },
    });
    const random = generator(10);
    const times: Row[] = TIMES.map(([time], i) => ({
      ...{ id: `T${i}`, rev: 1, time, lng: '120.0050', lat: '31.0100', kind: 'parking', state: 'open' },
      ...{ mark: '', area: '', street: '', own: '' },
    }));
    const rows = (prefix: string) => Array.from({ length: 60 }, (_, i) => randomRow(`${prefix}${i}`, random));
    setInputs(city, {
      'orders-times.csv': csvOf(times),
      'orders.csv': csvOf(rows('O')),
      'police.csv': csvOf(rows('P')),
      'disputes-20240801.csv': csvOf(rows('D')),
    });
    await runCity(city);
  }, 60_000);
  afterAll(() => city.remove());

  it('reads every time at its day and hour in the zone of the city', () => {
    const found: string[] = [];
    for (const file of publishedManifest(city.out)?.files ?? []) {
      if (file.kind !== 'facts') continue;
      const table = tableFromIPC(readFileSync(join(city.out, file.file)));
      for (let i = 0; i < table.numRows; i++)
        found.push(`${isoDate(table.getChild('day')?.get(i) as number)} ${String(table.getChild('hour')?.get(i))}`);
    }
    for (const [written, day, hour] of TIMES) expect(found, written).toContain(`${day} ${hour}`);
  });

  it('gives one manifest, byte for byte', async () => {
    const expected = readFileSync(manifestPath(city.out));
    const cases = [
      { TZ: 'UTC', HEXSIGHT_THREADS: '1' },
      { TZ: 'Asia/Shanghai', HEXSIGHT_THREADS: '2' },
      { TZ: 'America/New_York', HEXSIGHT_THREADS: '4' },
      { TZ: 'Pacific/Kiritimati', HEXSIGHT_THREADS: '0' },
    ];
    for (const env of cases) {
      const out = `${city.out}-${env.HEXSIGHT_THREADS}`;
      const { code, stderr } = await child(city, out, env);
      expect(code, stderr).toBe(0);
      expect(readFileSync(manifestPath(out)).equals(expected), JSON.stringify(env)).toBe(true);
    }
  });

  it('refuses a number of threads that is none', async () => {
    const { code, stderr } = await child(city, `${city.out}-odd`, { HEXSIGHT_THREADS: 'two' });
    expect(code).toBe(3);
    expect(stderr).toContain('"two" is no number of threads');
  });

  it('gives the same counts from shuffled rows in files of other names', async () => {
    const expected = countedFiles(city.out);
    const random = generator(101);
    const shuffle = (text: string): string => {
      const [header, ...rows] = text.trimEnd().split('\n') as [string, ...string[]];
      return `${[header, ...shuffled(rows, random)].join('\n')}\n`;
    };
    const read = (name: string): string => shuffle(readFileSync(join(city.input, name), 'utf8'));
    const inputs = {
      'orders-z.csv': read('orders-times.csv'),
      'orders-a.csv': read('orders.csv'),
      'police-2.csv': read('police.csv'),
      'disputes-x-20240801.csv': read('disputes-20240801.csv'),
    };
    setInputs(city, inputs);
    await runCity(city);
    expect(countedFiles(city.out)).toEqual(expected);
  });
});
