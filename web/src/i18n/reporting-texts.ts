import type { Locale } from '../map/contract.ts';
import en from './reporting.en.json';
import zh from './reporting.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the notice of places that report little. */
export type ReportingKey = keyof typeof zh;

const TEXTS: Readonly<Record<Locale, Readonly<Record<ReportingKey, string>>>> = { 'zh-CN': zh, en };

export function sayReporting(locale: Locale, key: ReportingKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
