import type { Locale } from '../map/contract.ts';
import type { HourBlock } from '../query/filters.ts';
import en from './hours.en.json';
import zh from './hours.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the hour × weekday matrix. */
export type HoursKey = keyof typeof zh;

const TEXTS: Readonly<Record<Locale, Readonly<Record<HoursKey, string>>>> = { 'zh-CN': zh, en };

export function sayHours(locale: Locale, key: HoursKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}

/** Monday first. */
export function dayNames(locale: Locale): readonly string[] {
  return sayHours(locale, 'dayNames').split(' ');
}

/** A block as a person says it: both ends inside. */
export function blockText({ firstDay, endDay, firstHour, endHour }: HourBlock, locale: Locale): string {
  const names = dayNames(locale);
  const from = names[firstDay] ?? '';
  const to = names[endDay - 1] ?? '';
  const days = from === to ? from : sayHours(locale, 'daySpan', { from, to });
  return sayHours(locale, 'span', { days, from: String(firstHour), to: String(endHour - 1) });
}
