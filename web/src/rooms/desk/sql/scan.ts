/** Pieces of SQL text: enough to tell words from strings and comments. What a statement is, DuckDB decides (guard.ts). */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'comment' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const DOLLAR = /\$([\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const NUMBER = /[0-9][0-9a-zA-Z_.]*/y;

/** Words, quoted names, strings, comments and single signs; white space is left out. Unfinished ones reach to the end. */
export function scan(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const start = at;
    const kind = (() => {
      const two = sql.slice(at, at + 2);
      if (/\s/.test(sql[at] as string)) {
        at++;
        return null;
      }
      if (two === '--') {
        at = orEnd(sql.indexOf('\n', at), sql.length);
        return 'comment';
      }
      if (two === '/*') {
        at = endOfBlock(sql, at);
        return 'comment';
      }
      if (sql[at] === "'" || sql[at] === '"') {
        const escapes = sql[at] === "'" && /[eE]/.test(sql[at - 1] ?? '') && tokens.at(-1)?.text.toLowerCase() === 'e';
        at = endOfQuoted(sql, at, escapes);
        return sql[start] === '"' ? 'name' : 'string';
      }
      const dollar = matchAt(DOLLAR, sql, at);
      if (dollar) {
        const end = sql.indexOf(dollar, at + dollar.length);
        at = end < 0 ? sql.length : end + dollar.length;
        return 'string';
      }
      const word = matchAt(WORD, sql, at);
      if (word) {
        at += word.length;
        return 'word';
      }
      at += matchAt(NUMBER, sql, at)?.length ?? 1;
      return 'sign';
    })();
    if (kind) tokens.push({ kind, text: sql.slice(start, at), start, end: at });
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

const orEnd = (found: number, end: number) => (found < 0 ? end : found);

/** Block comments nest, as in PostgreSQL. */
function endOfBlock(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    const two = sql.slice(at, at + 2);
    if (two === '/*') depth++;
    else if (two === '*/') depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

/** A doubled quote stands for one; `E'…'` also knows backslashes. */
function endOfQuoted(sql: string, from: number, escapes: boolean): number {
  const quote = sql[from];
  for (let at = from + 1; at < sql.length; at++) {
    if (escapes && sql[at] === '\\') at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return sql.length;
}
