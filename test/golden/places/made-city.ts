import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellToLatLng, latLngToCell } from 'h3-js';
import { type RunSummary, runPipeline } from '../../../pipelines/run.ts';
import { publishedLine } from '../real/expected-facts.ts';
import { type Published, readPublished } from '../real/published.ts';
import { type Tally, tally } from '../real/tally.ts';
import { rowsBySql, text } from '../real/truth.ts';

/**
 * A made city of 5 × 5 square districts of 0.02° (about 2 km) and one CSV feed whose rows name their own district. Points are centres of
 * finest cells well inside the city, so that half a metre of rounding in another datum moves none of them into another cell.
 */
export interface MadeCity {
  readonly profile: string;
  readonly input: string;
  readonly out: string;
  readonly write: (name: string, rows: readonly MadeRow[]) => void;
  readonly run: () => Promise<RunSummary>;
  readonly published: () => Published;
  /** How often each published line occurs. */
  readonly facts: () => Tally;
  /** Rows of the store by method, resolution and whether they have a cell. */
  readonly methods: () => Promise<Record<string, number>>;
  readonly manifestBytes: () => Buffer | null;
  readonly remove: () => void;
}

export interface MadeRow {
  readonly id: string;
  /** yyyy-MM-dd */
  readonly day: string;
  readonly x: string;
  readonly y: string;
  readonly district: string;
  readonly place?: string;
}

export interface Origin {
  readonly west: number;
  readonly south: number;
}
export const SUZHOU: Origin = { west: 120.55, south: 31.25 };
export const TAINAN: Origin = { west: 120.15, south: 22.95 };

const SIDE = 5;
const STEP_DEG = 0.02;
const MARGIN_DEG = 0.008;

export const districtName = (column: number, row: number): string => `第${row * SIDE + column + 1}区`;

/** mulberry32. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Point {
  readonly lng: number;
  readonly lat: number;
  readonly district: string;
  readonly day: string;
}

/** Points in WGS 84 over the given months, each with the district it lies in. */
export function points(origin: Origin, n: number, months: readonly string[], seed = 1): Point[] {
  const draw = uniforms(seed);
  const span = SIDE * STEP_DEG - 2 * MARGIN_DEG;
  return Array.from({ length: n }, (_, i) => {
    const near = latLngToCell(origin.south + MARGIN_DEG + span * draw(), origin.west + MARGIN_DEG + span * draw(), 10);
    const [lat, lng] = cellToLatLng(near);
    const column = Math.floor((lng - origin.west) / STEP_DEG);
    const row = Math.floor((lat - origin.south) / STEP_DEG);
    const day = `${months[i % months.length]}-${String(1 + Math.floor(28 * draw())).padStart(2, '0')}`;
    return { lng, lat, district: districtName(column, row), day };
  });
}

/** Coordinates as a feed would write them. */
export type Write = (lng: number, lat: number) => readonly [number, number];

export const rowsOf = (prefix: string, all: readonly Point[], write: Write, decimals = 9): MadeRow[] =>
  all.map(({ lng, lat, district, day }, i) => {
    const [x, y] = write(lng, lat);
    return { id: `${prefix}${i}`, day, x: x.toFixed(decimals), y: y.toFixed(decimals), district };
  });

export function madeCity(
  origin: Origin,
  feed: Record<string, unknown> = {},
  profile: Record<string, unknown> = {},
): MadeCity {
  const root = mkdtempSync(join(tmpdir(), 'hexsight-made-'));
  const folder = join(root, 'profile');
  const input = join(root, 'input');
  const out = join(root, 'out');
  mkdirSync(folder);
  mkdirSync(input);
  const json = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value));
  const squares = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    const [west, south] = [origin.west + column * STEP_DEG, origin.south + row * STEP_DEG];
    const [east, north] = [origin.west + (column + 1) * STEP_DEG, origin.south + (row + 1) * STEP_DEG];
    return {
      type: 'Feature',
      properties: { code: String(i + 1).padStart(2, '0'), name: districtName(column, row) },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south],
          ],
        ],
      },
    };
  });
  json('districts.geojson', { type: 'FeatureCollection', features: squares });
  json('mapping.json', { kinds: { parking: 'traffic.parking.illegal-parking' } });
  json('calendar.json', {});
  json('profile.json', {
    id: 'made',
    name: { zh: '样城市', en: 'Made city' },
    attribution: { zh: '测试', en: 'test' },
    zone: 'Asia/Shanghai',
    grid: {},
    divisions: [
      {
        key: 'district',
        name: { zh: '区', en: 'district' },
        file: 'districts.geojson',
        code: 'code',
        nameProperty: 'name',
      },
    ],
    sources: [{ key: 'hotline', kind: 'complaint', name: { zh: '热线', en: 'hotline' }, cadenceDays: 7 }],
    feeds: [
      {
        id: 'orders',
        files: 'orders*.csv',
        format: { type: 'csv' },
        source: 'hotline',
        crs: 'wgs84',
        fields: {
          id: 'id',
          occurred: { column: 'day', formats: ['yyyy-MM-dd'] },
          lng: 'x',
          lat: 'y',
          category: 'kind',
          division: { column: 'district', level: 'district', by: 'name' },
          place: 'place',
        },
        categories: 'kinds',
        ...feed,
      },
    ],
    publish: { factsBy: 'city', factsPeriod: 'year' },
    thresholds: { maxSwappedShare: 0.2, maxOutsideShare: 0.3, maxRejectedShare: 0.2, unmappedShareToWarn: 0.5 },
    ...profile,
  });
  const manifest = join(out, 'manifest.json');
  return {
    profile: folder,
    input,
    out,
    write: (name, rows) =>
      writeFileSync(
        join(input, name),
        `id,day,x,y,district,place,kind\n${rows.map((row) => `${row.id},${row.day},${row.x},${row.y},${row.district},${row.place ?? ''},parking\n`).join('')}`,
      ),
    run: () => runPipeline({ profile: folder, input, out, quiet: true }),
    published: () => readPublished(out),
    facts: () => {
      const published = readPublished(out);
      return tally(published.facts, (fact) => publishedLine(fact, published));
    },
    methods: async () => {
      const rows = await rowsBySql<{ key: string; n: number }>(`
        SELECT format('method {} res {} {}', method, res, if(cell_id = 4294967295 OR cell_id IS NULL, 'no cell', 'cell')) AS key, count(*)::INTEGER AS n
        FROM read_parquet(${text(join(`${out}.store`, 'units', '*.parquet'))})
        GROUP BY key
        ORDER BY key`);
      return Object.fromEntries(rows.map((row) => [row.key, row.n]));
    },
    manifestBytes: () => (existsSync(manifest) ? readFileSync(manifest) : null),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
