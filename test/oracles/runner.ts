import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type Finding, Findings, type JsonObject, type OracleMethod } from './oracle-case.ts';

export interface CaseResult {
  readonly file: string;
  /** Name of the method that took the case; null when none did, which is a failure. */
  readonly method: string | null;
  readonly findings: readonly Finding[];
  /** Why the case could not run; null when it ran. */
  readonly error: string | null;
  readonly ok: boolean;
}

/** Input shared by other cases has nothing to check itself. */
const isInputOnly = (data: JsonObject): boolean =>
  !['expected', 'results', 'cases', 'truth', 'dayTypes', 'idCard', 'outbreaks', '7', '8', '9', '10'].some(
    (key) => key in data,
  );

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const parse = (path: string): JsonObject => JSON.parse(readFileSync(path, 'utf8')) as JsonObject;

/**
 * Runs every case below a folder.
 * A case that no method takes, that throws, or whose method records no finding has failed: nothing is skipped.
 */
export function runOracles(folder: string, methods: readonly OracleMethod[]): CaseResult[] {
  return filesBelow(folder).flatMap((path) => {
    const file = relative(folder, path).split(sep).join('/');
    const findings = new Findings();
    let method: OracleMethod | undefined;
    let error: string | null = null;
    try {
      const data = parse(path);
      if (isInputOnly(data)) return [];
      method = methods.find(({ takes }) => takes(data));
      if (!method) error = `no method for ${JSON.stringify(data.method ?? Object.keys(data).slice(0, 6))}`;
      else method.run({ file, data, sibling: (name) => parse(join(dirname(path), name)) }, findings);
    } catch (thrown) {
      error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    }
    if (!error && findings.list.length === 0) error = 'nothing was checked';
    const ok = error === null && findings.list.every((finding) => finding.ok);
    return [{ file, method: method?.name ?? null, findings: findings.list, error, ok }];
  });
}

/** The printed table: a line a case, and below a failed one a line for each field that differs. */
export function oracleTable(results: readonly CaseResult[]): string {
  const width = Math.max(10, ...results.map(({ file }) => file.length));
  const lines = results.flatMap((result) => {
    const good = result.findings.filter(({ ok }) => ok).length;
    const head = `${result.ok ? 'ok  ' : 'FAIL'}  ${result.file.padEnd(width)}  ${good}/${result.findings.length}  ${result.method ?? '-'}`;
    const bad = result.findings
      .filter(({ ok }) => !ok)
      .map(({ field, expected, found }) => `        ${field}: expected ${expected}, found ${found}`);
    return [
      head,
      ...(result.error ? [`        ${result.error.split('\n').slice(0, 4).join('\n        ')}`] : []),
      ...bad,
    ];
  });
  const failed = results.filter(({ ok }) => !ok).length;
  return [...lines, `${results.length - failed} of ${results.length} cases agree`].join('\n');
}
