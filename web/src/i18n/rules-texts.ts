import type { Locale } from '../map/contract.ts';
import en from './rules.en.json';
import zh from './rules.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of thresholds: replay, keeping, handing over. */
export type RulesKey = keyof typeof zh;
export type SayRules = (key: RulesKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<RulesKey, string>>>> = { 'zh-CN': zh, en };

export function sayRules(locale: Locale, key: RulesKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
