import { decimal } from '../../core/incident/decimal.ts';
import { trimEnd, trimStart } from './cell-text.ts';

/** Whole hours; from 72 on whole days, where the hour says nothing and costs a byte an incident on the wire. */
export function closingHours(minutes: number): number {
  const hours = Math.floor(minutes / 60);
  return Math.min(hours < 72 ? hours : hours - (hours % 24), 65_520);
}

/** In place of a coordinate: nothing was given. */
export const BLANK = Number.NEGATIVE_INFINITY;

/** A coordinate: BLANK when nothing was given (also `NA`, `NULL`), NaN when it cannot be read. */
export function numberOf(bytes: Uint8Array, start: number, end: number): number {
  const from = trimStart(bytes, start, end);
  const to = trimEnd(bytes, from, end);
  if (from === to) return BLANK;
  const value = decimal(bytes, from, to);
  if (!Number.isNaN(value)) return Number.isFinite(value) ? value : Number.NaN;
  const word = to - from <= 4 ? String.fromCharCode(...bytes.subarray(from, to)) : '';
  return word === 'NA' || word === 'NULL' || word === 'null' ? BLANK : Number.NaN;
}

/** FNV-1a; 0 = blank. Tells places apart while a file is read and is kept nowhere. */
export function spanHash(bytes: Uint8Array, start: number, end: number): number {
  const from = trimStart(bytes, start, end);
  const to = trimEnd(bytes, from, end);
  if (from === to) return 0;
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0 || 1;
}

/** `3` → 3; a date or time → its digits, so that later is larger. NaN when there is no digit; blank counts as the oldest, 0. */
export function revisionNumber(bytes: Uint8Array, start: number, end: number): number {
  const from = trimStart(bytes, start, end);
  const to = trimEnd(bytes, from, end);
  if (from === to) return 0;
  const value = decimal(bytes, from, to);
  if (!Number.isNaN(value)) return value;
  let digits = 0;
  let number = 0;
  for (let i = from; i < to && digits < 14; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) continue;
    number = number * 10 + digit;
    digits++;
  }
  return digits > 0 ? number : Number.NaN;
}
