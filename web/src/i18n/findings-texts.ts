import type { Locale } from '../map/contract.ts';
import en from './findings.en.json';
import zh from './findings.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of findings, on the desk and in the brief. */
export type FindingKey = keyof typeof zh;
export type SayFinding = (key: FindingKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<FindingKey, string>>>> = { 'zh-CN': zh, en };

export function sayFinding(locale: Locale, key: FindingKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
