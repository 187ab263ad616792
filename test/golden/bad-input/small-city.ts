import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A city of two square districts and one CSV feed, made in a temporary folder: small enough to break in every way. */
export interface SmallCity {
  readonly profile: string;
  readonly input: string;
  readonly out: string;
  /** Writes an input file. */
  readonly file: (name: string, content: string | Uint8Array) => void;
  readonly remove: () => void;
}

export const HEADER = 'id,time,lng,lat,kind,state';
/** 40 good rows: enough that one bad row stays below the share that stops a file. */
export const GOOD_ROWS = Array.from(
  { length: 40 },
  (_, i) =>
    `A${i},2024-03-${String((i % 28) + 1).padStart(2, '0')} 08:00:00,${(120.005 + i * 0.0003).toFixed(4)},31.01,parking,closed`,
);

export function smallCity(change: (profile: Record<string, unknown>) => void = () => undefined): SmallCity {
  const root = mkdtempSync(join(tmpdir(), 'hexsight-small-'));
  const profile = join(root, 'profile');
  const input = join(root, 'input');
  mkdirSync(profile);
  mkdirSync(input);
  const square = (code: string, name: string, west: number) => ({
    type: 'Feature',
    properties: { code, name },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, 31],
          [west + 0.01, 31],
          [west + 0.01, 31.02],
          [west, 31.02],
          [west, 31],
        ],
      ],
    },
  });
  const json = (name: string, value: unknown): void => writeFileSync(join(profile, name), JSON.stringify(value));
  json('districts.geojson', {
    type: 'FeatureCollection',
    features: [square('01', '西区', 120), square('02', '东区', 120.01)],
  });
  json('mapping.json', {
    kinds: {
      parking: 'traffic.parking.illegal-parking',
      noise: 'noise.social-noise.disturbance',
      home: 'neighbourly.family.domestic',
    },
  });
  json('calendar.json', {});
  const value: Record<string, unknown> = {
    id: 'small',
    name: { zh: '小城', en: 'Small city' },
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
          occurred: { column: 'time', formats: ['yyyy-MM-dd HH:mm:ss'] },
          lng: 'lng',
          lat: 'lat',
          category: 'kind',
          stage: 'state',
        },
        stages: { closed: 'closed' },
        categories: 'kinds',
      },
    ],
    publish: { factsBy: 'district', factsPeriod: 'year' },
    thresholds: { maxSwappedShare: 0.2, maxOutsideShare: 0.3, maxRejectedShare: 0.2, unmappedShareToWarn: 0.5 },
  };
  change(value);
  json('profile.json', value);
  return {
    profile,
    input,
    out: join(root, 'out'),
    file: (name, content) => writeFileSync(join(input, name), content),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const csv = (...rows: string[]): string => `${[HEADER, ...GOOD_ROWS, ...rows].join('\n')}\n`;
