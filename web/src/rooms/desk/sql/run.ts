import { tableFromIPC } from '@uwdata/flechette';
import type { Cell, Column, Sheet } from '../../../export/sheet.ts';
import type { ConsoleConnection } from './fill.ts';
import { guard, ROW_CAP } from './guard.ts';
import { describeError, QueryRefused } from './problem.ts';

export interface QueryResult {
  readonly sheet: Sheet;
  /** There were more rows than `ROW_CAP`; they are not here. */
  readonly capped: boolean;
}

/** @throws QueryRefused with the reason and what to do */
export async function runGuarded(
  db: Pick<ConsoleConnection, 'run' | 'runPrepared'>,
  sql: string,
): Promise<QueryResult> {
  const guarded = guard(sql);
  if (guarded.kind === 'refused') throw new QueryRefused(guarded);
  try {
    if (guarded.kind === 'explain') {
      // Nothing that is no query gets past this; LIMIT 0 keeps it from being run twice.
      await db.runPrepared(guarded.prepared.replace(/LIMIT \d+$/, 'LIMIT 0'));
      return resultOf(await db.run(guarded.explain));
    }
    return resultOf(await db.runPrepared(guarded.prepared));
  } catch (thrown) {
    if (thrown instanceof QueryRefused) throw thrown;
    throw new QueryRefused(describeError(thrown, guarded.lineShift));
  }
}

/** Arrow → plain cells: dates as `2026-11-22`, moments as `2026-11-22 13:05:00`, nested values as JSON. */
export function resultOf(bytes: Uint8Array): QueryResult {
  const table = tableFromIPC(bytes, { useBigInt: true });
  const rows = Math.min(table.numRows, ROW_CAP);
  const columns = table.schema.fields.map(({ name, type }, at): Column & { readonly values: readonly Cell[] } => {
    const child = table.getChildAt(at);
    const typed = String((type as { typeId: number }).typeId);
    const read = READERS[typed] ?? other;
    const values = Array.from({ length: rows }, (_, row) => {
      const value: unknown = child.at(row);
      return value === null || value === undefined ? null : read(value);
    });
    const numeric = NUMERIC.has(typed);
    const kind = !numeric
      ? 'text'
      : values.every((value) => value === null || Number.isInteger(value))
        ? 'whole'
        : 'number';
    return { name: String(name), kind, values };
  });
  return {
    sheet: {
      columns: columns.map(({ name, kind }) => ({ name, kind })),
      rows: Array.from({ length: rows }, (_, row) => columns.map(({ values }) => values[row] ?? null)),
    },
    capped: table.numRows > ROW_CAP,
  };
}

/** Arrow type ids: https://github.com/apache/arrow/blob/main/format/Schema.fbs */
const ARROW = { int: 2, float: 3, text: 5, bool: 6, decimal: 7, date: 8, timestamp: 10 } as const;
const NUMERIC = new Set([ARROW.int, ARROW.float, ARROW.decimal].map(String));

const READERS: Readonly<Record<string, (value: unknown) => Cell>> = {
  [ARROW.int]: wholeNumber,
  [ARROW.float]: Number,
  [ARROW.decimal]: Number,
  [ARROW.text]: String,
  [ARROW.bool]: (value) => (value ? 'true' : 'false'),
  [ARROW.date]: (value) => new Date(Number(value)).toISOString().slice(0, 10),
  [ARROW.timestamp]: (value) => new Date(Number(value)).toISOString().slice(0, 19).replace('T', ' '),
};

/** Beyond 2^53 a number would be another one: it stays text. */
function wholeNumber(value: unknown): Cell {
  if (typeof value !== 'bigint') return Number(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function other(value: unknown): Cell {
  const text = JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'bigint') return String(inner);
    return ArrayBuffer.isView(inner) ? Array.from(inner as Uint8Array) : inner;
  });
  return text ?? String(value);
}
