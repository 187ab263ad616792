import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { REJECT_REASONS, type RejectReason } from '../../core/incident/reasons.ts';
import { sha256, writeAtomic } from '../io/atomic.ts';

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
  const known = readIndex(index);
  const next: Record<string, string> = {};
  for (const { feed, name, key, rows } of files) {
    const path = `${feed}/${name}.csv`;
    next[path] = key;
    if (known[path] === key) continue;
    const list = rows();
    if (list.length === 0) {
      rmSync(join(root, path), { force: true });
      continue;
    }
    const lines = ['文件 file,行 row,列 column,原因代码 reason,原因,原值 raw'];
    for (const { row, column, reason, raw } of [...list].sort((a, b) => a.row - b.row))
      lines.push([name, String(row), column, reason, REJECT_REASONS[reason].zh, raw].map(field).join(','));
    mkdirSync(join(root, feed), { recursive: true });
    writeAtomic(join(root, path), `\uFEFF${lines.join('\r\n')}\r\n`);
  }
  for (const path of Object.keys(known)) if (!(path in next)) rmSync(join(root, path), { force: true });
  writeAtomic(index, JSON.stringify(next));
}

function readIndex(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {}; // a damaged index only costs writing the lists again
  }
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
