import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { REJECT_REASONS, type RejectReason } from '../../core/incident/reasons.ts';
import { sha256, writeAtomic } from '../io/atomic.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';

export interface RejectedRow {
  readonly row: number;
  readonly column: string;
  readonly reason: RejectReason;
  readonly raw: string;
}

/**
 * `rejects/<feed>/<file>.csv` in the store: every refused record of one input file, with the reason in Chinese, to go back to the
 * department it came from. It holds no value that could be about a person. UTF-8 with BOM, RFC 4180, safe against formulas.
 * Files without refusals have none.
 */
export function writeRejects(
  store: string,
  files: readonly {
    readonly feed: string;
    readonly name: string;
    /** What decides the list: equal keys, equal file. */
    readonly key: string;
    readonly rows: () => readonly RejectedRow[];
  }[],
): void {
  const root = join(store, 'rejects');
  mkdirSync(root, { recursive: true });
  const index = join(root, 'index.json');
  const parsed = Index.safeParse(readCheckedJson(index));
  const known = parsed.success ? parsed.data : {}; // damaged or not there: the lists are written again
  const next: z.infer<typeof Index> = {};
  for (const { feed, name, key, rows } of files) {
    const path = `${feed}/${name}.csv`;
    const before = known[path];
    if (before?.key === key && hashAt(join(root, path)) === before.sha256) {
      next[path] = before;
      continue;
    }
    const list = rows();
    next[path] = { key, sha256: null };
    if (list.length === 0) {
      rmSync(join(root, path), { force: true });
      continue;
    }
    const lines = ['文件 file,行 row,列 column,原因代码 reason,原因,原值 raw'];
    for (const { row, column, reason, raw } of [...list].sort((a, b) => a.row - b.row))
      lines.push([name, String(row), column, reason, REJECT_REASONS[reason].zh, raw].map(field).join(','));
    mkdirSync(join(root, feed), { recursive: true });
    const text = `\uFEFF${lines.join('\r\n')}\r\n`;
    writeAtomic(join(root, path), text);
    next[path] = { key, sha256: sha256(text) };
  }
  for (const path of Object.keys(known)) if (!(path in next)) rmSync(join(root, path), { force: true });
  writeCheckedJson(index, next);
}

/** List → what it was made from, and its content; null = no refused row, no file. */
const Index = z.record(z.string(), z.strictObject({ key: z.string(), sha256: z.string().nullable() }));

const hashAt = (path: string): string | null => (existsSync(path) ? sha256(readFileSync(path)) : null);

/** Codes told at most per file; the rest is in their numbers. */
const MOST_CODES = 1000;

/**
 * `unmapped.csv` in the store: every category code without mapping per input file, with the first record that carries it. A code that
 * could be about a person is told as `…`; whoever has the file can look it up there.
 */
export function writeUnmapped(
  store: string,
  files: readonly {
    readonly feed: string;
    readonly name: string;
    readonly codes: readonly { readonly code: string; readonly firstRow: number; readonly rows: number }[];
  }[],
): void {
  const lines = ['来源 feed,文件 file,首见行 first row,行数 rows,代码 code'];
  for (const { feed, name, codes } of files) {
    const sorted = [...codes].sort((a, b) => b.rows - a.rows || a.firstRow - b.firstRow);
    for (const { code, firstRow, rows } of sorted.slice(0, MOST_CODES))
      lines.push([feed, name, String(firstRow), String(rows), code].map(field).join(','));
  }
  const path = join(store, 'unmapped.csv');
  if (lines.length === 1) rmSync(path, { force: true });
  else writeAtomic(path, `\uFEFF${lines.join('\r\n')}\r\n`);
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Equal keys, equal list. */
export function rejectsKey(
  part: string,
  lost: { readonly position: Uint32Array; readonly byPart: Uint32Array; readonly byRow: Uint32Array },
): string {
  return sha256(
    JSON.stringify([part, sha256(bytes(lost.position)), sha256(bytes(lost.byPart)), sha256(bytes(lost.byRow))]),
  );
}

const bytes = (array: Uint32Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
