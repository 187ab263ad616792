import type { Locale } from '../map/contract.ts';
import en from './compare.en.json';
import zh from './compare.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the two maps side by side. */
export type CompareKey = keyof typeof zh;
export type SayCompare = (key: CompareKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<CompareKey, string>>>> = { 'zh-CN': zh, en };

export function sayCompare(locale: Locale, key: CompareKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
