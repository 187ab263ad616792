import type { Label } from '../contract/manifest.ts';

/**
 * Columns of a delivered file against its source contract, and codes nobody has declared.
 *
 *     added             not declared: warning, the column is not read
 *     removed           a read column is gone: stop
 *     renamed           a read column is gone and one undeclared column is probably it: stop, both named
 *     removed-not-read  a column nobody reads is gone: warning
 *     retyped           unreadable values in more than `maxUnreadableShare` of a column's non-empty values: stop
 *
 * Probably renamed: the undeclared column with the best likeness, if that is at least 0.5. Likeness is 1 − Levenshtein distance / longer
 * length, over names without case, spaces and underscores; same position in the file: at least 0.5, and 0.25 more; same type of values 0.15
 * more, another type 0.3 less. It is only a hint for the person who repairs the contract: nothing is read under a guessed name.
 */
export type ColumnVerdictKind = 'added' | 'removed' | 'renamed' | 'removed-not-read' | 'retyped';

export interface ColumnVerdict {
  readonly kind: ColumnVerdictKind;
  readonly severity: 'warning' | 'stop';
  readonly column: string;
  /** renamed: the column of the file that is probably meant. */
  readonly probably: string | null;
  readonly message: Label;
}

/** What the values of a column look like, as far as the caller knows. */
export type ValueType = 'date' | 'number' | 'text' | 'empty';

export interface ColumnDriftInput {
  /** Named in the messages. */
  readonly file: string;
  /** Columns of the contract that are read. */
  readonly read: readonly string[];
  /** Columns that are expected and deliberately not read. */
  readonly notRead: readonly string[];
  /** Columns of the file, in their order. */
  readonly seen: readonly string[];
  /** Columns of the last accepted file of this feed, in their order; null = there was none. */
  readonly before: readonly string[] | null;
  readonly types?: {
    readonly before: Readonly<Record<string, ValueType>>;
    readonly seen: Readonly<Record<string, ValueType>>;
  };
  /** Per read column: non-empty values, and how many of them could not be read as what the contract says. */
  readonly values: readonly { readonly column: string; readonly filled: number; readonly unreadable: number }[];
  readonly maxUnreadableShare: number;
}

const LIKELY = 0.5;

/** Verdicts in the order of the contract, then of the file. Empty = the file keeps the contract. */
export function columnDrift(input: ColumnDriftInput): ColumnVerdict[] {
  const { file, read, notRead, seen } = input;
  const present = new Set(seen);
  const declared = new Set([...read, ...notRead]);
  const undeclared = seen.filter((column) => !declared.has(column));
  const verdicts: ColumnVerdict[] = [];
  const guessed = new Set<string>();
  for (const column of read) {
    if (present.has(column)) continue;
    const probably = probableName(
      column,
      undeclared.filter((name) => !guessed.has(name)),
      input,
    );
    if (probably !== null) guessed.add(probably);
    verdicts.push(probably === null ? removed(file, column) : renamed(file, column, probably));
  }
  for (const { column, filled, unreadable } of input.values) {
    if (filled > 0 && unreadable / filled > input.maxUnreadableShare)
      verdicts.push(retyped(input, { column, filled, unreadable }));
  }
  for (const column of notRead) if (!present.has(column)) verdicts.push(removedNotRead(file, column));
  for (const column of undeclared) if (!guessed.has(column)) verdicts.push(added(file, column));
  return verdicts;
}

function probableName(column: string, candidates: readonly string[], input: ColumnDriftInput): string | null {
  let best: string | null = null;
  let bestLikeness = 0;
  for (const name of candidates) {
    const likeness = likenessOf(column, name, input);
    if (likeness > bestLikeness) [best, bestLikeness] = [name, likeness];
  }
  return bestLikeness >= LIKELY - 1e-9 ? best : null;
}

function likenessOf(gone: string, name: string, { before, seen, types }: ColumnDriftInput): number {
  const [a, b] = [plain(gone), plain(name)];
  let likeness = 1 - distance(a, b) / Math.max(a.length, b.length, 1);
  const place = before?.indexOf(gone) ?? -1;
  // A place says something only while the columns around it stand where they stood.
  if (place >= 0 && seen.indexOf(name) === place && before?.length === seen.length)
    likeness = Math.max(likeness, LIKELY) + 0.25;
  const [was, is] = [types?.before[gone], types?.seen[name]];
  if (was !== undefined && is !== undefined && was !== 'empty' && is !== 'empty') likeness += was === is ? 0.15 : -0.3;
  return likeness;
}

function plain(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/[\s_]/g, '');
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  let row = Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; i++) {
    const next = [i];
    for (let j = 1; j <= y.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (x[i - 1] === y[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[y.length] as number;
}

function added(file: string, column: string): ColumnVerdict {
  const zh = `${file}：新增列“${column}”，约定中没有，未读取`;
  const en = `${file}: new column "${column}" is not in the contract; it is not read`;
  return { kind: 'added', severity: 'warning', column, probably: null, message: { zh, en } };
}

function removed(file: string, column: string): ColumnVerdict {
  const zh = `${file}：缺少列“${column}”，约定要求读取`;
  const en = `${file}: column "${column}" is gone, and the contract reads it`;
  return { kind: 'removed', severity: 'stop', column, probably: null, message: { zh, en } };
}

function renamed(file: string, column: string, probably: string): ColumnVerdict {
  const zh = `${file}：缺少列“${column}”，可能已改名为“${probably}”；请核对后修改约定`;
  const en = `${file}: column "${column}" is gone, probably renamed to "${probably}"; check it and change the contract`;
  return { kind: 'renamed', severity: 'stop', column, probably, message: { zh, en } };
}

function removedNotRead(file: string, column: string): ColumnVerdict {
  const zh = `${file}：不再有列“${column}”（约定不读取）`;
  const en = `${file}: column "${column}" is gone; the contract does not read it`;
  return { kind: 'removed-not-read', severity: 'warning', column, probably: null, message: { zh, en } };
}

function retyped(
  { file, maxUnreadableShare }: ColumnDriftInput,
  { column, filled, unreadable }: { column: string; filled: number; unreadable: number },
): ColumnVerdict {
  const share = ((unreadable / filled) * 100).toFixed(1);
  const limit = Number((maxUnreadableShare * 100).toFixed(1));
  const zh = `${file}：列“${column}”有 ${unreadable}/${filled} 个值（${share}%）无法按约定读取，超过 ${limit}%，列的类型可能已改变`;
  const en = `${file}: ${unreadable} of ${filled} values (${share} %) of column "${column}" cannot be read as the contract says, allowed ${limit} %; its type has probably changed`;
  return { kind: 'retyped', severity: 'stop', column, probably: null, message: { zh, en } };
}

export interface NewCodes {
  /** Distinct codes nobody declared, and the rows that carry them. */
  readonly codes: number;
  readonly rows: number;
  /** Most frequent first; codes that could hold something personal are only counted. */
  readonly listed: readonly { readonly code: string; readonly rows: number }[];
  /** Null = no new code. */
  readonly message: Label | null;
}

const LISTED = 20;
/** A code that so few rows carry could be a slip of the pen with a name in it. */
const LISTED_FROM_ROWS = 5;
const LONGEST_CODE = 60;
/** Division codes of six, nine or twelve digits; no other row of digits is repeated in a report. */
const DIVISION_CODE = /^(\d{6}|\d{9}|\d{12})$/;

/** Codes of a category or division column that the mapping does not know: counted and listed, never guessed; their rows are `unmapped`. */
export function newCodes(asked: {
  readonly feed: string;
  readonly what: 'category' | 'division';
  readonly known: (code: string) => boolean;
  readonly seen: readonly { readonly code: string; readonly rows: number }[];
}): NewCodes {
  const fresh = asked.seen.filter(({ code, rows }) => rows > 0 && !asked.known(code));
  const rows = fresh.reduce((sum, entry) => sum + entry.rows, 0);
  const listed = fresh
    .filter((entry) => entry.rows >= LISTED_FROM_ROWS && isHarmless(entry.code, asked.what))
    .sort((a, b) => b.rows - a.rows || (a.code < b.code ? -1 : 1))
    .slice(0, LISTED);
  if (fresh.length === 0) return { codes: 0, rows: 0, listed, message: null };
  const names = listed.slice(0, 5);
  const zhNames = names.length > 0 ? `：${names.map((entry) => `${entry.code}（${entry.rows} 行）`).join('、')}` : '';
  const enNames = names.length > 0 ? `: ${names.map((entry) => `${entry.code} (${entry.rows} rows)`).join(', ')}` : '';
  const zhWhat = asked.what === 'category' ? '类别代码' : '区划代码';
  const zhThen = asked.what === 'category' ? '记为未归类' : '不据此归入区划';
  const enThen = asked.what === 'category' ? 'counted as unmapped' : 'not placed by it';
  return {
    codes: fresh.length,
    rows,
    listed,
    message: {
      zh: `${asked.feed}：${fresh.length} 个新${zhWhat}，共 ${rows} 行，${zhThen}${zhNames}`,
      en: `${asked.feed}: ${fresh.length} new ${asked.what} code${fresh.length === 1 ? '' : 's'} in ${rows} rows, ${enThen}${enNames}`,
    },
  };
}

function isHarmless(code: string, what: 'category' | 'division'): boolean {
  if (what === 'division' && DIVISION_CODE.test(code)) return true;
  return code.length <= LONGEST_CODE && !/\d{4}/.test(code);
}
