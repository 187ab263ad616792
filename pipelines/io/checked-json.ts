import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeAtomicParts } from './atomic.ts';

/**
 * Small memories of the store as JSON behind the CRC-32 of its bytes, in hexadecimal on a line of its own: a changed digit would be
 * JSON as well, and believed. They are caches: a damaged one costs making again what it remembers, so none waits for the disk.
 *
 * @throws HexsightError (disk)
 */
export function writeCheckedJson(path: string, value: unknown): void {
  const text = JSON.stringify(value);
  writeAtomicParts(path, [Buffer.from(`${crc32(text).toString(16).padStart(8, '0')}\n${text}`)]);
}

/** @returns undefined when the file is absent or damaged */
export function readCheckedJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const body = text.slice(9);
  if (text[8] !== '\n' || text.slice(0, 8) !== crc32(body).toString(16).padStart(8, '0')) return undefined;
  return JSON.parse(body);
}
