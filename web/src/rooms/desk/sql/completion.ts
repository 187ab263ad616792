import type { Words } from '../../../../../core/metric/verdict-words.ts';
import { scan } from './scan.ts';
import type { ConsoleTable } from './tables.ts';

export interface Completion {
  /** What is put in. */
  readonly text: string;
  readonly kind: 'table' | 'column' | 'code' | 'keyword';
  /** In words, both languages: either finds it. */
  readonly says: Words;
}
export interface Completions {
  /** The piece of the text that a choice replaces. */
  readonly start: number;
  readonly end: number;
  readonly options: readonly Completion[];
}

/** Codes that stand for something with a name: categories, divisions, sources. */
export interface NamedCode {
  readonly code: string;
  readonly name: Words;
}

const KEYWORDS = [
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP BY',
  'ORDER BY',
  'HAVING',
  'LIMIT',
  'JOIN',
  'LEFT JOIN',
  'USING',
  'AND',
  'OR',
  'NOT',
  'IN',
  'IS NULL',
  'IS NOT NULL',
  'BETWEEN',
  'LIKE',
  'CASE WHEN',
  'THEN',
  'ELSE',
  'END',
  'AS',
  'DESC',
  'DISTINCT',
  'WITH',
  'UNION ALL',
  'count(*)',
  'sum',
  'avg',
  'median',
  'FILTER',
  'OVER',
  'DESCRIBE',
  'SUMMARIZE',
  'EXPLAIN',
] as const;
const LIMIT = 12;
const HAN = /\p{Script=Han}/u;

/**
 * What may follow at the caret. A word of letters finds names of tables, columns and keywords; a Chinese word finds what is called so:
 * columns by their label, and codes (`噪声` → `'noise'`). Inside quotes only codes are offered.
 * @param forced also without a word before the caret (Ctrl+Space)
 */
export function completionsAt(
  text: string,
  caret: number,
  {
    tables,
    codes,
    forced,
  }: { readonly tables: readonly ConsoleTable[]; readonly codes: readonly NamedCode[]; readonly forced: boolean },
): Completions | null {
  const tokens = scan(text);
  const inside = tokens.find(
    ({ start, end, kind }) => start < caret && (caret < end || (caret === end && kind === 'word')),
  );
  if (
    inside?.kind === 'comment' ||
    tokens.some(({ kind, end, text: own }) => kind === 'comment' && end === caret && own.startsWith('--'))
  )
    return null;
  const string = openString(tokens, text, caret);
  if (string !== null) {
    const typed = text.slice(string, caret);
    const options = ranked(codeOptions(codes, false), typed);
    return options.length > 0 && (typed !== '' || forced) ? { start: string, end: caret, options } : null;
  }
  const start = inside?.kind === 'word' ? inside.start : caret;
  const word = text.slice(start, caret);
  if (!forced && word.length < (HAN.test(word) ? 1 : 2)) return null;
  const named = tables.filter(({ name }) =>
    tokens.some((token) => token.kind === 'word' && token.text.toLowerCase() === name),
  );
  const columns = new Map<string, Completion>();
  for (const table of named.length > 0 ? named : tables)
    for (const { name, says } of table.columns)
      if (!columns.has(name)) columns.set(name, { text: name, kind: 'column', says });
  const options = ranked(
    [
      ...columns.values(),
      ...tables.map(({ name, says }): Completion => ({ text: name, kind: 'table', says })),
      ...KEYWORDS.map((keyword): Completion => ({ text: keyword, kind: 'keyword', says: { zh: '', en: '' } })),
      ...(HAN.test(word) ? codeOptions(codes, true) : []),
    ],
    word,
  );
  // Nothing to add to what is already there.
  if (options.length === 0 || (options.length === 1 && options[0]?.text.toLowerCase() === word.toLowerCase()))
    return null;
  return { start, end: caret, options };
}

function codeOptions(codes: readonly NamedCode[], quote: boolean): Completion[] {
  return codes.map(({ code, name }) => ({
    text: quote ? `'${code.replaceAll("'", "''")}'` : code,
    kind: 'code',
    says: name,
  }));
}

/** Where the content of the string around the caret begins; null = the caret is in none. */
function openString(tokens: ReturnType<typeof scan>, text: string, caret: number): number | null {
  const around = tokens.find(
    ({ kind, start, end }) => kind === 'string' && text[start] === "'" && start < caret && caret <= end,
  );
  if (!around) return null;
  const closed = around.end > around.start + 1 && text[around.end - 1] === "'";
  return closed && caret === around.end ? null : around.start + 1;
}

/** Names that begin with the word first, then words inside a name, then labels that hold it. */
function ranked(options: readonly Completion[], typed: string): readonly Completion[] {
  const word = typed.toLowerCase();
  const rank = ({ text, says }: Completion): number => {
    const name = text.toLowerCase().replace(/^'/, '');
    if (name.startsWith(word)) return 0;
    if (name.split(/[_.\s]/).some((part) => part.startsWith(word))) return 1;
    if (says.zh.startsWith(typed)) return 1;
    if (says.zh.includes(typed) && HAN.test(typed)) return 2;
    return word.length > 2 && says.en.toLowerCase().includes(word) ? 3 : -1;
  };
  return options
    .map((option, at) => ({ option, at, rank: rank(option) }))
    .filter((entry) => entry.rank >= 0)
    .sort((a, b) => a.rank - b.rank || (word === '' ? 0 : a.option.text.length - b.option.text.length) || a.at - b.at)
    .slice(0, LIMIT)
    .map(({ option }) => option);
}
