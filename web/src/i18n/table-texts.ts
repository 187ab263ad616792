import type { Locale } from '../map/contract.ts';
import en from './table.en.json';
import zh from './table.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the table, of the switch between map, table and console, and of exports. They come with those. */
export type TableKey = keyof typeof zh;
export type SayTable = (key: TableKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<TableKey, string>>>> = { 'zh-CN': zh, en };

export function sayTable(locale: Locale, key: TableKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
