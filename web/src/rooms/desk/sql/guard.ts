import { scan, type Token } from './scan.ts';

/** Rows of a result that are shown. One more is asked for, to know whether there are more. */
export const ROW_CAP = 10_000;

export type Refusal = 'empty' | 'several' | 'not-a-query' | 'unbalanced' | 'function';

/** What may be sent to DuckDB. `lineShift`: lines put before the reader's first one, to be taken off in messages. */
export type Guarded =
  | { readonly kind: 'select'; readonly prepared: string; readonly lineShift: number }
  /** Runs only once `prepared`, the statement it explains, has been accepted as a query. */
  | { readonly kind: 'explain'; readonly prepared: string; readonly explain: string; readonly lineShift: number }
  | { readonly kind: 'refused'; readonly why: Refusal; readonly word: string };

const QUERIES = new Set(['select', 'with', 'from', 'values', 'table', 'describe', 'desc', 'show', 'summarize']);
/** Table functions that change something, and those that run the text of a string, which nobody has looked at. */
const FUNCTIONS = /^(enable_\w+|disable_\w+|force_checkpoint|checkpoint|truncate_\w+|set_config|query|query_table)$/;

/**
 * The console reads. Here a statement gets a clear refusal; the proof is DuckDB's: the text is *prepared* as
 *
 *     SELECT * FROM (⏎ … ⏎) LIMIT n
 *
 * so its parser accepts exactly one statement, and only one that can stand in a FROM: a query. On top of it the instance has no access
 * outside itself and a locked configuration (database.ts).
 */
export function guard(sql: string): Guarded {
  const tokens = scan(sql).filter(({ kind }) => kind !== 'comment');
  while (tokens.at(-1)?.text === ';') tokens.pop();
  const [first, second] = tokens;
  const last = tokens.at(-1);
  if (!first || !last) return { kind: 'refused', why: 'empty', word: '' };
  if (tokens.some(({ text, kind }) => kind === 'sign' && text === ';'))
    return { kind: 'refused', why: 'several', word: ';' };
  const called = tokens.find((token, i) => tokens[i + 1]?.text === '(' && FUNCTIONS.test(nameOf(token)));
  if (called) return { kind: 'refused', why: 'function', word: called.text };
  if (!balanced(tokens)) return { kind: 'refused', why: 'unbalanced', word: ')' };
  const body = sql.slice(0, last.end);
  const word = tokens.find(({ text }) => text !== '(') ?? first;
  if (nameOf(first) === 'explain') {
    const analyze = second && nameOf(second) === 'analyze';
    const explained = tokens[analyze ? 2 : 1];
    const queried = explained && tokens.slice(analyze ? 2 : 1).find(({ text }) => text !== '(');
    if (!explained || !queried || !QUERIES.has(nameOf(queried)))
      return { kind: 'refused', why: 'not-a-query', word: (queried ?? first).text.toUpperCase() };
    const start = explained.start;
    // The lines before it stay, empty: DuckDB's line numbers are then the reader's.
    const lines = '\n'.repeat(sql.slice(0, start).split('\n').length - 1);
    const prepared = wrapped(lines + sql.slice(start, last.end));
    return { kind: 'explain', prepared, explain: body, lineShift: 1 };
  }
  if (!QUERIES.has(nameOf(word))) return { kind: 'refused', why: 'not-a-query', word: word.text.toUpperCase() };
  return { kind: 'select', prepared: wrapped(body), lineShift: 1 };
}

// The line break before the bracket ends a comment of the reader's last line.
const wrapped = (body: string) => `SELECT * FROM (\n${body}\n) LIMIT ${ROW_CAP + 1}`;

function nameOf({ kind, text }: Token): string {
  const name = kind === 'name' ? text.slice(1, -1).replaceAll('""', '"') : kind === 'word' ? text : '';
  return name.toLowerCase();
}

function balanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind !== 'sign') continue;
    if (text === '(') depth++;
    else if (text === ')' && --depth < 0) return false;
  }
  return depth === 0;
}
