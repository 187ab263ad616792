import type { Locale } from '../map/contract.ts';
import en from './area.en.json';
import zh from './area.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the tools that choose an area. They come with those tools, after the first map. */
export type AreaKey = keyof typeof zh;
export type SayArea = (key: AreaKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<AreaKey, string>>>> = { 'zh-CN': zh, en };

export function sayArea(locale: Locale, key: AreaKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
