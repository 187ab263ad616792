import type { Locale } from '../map/contract.ts';
import en from './review.en.json';
import zh from './review.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of the weekly review and of the ledger. */
export type ReviewKey = keyof typeof zh;
export type SayReview = (key: ReviewKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<ReviewKey, string>>>> = { 'zh-CN': zh, en };

export function saidReview(locale: Locale, key: ReviewKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
