import type { Locale } from '../map/contract.ts';
import en from './presets.en.json';
import zh from './presets.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the presets of the desk and of the table of stages. */
export type PresetKey = keyof typeof zh;
export type SayPreset = (key: PresetKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<PresetKey, string>>>> = { 'zh-CN': zh, en };

export function sayPreset(locale: Locale, key: PresetKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
