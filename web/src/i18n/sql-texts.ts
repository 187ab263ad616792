import type { Locale } from '../map/contract.ts';
import en from './sql.en.json';
import zh from './sql.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the SQL console. They come with it. */
export type SqlKey = keyof typeof zh;
export type SaySql = (key: SqlKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<SqlKey, string>>>> = { 'zh-CN': zh, en };

export function saySql(locale: Locale, key: SqlKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
