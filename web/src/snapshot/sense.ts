import type { Table } from '@uwdata/flechette';
import { Alerts, HOTSPOTS, RISK, SERIES, SERIES_INDEX, Sense } from '../../../core/contract/sense.ts';
import { openTable } from './decode.ts';
import { readDocument, type Snapshot } from './snapshot.ts';

/**
 * What sensing published, as plain columns. A null of the file is NaN in a Float column: "not computed", never 0.
 * Loaded with the panels that show it, after the first map.
 */
export interface SeriesIndex {
  readonly division: Uint32Array;
  readonly category: Uint16Array;
  readonly step: Uint8Array;
  readonly firstPeriod: Uint32Array;
  readonly firstRow: Uint32Array;
  readonly endRow: Uint32Array;
  readonly model: Uint8Array;
  readonly reason: Uint8Array;
  /** Variance / mean, >= 1; NaN = not assessed. */
  readonly dispersion: Float64Array;
}
export interface SeriesRows {
  /** NaN = the feed was not delivered. */
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly alarm: Float64Array;
  readonly filling: Uint8Array;
}
export interface SeriesTable {
  readonly index: SeriesIndex;
  readonly rows: SeriesRows;
}
export interface HotspotTable {
  readonly cell: Uint32Array;
  readonly category: Uint16Array;
  readonly window: Uint8Array;
  readonly variant: Uint8Array;
  readonly observed: Uint32Array;
  readonly expected: Float64Array;
  readonly z: Float64Array;
  readonly q: Float64Array;
  readonly emerging: Uint8Array;
}
/** Columns `part_k` and `raw_k` of the contract. */
export const RISK_PARTS = 6;
export interface RiskTable {
  readonly unit: Uint8Array;
  readonly id: Uint32Array;
  readonly week: Uint16Array;
  readonly score: Float64Array;
  readonly parts: readonly Float64Array[];
  readonly raws: readonly Float64Array[];
  readonly rank: Uint32Array;
  readonly rankLow: Uint32Array;
  readonly rankHigh: Uint32Array;
  readonly topTenth: Float64Array;
}

/** Every reader answers null where the snapshot has no such file: made before sensing, or without it. */
export interface SenseFiles {
  readonly alerts: () => Promise<Alerts | null>;
  readonly sense: () => Promise<Sense | null>;
  readonly series: () => Promise<SeriesTable | null>;
  readonly hotspots: () => Promise<HotspotTable | null>;
  readonly risk: () => Promise<RiskTable | null>;
}

const opened = new WeakMap<Snapshot, SenseFiles>();

/** One set of readers a snapshot; each file is read once, a failed one again when asked again. */
export function senseOf(snapshot: Snapshot): SenseFiles {
  const known = opened.get(snapshot);
  if (known) return known;
  const { manifest, bytesOnce } = snapshot;
  const has = (path: string) => manifest.files.some((file) => file.path === path);
  const document = <T>(path: string, schema: Parameters<typeof readDocument<T>>[3]) =>
    once(() => readDocument(manifest, bytesOnce, path, schema));
  const files: SenseFiles = {
    alerts: document('alerts.json', Alerts),
    sense: document('sense.json', Sense),
    series: once(async () => {
      const [index, rows] = ['sense/series-index.arrow', 'sense/series.arrow'] as const;
      if (!has(index) || !has(rows)) return null;
      const [indexBytes, rowBytes] = await Promise.all([bytesOnce(index), bytesOnce(rows)]);
      return { index: decodeSeriesIndex(indexBytes, index), rows: decodeSeries(rowBytes, rows) };
    }),
    hotspots: once(async () => {
      const path = 'sense/hotspots.arrow';
      return has(path) ? decodeHotspots(await bytesOnce(path), path) : null;
    }),
    risk: once(async () => {
      const path = 'sense/risk.arrow';
      return has(path) ? decodeRisk(await bytesOnce(path), path) : null;
    }),
  };
  opened.set(snapshot, files);
  return files;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    if (made) return made;
    const promise = make();
    made = promise;
    promise.catch(() => {
      made = null;
    });
    return promise;
  };
}

export function decodeSeriesIndex(bytes: Uint8Array, file: string): SeriesIndex {
  const table = openTable(bytes, file, SERIES_INDEX);
  return {
    division: Uint32Array.from(whole(table, 'division')),
    category: Uint16Array.from(whole(table, 'category')),
    step: Uint8Array.from(whole(table, 'step')),
    firstPeriod: Uint32Array.from(whole(table, 'first_period')),
    firstRow: Uint32Array.from(whole(table, 'first_row')),
    endRow: Uint32Array.from(whole(table, 'end_row')),
    model: Uint8Array.from(whole(table, 'model')),
    reason: Uint8Array.from(whole(table, 'reason')),
    dispersion: orNaN(table, 'dispersion'),
  };
}

export function decodeSeries(bytes: Uint8Array, file: string): SeriesRows {
  const table = openTable(bytes, file, SERIES);
  return {
    observed: orNaN(table, 'observed'),
    expected: orNaN(table, 'expected'),
    lower: orNaN(table, 'lower'),
    upper: orNaN(table, 'upper'),
    alarm: orNaN(table, 'alarm'),
    filling: Uint8Array.from(orNaN(table, 'filling')),
  };
}

export function decodeHotspots(bytes: Uint8Array, file: string): HotspotTable {
  const table = openTable(bytes, file, HOTSPOTS);
  return {
    cell: Uint32Array.from(whole(table, 'cell')),
    category: Uint16Array.from(whole(table, 'category')),
    window: Uint8Array.from(whole(table, 'window')),
    variant: Uint8Array.from(whole(table, 'variant')),
    observed: Uint32Array.from(whole(table, 'observed')),
    expected: orNaN(table, 'expected'),
    z: orNaN(table, 'z'),
    q: orNaN(table, 'q'),
    emerging: Uint8Array.from(whole(table, 'emerging')),
  };
}

export function decodeRisk(bytes: Uint8Array, file: string): RiskTable {
  const table = openTable(bytes, file, RISK);
  const columns = (name: string) => Array.from({ length: RISK_PARTS }, (_, k) => orNaN(table, `${name}_${k}`));
  return {
    unit: Uint8Array.from(whole(table, 'unit')),
    id: Uint32Array.from(whole(table, 'id')),
    week: Uint16Array.from(whole(table, 'week')),
    score: orNaN(table, 'score'),
    parts: columns('part'),
    raws: columns('raw'),
    rank: Uint32Array.from(whole(table, 'rank')),
    rankLow: Uint32Array.from(whole(table, 'rank_low')),
    rankHigh: Uint32Array.from(whole(table, 'rank_high')),
    topTenth: orNaN(table, 'top_tenth'),
  };
}

const whole = (table: Table, name: string): Iterable<number> => table.getChild(name).toArray() as Iterable<number>;

/** Without an array of boxed values in between. */
function orNaN(table: Table, name: string): Float64Array {
  const out = new Float64Array(table.numRows);
  let row = 0;
  for (const batch of table.getChild(name).data)
    for (let i = 0; i < batch.length; i++) {
      const value: unknown = batch.at(i);
      out[row++] = value === null ? Number.NaN : Number(value);
    }
  return out;
}
