import type { Locale } from '../map/contract.ts';
import en from './en.json';
import zh from './zh-CN.json';

export type TextKey = keyof typeof zh;
export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<TextKey, string>>>> = { 'zh-CN': zh, en };

/** Making one costs a hundred times what using it costs. */
const formats = new Map<string, Intl.NumberFormat>();

/** Thousands separators in both languages; 万 grouping is left to a later choice. */
export function formatNumber(value: number, locale: Locale, digits = 0): string {
  const key = `${locale} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(value);
}

/** `{n}` is replaced (numbers get separators); `{n|incident|incidents}` chooses by n = 1 or not. */
export function translate(locale: Locale, key: TextKey, values: Values = {}): string {
  return filled(TEXTS[locale][key], locale, values);
}

/** A text with its values put in. */
export function filled(text: string, locale: Locale, values: Values = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one, many) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined) return value === 1 ? one : many;
    return typeof value === 'number' ? formatNumber(value, locale) : value;
  });
}

/** The name of something in the reader's language. */
export function labelOf(label: { readonly zh: string; readonly en: string }, locale: Locale): string {
  return locale === 'en' ? label.en : label.zh;
}
