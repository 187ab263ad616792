import { basename } from 'node:path';
import type { Condition, Feed } from '../../core/contract/profile.ts';
import { shownColumn } from '../../core/privacy/shown.ts';
import { columnDrift } from '../../core/quality/drift.ts';
import { InputError } from '../errors.ts';
import type { FileTally } from './file-tally.ts';

export const nameOf = (column: string | readonly string[]): string =>
  typeof column === 'string' ? column : column.join('/');
export const columnsOf = (conditions: readonly Condition[]): string =>
  nameOf(conditions.map((condition) => condition.column));

export interface ColumnFinder {
  readonly one: (column: string, field: string) => number;
  readonly all: (column: string | readonly string[], field: string) => number[];
  /** @throws InputError naming every column that is not there */
  readonly finish: () => void;
}

export function columnFinder(columns: readonly string[], path: string, feed: Feed): ColumnFinder {
  const missing = new Map<string, string>();
  const one = (column: string, field: string): number => {
    const index = columns.indexOf(column);
    if (index < 0) missing.set(column, field);
    return index;
  };
  return {
    one,
    all: (column, field) =>
      typeof column === 'string' ? [one(column, field)] : column.map((name) => one(name, field)),
    finish: () => {
      if (missing.size > 0) throw new InputError(path, missingColumns(columns, missing, path, feed));
    },
  };
}

/** What a person needs to put it right; a header that is none (a first record, perhaps of a person) is not repeated. */
function missingColumns(
  columns: readonly string[],
  missing: ReadonlyMap<string, string>,
  path: string,
  feed: Feed,
): string[] {
  const wanted = wantedColumns(feed);
  const hasHeader = wanted.some((name) => columns.includes(name));
  const verdicts = columnDrift({
    file: basename(path),
    read: wanted,
    notRead: Object.keys(feed.notRead),
    seen: hasHeader ? columns.map(shownColumn) : [],
    before: null,
    values: [],
    maxUnreadableShare: 1,
  });
  const problems = verdicts
    .filter((verdict) => verdict.severity === 'stop')
    .map(({ column, message }) => `required column "${column}" (${missing.get(column)}): ${message.zh} ${message.en}`);
  return hasHeader
    ? problems
    : [...problems, 'none of the declared columns is there: does the file begin with its header? 文件首行是否为表头'];
}

/** Per column of the feed that can be unreadable: its values that were there to be read. */
export function filledColumns(feed: Feed, filled: FileTally['filled']): Record<string, number> {
  const { fields } = feed;
  const counts: Record<string, number> = { [nameOf(fields.occurred.column)]: filled.occurred };
  if (fields.reported) counts[nameOf(fields.reported.column)] = filled.reported;
  if (fields.closed) counts[nameOf(fields.closed.column)] = filled.closed;
  if (fields.revision !== undefined) counts[fields.revision] = filled.revision;
  if (fields.lng !== undefined) counts[fields.lng] = filled.coordinate;
  if (fields.lat !== undefined) counts[fields.lat] = filled.coordinate;
  return counts;
}

/** Columns a feed names, for readers that pick by name and for the privacy report. */
export function wantedColumns(feed: Feed): string[] {
  const names = new Set<string>();
  const add = (column: string | readonly string[] | undefined): void => {
    if (column === undefined || column === '@row') return;
    for (const name of typeof column === 'string' ? [column] : column) names.add(name);
  };
  const { fields } = feed;
  for (const column of [
    fields.id,
    fields.revision,
    fields.lng,
    fields.lat,
    fields.point?.column,
    fields.category,
    fields.stage,
    fields.place,
  ])
    add(column);
  add(fields.division?.column);
  for (const field of [fields.occurred, fields.reported, fields.closed]) add(field?.column);
  for (const condition of [
    ...feed.notRecordWhen,
    ...feed.scope,
    ...feed.duplicateWhen,
    ...feed.deletedWhen,
    ...feed.routes.flatMap((route) => route.when),
  ])
    add(condition.column);
  return [...names];
}
