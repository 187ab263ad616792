import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Format } from '../../../core/contract/profile.ts';
import { InputError } from '../../errors.ts';
import { openText } from '../text.ts';
import type { RowBatch, RowReader } from './rows.ts';

const BATCH_ROWS = 4096;

/** A JSON value as a cell: null and absent are the empty text, objects are refused by the caller's contract. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** One object a line. Rows are read by the wanted keys only; other keys are reported. @throws InputError for a line that is no object */
export async function readNdjson(
  path: string,
  format: Extract<Format, { type: 'ndjson' }>,
  wanted: readonly string[],
): Promise<RowReader> {
  const known = new Set(wanted);
  const others = new Set<string>();
  let any = false;
  async function* batches(): AsyncGenerator<RowBatch> {
    let row = 1;
    let rows: (string[] | null)[] = [];
    let rest = '';
    const parse = (line: string, number: number): string[] | null => {
      if (line.trim() === '') return null;
      any = true;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch (cause) {
        throw new InputError(path, [`line ${number} is not JSON: ${(cause as Error).message}`], { cause });
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new InputError(path, [`line ${number} is not an object`]);
      for (const key in value) if (!known.has(key)) others.add(key);
      return wanted.map((name) => cell((value as Record<string, unknown>)[name]));
    };
    for await (const chunk of openText(path, format.encoding)) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) {
        rows.push(parse(line.replace(/^\uFEFF/, ''), row + rows.length));
        if (rows.length === BATCH_ROWS) {
          yield { firstRow: row, rows };
          row += rows.length;
          rows = [];
        }
      }
    }
    if (rest !== '') rows.push(parse(rest, row + rows.length));
    if (rows.length > 0) yield { firstRow: row, rows };
    if (!any) throw new InputError(path, ['the file is empty']);
  }
  return { columns: wanted, batches: batches(), otherColumns: () => [...others].sort() };
}

/**
 * One JSON document whose rows lie at a path such as `*.logs.*`. A column path that begins with the same wildcards is read from
 * the same branch: `*.point.lat` beside the rows `*.logs.*` is the `point.lat` of the row's grandparent. Keys are never read.
 */
export async function readJson(
  path: string,
  format: Extract<Format, { type: 'json' }>,
  wanted: readonly string[],
): Promise<RowReader> {
  const bytes = readFileSync(path);
  let document: unknown;
  try {
    document = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(path.endsWith('.gz') ? gunzipSync(bytes) : bytes),
    );
  } catch (cause) {
    throw new InputError(path, [`is not JSON in UTF-8: ${(cause as Error).message}`], { cause });
  }
  const rowPath = format.rows.split('.');
  const columns = wanted.map((name) => {
    const parts = name.split('.');
    let shared = 0;
    while (shared < rowPath.length && parts[shared] === rowPath[shared]) shared++;
    return { depth: shared, rest: parts.slice(shared) };
  });
  const unresolved = wanted.filter((_, i) => columns[i]?.rest.includes('*'));
  if (unresolved.length > 0)
    throw new InputError(
      path,
      unresolved.map((name) => `column path "${name}" has a wildcard beyond the rows "${format.rows}"`),
    );
  const rows: string[][] = [];
  const walk = (branch: readonly unknown[]): void => {
    const here = branch[branch.length - 1];
    if (branch.length > rowPath.length) {
      rows.push(columns.map((column) => cell(column.rest.reduce<unknown>(member, branch[column.depth]))));
      return;
    }
    const step = rowPath[branch.length - 1] as string;
    if (step === '*') {
      if (typeof here === 'object' && here !== null) for (const child of Object.values(here)) walk([...branch, child]);
    } else walk([...branch, member(here, step)]);
  };
  walk([document]);
  if (rows.length === 0) throw new InputError(path, [`no rows at "${format.rows}"`]);
  async function* batches(): AsyncGenerator<RowBatch> {
    for (let i = 0; i < rows.length; i += BATCH_ROWS) yield { firstRow: i + 1, rows: rows.slice(i, i + BATCH_ROWS) };
  }
  return { columns: wanted, batches: batches(), otherColumns: () => [] };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
