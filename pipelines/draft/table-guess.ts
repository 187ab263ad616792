import { personLike } from '../../core/incident/person-like.ts';
import { guessDates } from './date-guess.ts';
import type { Finding } from './finding.ts';

/**
 * Is the first record a header? Names are words: different from each other, no numbers, dates or persons; and hardly one comes again
 * as a value of its own column.
 */
export function hasHeader(rows: readonly (readonly string[])[]): boolean {
  const first = rows[0];
  if (!first || first.every((cell) => cell.trim() === '')) return false;
  const names = first.map((cell) => cell.replace(/^\uFEFF/, '').trim()).filter((cell) => cell !== '');
  if (new Set(names).size < names.length) return false;
  if (names.some((name) => /^[+-]?\d+(\.\d+)?$/.test(name) || guessDates([name], true) || personLike(name)))
    return false;
  let repeated = 0;
  first.forEach((cell, column) => {
    if (rows.some((row, i) => i > 0 && row[column] === cell)) repeated++;
  });
  return repeated <= first.length / 3;
}

/** A row of a sheet: its number in the file and its cells. */
export interface NumberedRow {
  readonly number: number;
  readonly cells: readonly string[];
}

/**
 * First row of the header of a sheet: the first that fills at least two cells and half as many as the fullest row near the top.
 * Titles above fill one or two. Null when no row does.
 */
export function headerRowOf(rows: readonly NumberedRow[]): number | null {
  const filled = rows.map(({ cells }) => cells.filter((cell) => cell.trim() !== '').length);
  const fullest = Math.max(0, ...filled);
  const at = filled.findIndex((count) => count >= Math.max(Math.min(2, fullest), fullest / 2));
  return fullest === 0 ? null : (rows[at]?.number ?? null);
}

/** Objects or arrays of scalars: what a row of a JSON document looks like. */
export interface JsonTable {
  /** Path of the rows, `*` = every member. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MAX_DEPTH = 5;
const MAX_ROWS = 20_000;

/**
 * The place in a document that holds the most rows: objects with at least two values or arrays with at least three. Names of members
 * that may be data themselves (a firm, an id) are never part of the path: `*` stands for them. Null when there is none.
 */
export function jsonTable(document: unknown): JsonTable | null {
  const byPath = new Map<string, { count: number; rows: unknown[] }>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return;
    const members = Object.values(value);
    const alike = Array.isArray(value) || isMap(value as Record<string, unknown>);
    if (alike && members.length > 0 && members.every(isRow)) {
      const key = [...path, '*'].join('.');
      const found = byPath.get(key) ?? { count: 0, rows: [] };
      found.count += members.length;
      for (const row of members) if (found.rows.length < MAX_ROWS) found.rows.push(row);
      byPath.set(key, found);
    }
    if (alike) for (const member of members) visit(member, [...path, '*']);
    else for (const [name, member] of Object.entries(value)) visit(member, [...path, name]);
  };
  visit(document, []);
  const [path, found] = [...byPath].sort((a, b) => b[1].count - a[1].count)[0] ?? [];
  if (path === undefined || found === undefined) return null;
  const names = keysOf(found.rows);
  return {
    path,
    columns: names.map((name) => `${path}.${name}`),
    rows: found.rows.map((row) => names.map((name) => cellText((row as Record<string, unknown>)[name]))),
  };
}

/** An object whose names are data: its members are alike, or there are many, or a name is no plain word. */
function isMap(value: Record<string, unknown>): boolean {
  const names = Object.keys(value);
  if (names.length === 0 || Object.values(value).some((member) => typeof member !== 'object')) return false;
  if (names.length > 20 || names.some((name) => !/^[A-Za-z_][A-Za-z_-]{0,30}$/.test(name))) return true;
  const kinds = new Set(names.map((name) => Object.keys(value[name] ?? {}).join()));
  return names.length > 1 && kinds.size === 1;
}

function isRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const scalars = Object.values(value).filter((member) => typeof member !== 'object').length;
  return scalars >= (Array.isArray(value) ? 3 : 2);
}

/** Keys of objects in the order in which they are first seen. */
export function keysOf(rows: readonly unknown[]): string[] {
  const keys = new Set<string>();
  for (const row of rows) for (const key in row as object) keys.add(key);
  return [...keys];
}

/** A JSON value as the readers give it: null and absent are the empty text. */
export const cellText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

export const headerFinding = (headed: boolean): Finding =>
  headed
    ? { level: 'seen', about: 'format', zh: '首行是列名', en: 'the first record holds the column names' }
    : {
        level: 'fill',
        about: 'format.header',
        zh: '没有列名行：列暂名 column-1、column-2…，请改为真实列名',
        en: 'there is no header: columns are called column-1, column-2 … for now; give them their names',
      };
