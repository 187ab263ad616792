import type { Words } from '../metric/verdict-words.ts';
import { wholeNumber } from '../metric/whole-number.ts';

/** What the desk must be asked to see the same number: ids of this snapshot. */
export interface Query {
  /** Half-open range of weeks; null = the whole window. */
  readonly weeks: { readonly first: number; readonly end: number } | null;
  /** Empty = all. */
  readonly sources: readonly number[];
  /** Null = all. */
  readonly category: number | null;
  /** Null = the city. */
  readonly division: number | null;
  readonly alert: string | null;
}

/** A number of the brief: which metric, its value, and where it comes from. Null = not known, with the word that stands for it. */
export interface Figure {
  readonly metric: string;
  readonly value: number | null;
  /** How it is written; null = as a whole number. */
  readonly text: Words | null;
  readonly query: Query;
}

/** A sentence of fixed words with `{name}` where figures and other words stand. */
export interface Sentence {
  readonly words: Words;
  readonly parts: Readonly<Record<string, Figure | Words>>;
}

export const sentence = (zh: string, en: string, parts: Sentence['parts'] = {}): Sentence => ({
  words: { zh, en },
  parts,
});

export const isFigure = (part: Figure | Words): part is Figure => 'metric' in part;

/** The sentence as plain text, e.g. for a file or a title. */
export function plain({ words, parts }: Sentence, language: 'zh' | 'en'): string {
  return words[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const part = parts[name];
    if (part === undefined) return whole;
    return isFigure(part) ? figureText(part, language) : part[language];
  });
}

export function figureText({ value, text }: Figure, language: 'zh' | 'en'): string {
  if (text) return text[language];
  return value === null ? '—' : wholeNumber(value);
}

/** One decimal below ten unless whole; what is hardly ever is no zero. */
export const about = (value: number): string =>
  value > 0 && value < 0.05
    ? '<0.1'
    : Number.isInteger(value) || Math.abs(value) >= 10
      ? wholeNumber(Math.round(value))
      : value.toFixed(1);

export const percentWords = (share: number): Words => {
  const text = share > 0 && share < 0.001 ? '<0.1%' : `${(100 * share).toFixed(1)}%`;
  return { zh: text, en: text };
};
