import type { Locale } from '../map/contract.ts';
import en from './playback.en.json';
import zh from './playback.zh-CN.json';
import { filled, type Values } from './texts.ts';

/** Words of playback. */
export type PlaybackKey = keyof typeof zh;
export type SayPlayback = (key: PlaybackKey, values?: Values) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<PlaybackKey, string>>>> = { 'zh-CN': zh, en };

export function sayPlayback(locale: Locale, key: PlaybackKey, values?: Values): string {
  return filled(TEXTS[locale][key], locale, values);
}
