import type { Manifest, SourceEntry } from '../../../../core/contract/manifest.ts';
import { type Freshness, type FreshnessVerdict, freshness } from '../../../../core/quality/freshness.ts';

/**
 * No old number stands on a wall as a new one. A figure is as fresh as the least fresh of the sources it is made of; when that one is
 * late or silent by its own cadence, the figure is withheld.
 */
export interface SourceFreshness extends Freshness {
  readonly source: number;
}

/** @param nowMinute local minute of the city, by the clock that is trusted */
export function sourceFreshness(sources: readonly SourceEntry[], nowMinute: number): readonly SourceFreshness[] {
  return sources.map(({ id, asOf, cadenceDays }) => ({
    source: id,
    ...freshness({ asOfMinute: asOf === null ? null : localMinute(asOf), cadenceDays, nowMinute }),
  }));
}

const BEYOND: ReadonlySet<FreshnessVerdict> = new Set(['late', 'silent']);

export interface TileFreshness {
  /** The big number is withheld. */
  readonly stale: boolean;
  /** Sources beyond their limit. */
  readonly late: readonly number[];
  /** Oldest as-of among the sources; null = one of them never delivered, or there is none. */
  readonly asOfDay: number | null;
  readonly ageDays: number | null;
}

/** @param used ids of the sources a tile is made of; an empty list is a tile without sources, which nobody can vouch for */
export function tileFreshness(all: readonly SourceFreshness[], used: readonly number[]): TileFreshness {
  const own = all.filter(({ source }) => used.includes(source));
  const late = own.filter(({ verdict }) => BEYOND.has(verdict)).map(({ source }) => source);
  const ages = own.map(({ ageDays }) => ageDays);
  const days = own.map(({ asOfDay }) => asOfDay);
  const known = own.length > 0 && !days.includes(null);
  return {
    stale: own.length === 0 || late.length > 0,
    late,
    asOfDay: known ? Math.min(...days.map(Number)) : null,
    ageDays: known ? Math.max(...ages.map(Number)) : null,
  };
}

/** `2026-11-21 23:40` → minutes since 1970-01-01 00:00 of the city's civil time. */
export function localMinute(text: string): number {
  const [date = '', time = '00:00'] = text.replace('T', ' ').split(' ');
  return Date.parse(`${date}T${time.slice(0, 5)}:00Z`) / 60_000;
}

/** Newest local minute of any source; null = nothing was delivered. */
export function newestMinute({ dictionaries }: Pick<Manifest, 'dictionaries'>): number | null {
  const minutes = dictionaries.sources.flatMap(({ asOf }) => (asOf === null ? [] : [localMinute(asOf)]));
  return minutes.length > 0 ? Math.max(...minutes) : null;
}
