import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runPipeline } from '../../../pipelines/run.ts';
import { GOOD_ROWS, HEADER, type SmallCity, smallCity } from '../bad-input/small-city.ts';
import { generator } from './kill.ts';
import { publishedMark } from './victim.ts';

const WAYS = ['bit flip', 'truncation', 'zeroed block', 'swapped file', 'empty file', 'removed'] as const;
/** Damaged at once, so that 200 mutations are 20 runs. */
const AT_ONCE = 10;

/** Four files of two months each, with refused rows, an unmapped code and a chronic point: every kind of store file comes to be. */
export function citySpread(): SmallCity {
  const city = smallCity((profile) => {
    profile.publish = { factsBy: 'district', factsPeriod: 'month' };
  });
  for (let f = 0; f < 4; f++) {
    const rows = GOOD_ROWS.map((row, i) =>
      row
        .replace(/^A/, `F${f}-`)
        .replace('2024-03', `2024-0${1 + f * 2 + (i % 2)}`)
        .replace('-29 ', '-28 '),
    );
    rows.push(`F${f}-x,nonsense,120.005,31.01,parking,closed`, rows[0] as string);
    for (let i = 0; i < 6; i++)
      rows.push(`F${f}-u${i},2024-0${1 + f * 2}-0${i + 1} 08:00:00,120.005,31.01,saucer,closed`);
    city.file(`orders-${f}.csv`, `${[HEADER, ...rows].join('\n')}\n`);
  }
  return city;
}

/** Every file of the store that decides something, and what kind it is. Locks and reports for people are made anew by every run. */
export function storeFiles(store: string): { readonly path: string; readonly kind: string }[] {
  const kindOf = (name: string): string | null => {
    if (/^parts\/.*\.rows$/.test(name)) return 'segment';
    if (/^parts\/.*\.part$/.test(name)) return 'summary';
    if (/^units\/.*\.parquet$/.test(name)) return 'table';
    if (/^units\/.*\.counts$/.test(name)) return 'counts';
    if (name.startsWith('points/')) return 'points';
    if (name.startsWith('grid/')) return 'grid';
    if (name.startsWith('settled/')) return 'settled';
    if (name === 'rejects/index.json') return 'reject index';
    if (name.startsWith('rejects/')) return 'reject list';
    const named = ['built.json', 'wall.json', 'tested.json', 'input-hashes.json', 'id.key', 'unmapped.csv'];
    if (named.includes(name)) return name;
    return /^lock\.\d+$/.test(name) ? 'lock' : null;
  };
  return readdirSync(store, { recursive: true })
    .map(String)
    .sort()
    .flatMap((name) => {
      const path = join(store, name);
      if (statSync(path).isDirectory()) return [];
      const kind = kindOf(name);
      if (kind === null) throw new Error(`the test does not know what ${name} is`);
      return [{ path, kind }];
    });
}

/**
 * Changes files of the store in six ways, takes the published folder away, and runs again: what is published and the lists of refused
 * rows are byte for byte what they were.
 *
 * @returns mutations by kind and way, and how often the run said that it made something anew
 */
export async function storeDamageChecks(wanted: number, seed: number) {
  const city = citySpread();
  const store = `${city.out}.store`;
  const random = generator(seed);
  const run = () => runPipeline({ profile: city.profile, input: city.input, out: city.out });
  const byKind: Record<string, number> = {};
  let [mutations, told] = [0, 0];
  try {
    const first = await run();
    expect(first.made).toEqual({ parts: 4, units: 8, periods: 8 });
    const whole = publishedMark(city.out);
    const lists = listsOf(store);
    expect(lists).toHaveLength(5);
    for (let round = 0; mutations < wanted; round++) {
      const files = storeFiles(store);
      const kinds = [...new Set(files.map(({ kind }) => kind))];
      for (let m = 0; m < AT_ONCE; m++) {
        // Kinds in turn, so that the one grid is damaged as often as the many segments; every second round leaves parts and units alone, or
        // a damaged part would always hide a damaged unit.
        const kind = kinds[(round * AT_ONCE + m) % kinds.length] as string;
        if (round % 3 === 1 && kind !== 'table' && kind !== 'counts') continue;
        if (round % 3 === 2 && (kind === 'segment' || kind === 'summary' || kind === 'id.key')) continue;
        const same = files.filter((file) => file.kind === kind);
        const { path } = same[Math.floor(random() * same.length)] as (typeof same)[number];
        const other = (same[Math.floor(random() * same.length)] as (typeof same)[number]).path;
        if (!existsSync(path) || !existsSync(other)) continue;
        const way = WAYS[Math.floor(random() * WAYS.length)] as (typeof WAYS)[number];
        damage(path, other, way, random);
        mutations++;
        byKind[`${kind}, ${way}`] = (byKind[`${kind}, ${way}`] ?? 0) + 1; // a count starts at nothing
      }
      rmSync(city.out, { recursive: true });
      const { warnings } = await run();
      if (warnings.some((warning) => warning.includes('made anew'))) told++;
      expect(publishedMark(city.out), `round ${round}: ${JSON.stringify(byKind)}`).toBe(whole);
      expect(listsOf(store), `round ${round}`).toEqual(lists);
    }
    return { mutations, told, byKind };
  } finally {
    city.remove();
  }
}

const listsOf = (store: string): [string, string][] =>
  storeFiles(store)
    .filter(({ kind }) => kind === 'reject list' || kind === 'unmapped.csv')
    .map(({ path }) => [path, readFileSync(path, 'utf8')]);

function damage(path: string, other: string, way: (typeof WAYS)[number], random: () => number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(random() * bytes.length);
  const changed = (): Buffer | null => {
    switch (way) {
      case 'bit flip':
        if (bytes.length > 0) bytes[at]! ^= 1 << Math.floor(random() * 8);
        return bytes;
      case 'truncation':
        return bytes.subarray(0, at);
      case 'zeroed block':
        return bytes.fill(0, at, Math.min(at + 64, bytes.length));
      case 'swapped file':
        return readFileSync(other);
      case 'empty file':
        return Buffer.alloc(0);
      case 'removed':
        return null;
      default:
        return way satisfies never;
    }
  };
  const left = changed();
  if (left === null) rmSync(path);
  else writeFileSync(path, left);
}
