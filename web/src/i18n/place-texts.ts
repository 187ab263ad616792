import type { Locale } from '../map/contract.ts';
import en from './place.en.json';
import zh from './place.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the cards of cells and divisions. */
export type PlaceKey = keyof typeof zh;
export type SayPlace = (key: PlaceKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<PlaceKey, string>>>> = { 'zh-CN': zh, en };

export function sayPlace(locale: Locale, key: PlaceKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
