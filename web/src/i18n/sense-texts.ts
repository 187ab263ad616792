import type { Locale } from '../map/contract.ts';
import en from './sense.en.json';
import zh from './sense.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the sensing panels. They come with those panels, after the first map. */
export type SenseKey = keyof typeof zh;
export type SaySense = (key: SenseKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<SenseKey, string>>>> = { 'zh-CN': zh, en };

export function saySense(locale: Locale, key: SenseKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
