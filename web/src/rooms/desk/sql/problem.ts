import type { SqlKey } from '../../../i18n/sql-texts.ts';
import { type Refusal, ROW_CAP } from './guard.ts';

/** Why a query gave no result. Each has its sentence, and what to do. */
export type QueryProblem =
  | { readonly kind: 'refused'; readonly why: Refusal; readonly word: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'stopped'; readonly message: string }
  | {
      readonly kind: 'error';
      /** DuckDB's own words. */
      readonly message: string;
      /** Line of the reader's text, from 1; null = DuckDB names none. */
      readonly line: number | null;
      readonly advice: Advice;
    };

export type Advice = 'syntax' | 'table' | 'column' | 'function' | 'type' | 'group' | 'access' | 'memory' | 'other';

export class QueryRefused extends Error {
  readonly problem: QueryProblem;
  constructor(problem: QueryProblem) {
    super(problem.kind);
    this.name = 'QueryRefused';
    this.problem = problem;
  }
}

const ADVICE: readonly (readonly [RegExp, Advice])[] = [
  [/not in the catalog, but it exists|Permission Error|disabled by configuration|has been locked/, 'access'],
  [/Table with name .* does not exist|referenced table .* not found/i, 'table'],
  [/must appear in the GROUP BY/i, 'group'],
  [/Referenced column|column .* not found|does not have a column|Values list .* does not have/i, 'column'],
  [/Function with name|No function matches/, 'function'],
  [/syntax error|Parser Error|Cannot prepare multiple/, 'syntax'],
  [/Conversion Error|Could not convert|Cannot compare|Type Mismatch|Cannot mix/i, 'type'],
  [/Out of Memory|failed to (allocate|offload)|memory access out of bounds/i, 'memory'],
];

/** DuckDB repeats its line picture; the reader gets each line once, with the line numbers of the own text. */
export function describeError(thrown: unknown, lineShift: number): QueryProblem {
  const raw = thrown instanceof Error ? thrown.message : String(thrown);
  const named = /LINE (\d+):/.exec(raw);
  const line = named ? Number(named[1]) - lineShift : null;
  const message = [...new Set(raw.split('\n').filter((text) => text.trim() !== ''))]
    .map((text) => text.replace(/^LINE (\d+):/, (_, n: string) => `LINE ${Number(n) - lineShift}:`))
    .join('\n');
  const advice = ADVICE.find(([pattern]) => pattern.test(raw))?.[1] ?? 'other';
  return { kind: 'error', message, line: line !== null && line > 0 ? line : null, advice };
}

/** What to do about it, as a text. */
export function adviceKey(problem: QueryProblem): SqlKey {
  switch (problem.kind) {
    case 'refused':
      return `refused.${problem.why}`;
    case 'timeout':
    case 'cancelled':
    case 'stopped':
      return `problem.${problem.kind}`;
    case 'error':
      return `advice.${problem.advice}`;
    default:
      return problem satisfies never;
  }
}

export { ROW_CAP };
