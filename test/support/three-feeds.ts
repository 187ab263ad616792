import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../../core/contract/manifest.ts';
import { publishedManifest, type RunSummary, runPipeline } from '../../pipelines/run.ts';
import { type SmallCity, smallCity } from '../golden/bad-input/small-city.ts';

/** A record as a department holds it. `rev` 0 in a feed that has no revision. */
export interface Row {
  readonly id: string;
  readonly rev: number;
  /** `yyyy-MM-dd HH:mm:ss` */
  readonly time: string;
  readonly lng: string;
  readonly lat: string;
  readonly kind: string;
  readonly state: string;
  /** `dup` = marked as duplicate by the source. */
  readonly mark: string;
  /** `out` = of another department. */
  readonly area: string;
  readonly street: string;
  readonly own: string;
}

export const COLUMNS = [
  'id',
  'rev',
  'time',
  'lng',
  'lat',
  'kind',
  'state',
  'mark',
  'area',
  'street',
  'own',
] as const satisfies readonly (keyof Row)[];

export const csvOf = (rows: readonly Row[]): string =>
  `${[COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((name) => String(row[name])).join(','))].join('\n')}\n`;
export const ndjsonOf = (rows: readonly Row[]): string =>
  rows.map((row) => `${JSON.stringify(Object.fromEntries(COLUMNS.map((name) => [name, row[name]])))}\n`).join('');

/** Feeds `orders` (with a revision), `police` (without) and `disputes` (delivery day in the file's name). */
export type FeedName = 'orders' | 'police' | 'disputes';
export interface CityOptions {
  readonly format?: 'csv' | 'ndjson';
  readonly factsPeriod?: 'month' | 'quarter' | 'year';
  readonly change?: (profile: Record<string, unknown>) => void;
}

/**
 * The small city with three sources, corrections, deletions, marks, a scope, a window (2024-01-01 up to 2024-07-01), a sensitive
 * category and streets to tell default points by: everything of the pipeline's core in a run of a third of a second.
 */
export function threeFeeds({ format = 'csv', factsPeriod = 'quarter', change }: CityOptions = {}): SmallCity {
  return smallCity((profile) => {
    const feed = (id: FeedName, source: string) => ({
      id,
      files: `${id}*.${format}`,
      format: { type: format },
      source,
      crs: 'wgs84',
      fields: {
        id: 'id',
        ...(id === 'orders' ? { revision: 'rev' } : {}),
        occurred: { column: 'time', formats: ['yyyy-MM-dd HH:mm:ss'] },
        lng: 'lng',
        lat: 'lat',
        category: 'kind',
        stage: 'state',
        place: 'street',
        division: { column: 'own', level: 'district', by: 'code' },
      },
      ...(id === 'disputes' ? { deliveredInName: 'yyyyMMdd' } : {}),
      deletedWhen: [{ column: 'state', in: ['deleted'] }],
      duplicateWhen: [{ column: 'mark', in: ['dup'] }],
      scope: [{ column: 'area', notIn: ['out'] }],
      stages: { open: 'handling', closed: 'closed' },
      categories: 'kinds',
      ...(id === 'orders' ? {} : { notRead: { rev: 'the feed has no revision' } }),
    });
    Object.assign(profile, {
      window: { firstDay: '2024-01-01', endDay: '2024-07-01' },
      sources: ['hotline', 'police', 'disputes'].map((key, i) => ({
        key,
        kind: ['complaint', 'police', 'dispute'][i],
        name: { zh: key, en: key },
        cadenceDays: 7,
      })),
      feeds: [feed('orders', 'hotline'), feed('police', 'police'), feed('disputes', 'disputes')],
      publish: { factsBy: 'district', factsPeriod, k: 3, kSensitive: 4 },
      thresholds: {
        maxSwappedShare: 1,
        maxOutsideShare: 1,
        maxRejectedShare: 1,
        unmappedShareToWarn: 1,
        pileUpRows: 12,
        maxDatumShare: 1,
      },
    });
    change?.(profile);
  });
}

/** A run without worker threads: the same code, without the time that threads take to start. */
export async function runCity(city: SmallCity, out = city.out, options: { force?: boolean } = {}): Promise<RunSummary> {
  const before = process.env.HEXSIGHT_THREADS;
  process.env.HEXSIGHT_THREADS ??= '0';
  try {
    return await runPipeline({ profile: city.profile, input: city.input, out, now: () => 0, ...options });
  } finally {
    if (before === undefined) delete process.env.HEXSIGHT_THREADS;
  }
}

/** Empties the input folder and writes these files. */
export function setInputs(city: SmallCity, files: Readonly<Record<string, string>>): void {
  for (const name of readdirSync(city.input)) rmSync(join(city.input, name));
  for (const [name, content] of Object.entries(files)) city.file(name, content);
}

/** Logical path and hash of what is counted: facts, cubes, wall tables. */
export function countedFiles(out: string): string[] {
  return (publishedManifest(out)?.files ?? [])
    .filter((file: FileEntry) => file.kind === 'facts' || file.kind === 'cube')
    .map((file) => `${file.path} ${file.rows} ${file.sha256}`);
}

export const unitFiles = (city: SmallCity): string[] =>
  existsSync(join(`${city.out}.store`, 'units')) ? readdirSync(join(`${city.out}.store`, 'units')).sort() : [];

/** Mulberry32. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list;
}

const two = (n: number): string => String(n).padStart(2, '0');
const STREETS = ['南大街', '北大街', '人民路', '解放路', '中山路', '新华街', '和平里', '长江路', '太湖街', '虹桥路'];

/** One random record; about a twentieth of all lie on one default point with a street and a district of any kind. */
export function randomRow(id: string, random: () => number, month = 1 + Math.floor(random() * 6)): Row {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const onDefault = random() < 0.12;
  const noPoint = !onDefault && random() < 0.08;
  const east = random() < 0.5;
  return {
    id,
    rev: 1,
    time: `2024-${two(month)}-${two(1 + Math.floor(random() * 28))} ${two(Math.floor(random() * 24))}:${two(Math.floor(random() * 60))}:00`,
    lng: onDefault ? '120.0100' : noPoint ? '' : (120.0005 + (east ? 0.01 : 0) + random() * 0.009).toFixed(4),
    lat: onDefault ? '31.0100' : noPoint ? '' : (31.0005 + random() * 0.019).toFixed(4),
    kind: pick(['parking', 'parking', 'noise', 'noise', 'home', 'odd-1', 'odd-2']),
    state: pick(['open', 'closed', 'closed']),
    mark: '',
    area: '',
    street: onDefault ? pick(STREETS) : random() < 0.5 ? '人民路' : '',
    own: onDefault ? pick(['01', '02']) : random() < 0.3 ? '' : east ? '02' : '01',
  };
}
