import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';

/** A made-up person's mark: `token` occurs nowhere else, so finding it means that the value got through. */
export interface Canary {
  readonly type: string;
  /** What is planted. */
  readonly value: string;
  /** What is looked for: the part of the value that no rule of display would change. */
  readonly token: string;
  /** Where it was planted. */
  readonly where: string;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** One canary of every type for a place; `serial` below 1,000 keeps them apart. Area code 320599 and prefix 1990000 are unassigned. */
export function canariesFor(where: string, serial: number): Canary[] {
  const three = String(serial).padStart(3, '0');
  const body = `3205991957${'0317'}${three}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  const id = body + '10X98765432'[sum % 11];
  const card = luhn(`62170009990${three}0`);
  const name = `示例${String.fromCodePoint(0x9f00 + serial)}${String.fromCodePoint(0x9e00 + serial)}`.slice(1);
  const made: [string, string, string?][] = [
    ['id_card', id],
    ['mobile', `1990000${String(1000 + serial)}`],
    ['mobile with dashes', `199-0001-${String(1000 + serial)}`],
    ['landline', `0512-6999${String(1000 + serial)}`],
    ['plate', `苏E9Z${three}`],
    ['bank_card', card],
    ['person_name', `王${name}`, name],
    ['address_detail', `示例路9${three}号77幢9${three}室`],
    ['narrative', `市民王${name}，电话1990002${String(1000 + serial)}，称邻居漏水`, `1990002${String(1000 + serial)}`],
  ];
  return made.map(([type, value, token]) => ({ type, value, token: token ?? value, where }));
}

function luhn(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    sum += i % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}

export interface Leak {
  readonly file: string;
  readonly canary: Canary;
  /** What stands around it. */
  readonly near: string;
}

/** Looks for every token in a text. */
export function scanText(file: string, text: string, canaries: readonly Canary[]): Leak[] {
  const leaks: Leak[] = [];
  for (const canary of canaries) {
    const at = text.indexOf(canary.token);
    if (at >= 0) leaks.push({ file, canary, near: text.slice(Math.max(0, at - 60), at + canary.token.length + 20) });
  }
  return leaks;
}

/** Bytes as every text they could be: UTF-8, GB18030, UTF-16. */
function scanBytes(file: string, bytes: Uint8Array, canaries: readonly Canary[]): Leak[] {
  const seen = new Map<Canary, Leak>();
  for (const encoding of ['utf-8', 'gb18030', 'utf-16le'])
    for (const leak of scanText(file, new TextDecoder(encoding).decode(bytes), canaries)) seen.set(leak.canary, leak);
  return [...seen.values()];
}

/** Every file below a folder, also decompressed (gzip, Brotli, Zstandard), and every file name. `skip` = folders left out. */
export async function scanFolder(
  folder: string,
  canaries: readonly Canary[],
  skip: readonly string[] = [],
): Promise<{ leaks: Leak[]; files: number; bytes: number }> {
  const zstd = await Zstd.load();
  const unpack: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    gz: (bytes) => gunzipSync(bytes),
    br: (bytes) => brotliDecompressSync(bytes),
    zst: (bytes) => zstd.decompress(bytes),
  };
  const leaks: Leak[] = [];
  let files = 0;
  let total = 0;
  const walk = (path: string): void => {
    const name = relative(folder, path);
    leaks.push(...scanText(name, name, canaries));
    if (skip.includes(name)) return;
    if (statSync(path).isDirectory()) {
      for (const child of readdirSync(path)) walk(join(path, child));
      return;
    }
    const raw = readFileSync(path);
    const open = unpack[path.split('.').pop() as string];
    files++;
    const content = open ? open(raw) : raw;
    total += content.length;
    leaks.push(...scanBytes(name, content, canaries));
  };
  walk(folder);
  return { leaks, files, bytes: total };
}

/** `file: type (planted in …)` once a file, type and column. */
export const describeLeaks = (leaks: readonly Leak[]): string[] =>
  [...new Set(leaks.map(({ file, canary }) => `${file}: ${canary.type} planted in ${canary.where}`))].sort();
