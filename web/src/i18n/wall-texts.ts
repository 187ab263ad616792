import type { Locale } from '../map/contract.ts';
import { filled, type Values } from './texts.ts';
import en from './wall.en.json';
import zh from './wall.zh-CN.json';

/** Words of the wall; they come with its code. */
export type WallKey = keyof typeof zh;
export type SayWall = (key: WallKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<WallKey, string>>>> = { 'zh-CN': zh, en };

export function sayWall(locale: Locale, key: WallKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
