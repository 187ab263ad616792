import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { personLike } from '../../core/incident/person-like.ts';
import { REJECT_REASONS, type RejectReason } from '../../core/incident/reasons.ts';
import { writeAtomic } from '../io/atomic.ts';

export interface RejectedRow {
  readonly file: string;
  readonly row: number;
  readonly column: string;
  readonly reason: RejectReason;
  readonly raw: string;
}

/**
 * `rejects/<feed>.csv` in the store: every refused row by file and record, with the reason in Chinese, to go back to the department it
 * came from. It holds no value that looks like a person. UTF-8 with BOM, RFC 4180, safe against formulas.
 */
export function writeRejects(store: string, feed: string, rows: readonly RejectedRow[]): void {
  const folder = join(store, 'rejects');
  mkdirSync(folder, { recursive: true });
  const lines = ['file,row,column,reason,原因,raw'];
  const sorted = [...rows].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.row - b.row));
  for (const { file, row, column, reason, raw } of sorted) {
    const shown = personLike(raw) ? '(withheld)' : raw.slice(0, 200);
    lines.push([file, String(row), column, reason, REJECT_REASONS[reason].zh, shown].map(field).join(','));
  }
  writeAtomic(join(folder, `${feed}.csv`), `\uFEFF${lines.join('\r\n')}\r\n`);
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
