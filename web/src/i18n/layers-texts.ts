import type { Locale } from '../map/contract.ts';
import en from './layers.en.json';
import zh from './layers.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the layer list, the scale and the comparison; they come after the first map. */
export type LayersKey = keyof typeof zh;
export type SayLayers = (key: LayersKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<LayersKey, string>>>> = { 'zh-CN': zh, en };

export function sayLayers(locale: Locale, key: LayersKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
