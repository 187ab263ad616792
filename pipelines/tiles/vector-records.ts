import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { Geometry } from 'geojson';
import * as shapefile from 'shapefile';
import { HexsightError, InputError } from '../errors.ts';

export interface VectorRecord {
  readonly geometry: Geometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A GeoJSON document is parsed whole; V8 holds no longer text. */
const LARGEST_DOCUMENT = 256 * 1024 * 1024;
const KNOWN = '.geojson, .json, .geojsonl, .ndjson (each also .gz), .shp';

/**
 * The records of a file in its order. Shapefiles and line-delimited GeoJSON are read record by record, one GeoJSON document whole.
 *
 * @throws InputError for a file that is missing, damaged, too large to be read whole, or of another kind
 */
export async function* vectorRecords(path: string): AsyncGenerator<VectorRecord> {
  if (!existsSync(path)) throw new InputError(path, ['there is no such file 文件不存在']);
  if (statSync(path).size === 0) throw new InputError(path, ['is empty 文件为空']);
  const kind = /\.(geojson|json|geojsonl|geojsons|ndjson|shp)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  try {
    if (kind === 'shp') yield* shapes(path);
    else if (kind === 'geojson' || kind === 'json') yield* document(path);
    else if (kind !== undefined) yield* lines(path);
    else throw new InputError(path, [`not a kind of file that is read here; known: ${KNOWN}`]);
  } catch (cause) {
    if (cause instanceof HexsightError) throw cause;
    throw new InputError(path, [`damaged or not what its name says 文件损坏或格式不符: ${(cause as Error).message}`], {
      cause,
    });
  }
}

function* document(path: string): Generator<VectorRecord> {
  const bytes = readFileSync(path);
  const whole = path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: LARGEST_DOCUMENT }) : bytes;
  if (whole.length > LARGEST_DOCUMENT)
    throw new InputError(path, [
      'larger than 256 MB: make it line by line (.geojsonl), e.g. ogr2ogr -f GeoJSONSeq city.geojsonl in.geojson 请转为逐行 GeoJSON',
    ]);
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(whole));
  const features = isObject(value) && Array.isArray(value.features) ? (value.features as unknown[]) : [value];
  for (const [i, feature] of features.entries()) yield record(feature, `feature ${i + 1}`);
}

async function* lines(path: string): AsyncGenerator<VectorRecord> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  const failed = new Promise<never>((_, reject) => {
    file.once('error', reject);
    input.once('error', reject);
  });
  failed.catch(() => undefined);
  const rows = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    for (let i = 1; ; i++) {
      const next = await Promise.race([rows.next(), failed]);
      if (next.done) return;
      // RFC 8142 puts a record separator before each text.
      const text = (next.value.charCodeAt(0) === 0x1e ? next.value.slice(1) : next.value).trim();
      if (text === '') continue;
      try {
        yield record(JSON.parse(text), `line ${i}`);
      } catch (cause) {
        throw cause instanceof SyntaxError ? new Error(`line ${i}: ${cause.message}`, { cause }) : cause;
      }
    }
  } finally {
    file.destroy();
  }
}

function record(value: unknown, where: string): VectorRecord {
  if (!isObject(value)) throw new Error(`${where}: no GeoJSON object`);
  if (value.type !== 'Feature') {
    if (!('coordinates' in value)) throw new Error(`${where}: neither a Feature nor a geometry`);
    return { geometry: value as unknown as Geometry, properties: {} };
  }
  const properties = isObject(value.properties) ? value.properties : {};
  return { geometry: (value.geometry ?? null) as Geometry | null, properties };
}

async function* shapes(path: string): AsyncGenerator<VectorRecord> {
  const dbf = path.replace(/shp$/i, (suffix) => (suffix === 'SHP' ? 'DBF' : 'dbf'));
  const source = await shapefile.open(path, existsSync(dbf) ? dbf : undefined, { encoding: encodingOf(path, dbf) });
  try {
    for (;;) {
      const { done, value } = await source.read();
      if (done) return;
      yield { geometry: value.geometry, properties: value.properties ?? {} };
    }
  } finally {
    await source.cancel();
  }
}

/** Of the text in a Shapefile: what its .cpg says, else the language byte of its .dbf, else UTF-8. */
function encodingOf(path: string, dbf: string): string {
  const cpg = path.replace(/shp$/i, 'cpg');
  const said = existsSync(cpg) ? readFileSync(cpg, 'latin1').trim() : '';
  const page = existsSync(dbf) ? byteAt(dbf, LANGUAGE_BYTE) : 0;
  const name = said !== '' ? said : page === 0x4d ? 'gbk' : page === 0x4f ? 'big5' : 'utf-8';
  return /^(936|cp936|gb2312|gb18030)$/i.test(name)
    ? 'gbk'
    : /^(950|cp950)$/i.test(name)
      ? 'big5'
      : /^65001$/.test(name)
        ? 'utf-8'
        : name;
}

const LANGUAGE_BYTE = 29;

function byteAt(path: string, at: number): number {
  const file = openSync(path, 'r');
  try {
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    return byte[0]!;
  } finally {
    closeSync(file);
  }
}

/** What a Shapefile says about its own coordinates: a projection that nobody declared would put everything elsewhere. */
export function projectionOf(path: string): string | null {
  const prj = path.replace(/\.shp$/i, '.prj');
  if (prj === path || !existsSync(prj)) return null;
  const text = readFileSync(prj, 'utf8');
  return /^\s*PROJ(CS|CRS)\s*\[/i.test(text) ? (/"([^"]+)"/.exec(text)?.[1] ?? 'a projection') : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
