import type { Format } from '../../../core/contract/profile.ts';
import { shownColumn } from '../../../core/privacy/shown.ts';
import { InputError } from '../../errors.ts';
import { type ByteOptions, byteChunks } from '../bytes.ts';
import { asUtf8, checkedText, encodedAs } from '../encoding.ts';
import { MAX_CELL_BYTES, MAX_RECORD_BYTES, NUL_BYTE, TOO_LONG } from './csv-scanner.ts';
import { JsonLineScanner, MAX_DEPTH, NOT_JSON } from './json-line.ts';
import { endAll, type RecordBlock, type RecordReader } from './records.ts';

/** A document becomes one string, and that is how long V8's may be. */
export const MAX_DOCUMENT_BYTES = 500_000_000;
const BLOCK_RECORDS = 4096;
const BLOCK_BYTES = 1 << 23;
/** A file is no NDJSON when none of so many first lines is an object. */
const JUDGED_LINES = 20;
const LF = 0x0a;

/** Blocks' `cells`: also −1 a NUL byte, −2 a cell over 1 MiB, −3 no JSON object (or half a surrogate pair, or nested too deep). */
export interface JsonReader extends RecordReader {
  /** Wanted names that no record has had; complete after the last block. */
  readonly unseenColumns: () => readonly string[];
}

/**
 * One JSON object a line; only the wanted keys are kept, see `JsonLineScanner`. A line that is no object is a record of −3 cells, a
 * blank line one of 0.
 *
 * @throws InputError from the blocks for whatever `byteChunks` and `checkedText` refuse, an empty file, and a file of which none of the
 *   first 20 lines is an object
 */
export async function readNdjsonRecords(
  path: string,
  format: Extract<Format, { type: 'ndjson' }>,
  wanted: readonly string[],
  options: ByteOptions = {},
): Promise<JsonReader> {
  return ndjsonRecords(path, byteChunks(path, options), format, wanted);
}

/** The same from chunks of bytes; `path` is for messages. */
export function ndjsonRecords(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  format: Extract<Format, { type: 'ndjson' }>,
  wanted: readonly string[],
): JsonReader {
  const scanner = new JsonLineScanner(wanted);
  const text = asUtf8(encodedAs(format.encoding), checkedText(path, format.encoding, chunks));
  const blocks = ndjsonBlocks(path, text, scanner, wanted.length);
  return {
    columns: wanted,
    encoding: 'utf-8',
    blocks,
    otherColumns: () => scanner.otherNames(),
    unseenColumns: () => scanner.unseenNames(),
    close: () => endAll(blocks, text),
  };
}

async function* ndjsonBlocks(
  path: string,
  text: AsyncIterable<Uint8Array>,
  scanner: JsonLineScanner,
  width: number,
): AsyncGenerator<RecordBlock> {
  const start = new Int32Array(width * BLOCK_RECORDS);
  const end = new Int32Array(width * BLOCK_RECORDS);
  const cells = new Int32Array(BLOCK_RECORDS);
  let bytes = Buffer.allocUnsafe(1 << 16);
  let filled = 0;
  /** First byte of the line, and how far it was searched for its end. */
  let line = 0;
  let searched = 0;
  let dropped = 0;
  let count = 0;
  let firstRow = 1;
  let judged = 0;
  let objects = false;
  const record = (to: number): void => {
    const found =
      dropped + to - line > MAX_RECORD_BYTES
        ? TOO_LONG
        : isBlank(bytes, line, to)
          ? 0
          : scanner.scan(bytes, line, to, start, end, count * width);
    cells[count++] = found;
    dropped = 0;
    if (found !== 0 && !objects) {
      judged++;
      objects = found !== NOT_JSON && found !== TOO_LONG;
      if (!objects && judged === JUDGED_LINES) throw noNdjson(path, judged);
    }
  };
  const block = (): RecordBlock => ({ firstRow, count, bytes, start, end, cells });
  for await (const chunk of text) {
    if (dropped + filled - line > MAX_RECORD_BYTES) {
      // The line is refused anyway, however long it still gets.
      dropped += filled - line;
      filled = searched = line;
    }
    if (filled + chunk.length > bytes.length) {
      const larger = Buffer.allocUnsafe(2 * (filled + chunk.length));
      bytes.copy(larger, 0, 0, filled);
      bytes = larger;
    }
    bytes.set(chunk, filled);
    filled += chunk.length;
    for (;;) {
      const at = bytes.subarray(0, filled).indexOf(LF, searched);
      if (at < 0) break;
      record(at);
      line = searched = at + 1;
      if (count < BLOCK_RECORDS && line < BLOCK_BYTES) continue;
      yield block();
      firstRow += count;
      count = 0;
      bytes.copyWithin(0, line, filled);
      filled -= line;
      line = searched = 0;
    }
    searched = filled;
  }
  if (dropped + filled - line > 0) record(filled);
  if (judged === 0) throw new InputError(path, ['the file is empty']);
  if (!objects) throw noNdjson(path, judged);
  if (count > 0) yield block();
}

function noNdjson(path: string, lines: number): InputError {
  return new InputError(path, [
    `is no NDJSON: none of its first ${lines} lines is a JSON object; a single document needs "type": "json" in the feed's format`,
  ]);
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

/**
 * One JSON document whose rows lie at a path such as `*.logs.*`. A column path that begins with the same wildcards is read from the
 * same branch: `*.point.lat` beside the rows `*.logs.*` is the `point.lat` of the row's grandparent. Keys are never read. Costs several
 * times the document's size in memory.
 *
 * @throws InputError for a document over 500 MB, no JSON, nested deeper than 100, without rows, or a path with a wildcard of its own
 */
export async function readJsonRecords(
  path: string,
  format: Extract<Format, { type: 'json' }>,
  wanted: readonly string[],
  options: ByteOptions = {},
): Promise<RecordReader> {
  return jsonRecords(path, byteChunks(path, options), format, wanted);
}

/** The same from chunks of bytes; `path` is for messages. */
export async function jsonRecords(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  format: Extract<Format, { type: 'json' }>,
  wanted: readonly string[],
): Promise<RecordReader> {
  const rowPath = format.rows.split('.');
  const columns = wanted.map((name) => {
    const parts = name.split('.');
    let depth = 0;
    while (depth < rowPath.length && parts[depth] === rowPath[depth]) depth++;
    return { depth, rest: parts.slice(depth) };
  });
  const unresolved = wanted.filter((_, i) => columns[i]?.rest.includes('*'));
  if (unresolved.length > 0)
    throw new InputError(
      path,
      unresolved.map((name) => `column path "${name}" has a wildcard beyond the rows "${format.rows}"`),
    );
  const document = await parseDocument(path, chunks);
  const rows = function* (branch: readonly unknown[]): Generator<string[]> {
    const here = branch[branch.length - 1];
    if (branch.length > rowPath.length) {
      yield columns.map((column) => cell(column.rest.reduce<unknown>(member, branch[column.depth])));
      return;
    }
    const step = rowPath[branch.length - 1] as string;
    if (step !== '*') yield* rows([...branch, member(here, step)]);
    else if (typeof here === 'object' && here !== null)
      for (const child of Object.values(here)) yield* rows([...branch, child]);
  };
  if (rows([document]).next().done) throw new InputError(path, [`no rows at "${format.rows}"`]);
  const blocks = blocksOfRows(rows([document]), wanted.length);
  return { columns: wanted, encoding: 'utf-8', blocks, otherColumns: () => [], close: () => endAll(blocks) };
}

/**
 * Features of a GeoJSON FeatureCollection (RFC 7946). Columns are property names, and `@lng`, `@lat` of a Point (WGS 84 degrees, or what
 * the feed's `crs` says); both are blank for a null or empty geometry. A member that is no Feature is a record of −3 cells.
 *
 * @throws InputError as `readJsonRecords`, for a document that is no FeatureCollection or has no feature, and, when `@lng` or `@lat` is
 *   wanted, for geometries that are no points
 */
export async function readGeoJsonRecords(
  path: string,
  wanted: readonly string[],
  options: ByteOptions = {},
): Promise<JsonReader> {
  return geoJsonRecords(path, byteChunks(path, options), wanted);
}

/** The same from chunks of bytes; `path` is for messages. */
export async function geoJsonRecords(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  wanted: readonly string[],
): Promise<JsonReader> {
  const document = await parseDocument(path, chunks);
  const features = member(document, 'features');
  if (member(document, 'type') !== 'FeatureCollection' || !Array.isArray(features))
    throw new InputError(path, ['is no GeoJSON FeatureCollection']);
  if (features.length === 0) throw new InputError(path, ['has no feature']);
  if (wanted.includes('@lng') || wanted.includes('@lat')) refuseShapes(path, features);
  const known = new Set(wanted);
  const seen = new Set<string>();
  const others = new Set<string>();
  const rows = function* (): Generator<string[] | number> {
    for (const feature of features as unknown[]) {
      const properties = member(feature, 'properties');
      if (member(feature, 'type') !== 'Feature' || !(properties === undefined || isPlain(properties))) {
        yield NOT_JSON;
        continue;
      }
      if (properties) for (const name of Object.keys(properties)) (known.has(name) ? seen : others).add(name);
      const coordinates = member(member(feature, 'geometry'), 'coordinates');
      yield wanted.map((name) =>
        cell(
          name === '@lng'
            ? member(coordinates, '0')
            : name === '@lat'
              ? member(coordinates, '1')
              : own(properties, name),
        ),
      );
    }
  };
  const blocks = blocksOfRows(rows(), wanted.length);
  return {
    columns: wanted,
    encoding: 'utf-8',
    blocks,
    otherColumns: () => [...others].sort(),
    unseenColumns: () => wanted.filter((name) => !seen.has(name) && !name.startsWith('@')),
    close: () => endAll(blocks),
  };
}

function refuseShapes(path: string, features: readonly unknown[]): void {
  const shapes = new Map<string, { first: number; count: number }>();
  features.forEach((feature, i) => {
    const geometry = member(feature, 'geometry');
    if (geometry === null || geometry === undefined || member(geometry, 'type') === 'Point') return;
    const type = String(member(geometry, 'type')).slice(0, 30);
    const shape = shapes.get(type);
    if (shape) shape.count++;
    else shapes.set(type, { first: i + 1, count: 1 });
  });
  if (shapes.size > 0)
    throw new InputError(
      path,
      [...shapes].map(
        ([type, { first, count }]) =>
          `${count} features have the geometry ${shownColumn(type)} (first: feature ${first}); @lng and @lat need points`,
      ),
    );
}

/** A JSON value as a cell: null and absent are the empty text, objects and arrays their JSON. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? own(value, key) : undefined;
}

/** A JSON object or null. */
function isPlain(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}

function own(value: unknown, key: string): unknown {
  return value !== null && value !== undefined && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

async function parseDocument(path: string, chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of checkedText(path, 'utf-8', chunks)) {
    length += chunk.length;
    if (length > MAX_DOCUMENT_BYTES)
      throw new InputError(path, [
        `is a JSON document of more than ${MAX_DOCUMENT_BYTES} bytes, which is read as a whole: deliver it as NDJSON, one object a line`,
      ]);
    parts.push(new Uint8Array(chunk));
  }
  if (length === 0) throw new InputError(path, ['the file is empty']);
  const bytes = Buffer.concat(parts, length);
  parts.length = 0;
  const { depth, longNumbers } = examine(bytes);
  if (depth > MAX_DEPTH) throw new InputError(path, [`is nested deeper than ${MAX_DEPTH} levels`]);
  try {
    return JSON.parse(quoted(bytes, longNumbers).toString());
  } catch (cause) {
    // The engine's message quotes the document, which may name a person.
    const position = /at position (\d+)/.exec((cause as Error).message)?.[1];
    throw new InputError(path, [`is not JSON${position ? `: something is wrong at character ${position}` : ''}`]);
  }
}

/** Whole numbers with more digits than a double keeps. */
const LONG_NUMBER_DIGITS = 16;

/** Depth of a document, and where its long whole numbers begin and end (pairs). */
function examine(bytes: Uint8Array): { depth: number; longNumbers: number[] } {
  const longNumbers: number[] = [];
  let open = 0;
  let depth = 0;
  const n = bytes.length;
  for (let i = 0; i < n; i++) {
    const byte = bytes[i] as number;
    if (byte === 0x22) {
      for (i++; i < n && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++open > depth) depth = open;
    } else if (byte === 0x7d || byte === 0x5d) open--;
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      const from = i;
      const digits = byte === 0x2d ? i + 1 : i;
      for (i = digits; i < n && (bytes[i] as number) >= 0x30 && (bytes[i] as number) <= 0x39; i++);
      const whole = i === n || NUMBER_END.has(bytes[i] as number);
      if (i - digits >= LONG_NUMBER_DIGITS && bytes[digits] !== 0x30 && whole) longNumbers.push(from, i);
      // Fraction and exponent belong to the number.
      while (i < n && !NUMBER_END.has(bytes[i] as number)) i++;
      i--;
    }
  }
  return { depth, longNumbers };
}

const NUMBER_END: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5d, 0x7d]);

/** Puts numbers in quotes, so that an id of 18 digits stays what it is. @param spans pairs of begin and end */
function quoted(bytes: Buffer, spans: readonly number[]): Buffer {
  if (spans.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  const quote = Buffer.from('"');
  let at = 0;
  for (const position of spans) {
    parts.push(bytes.subarray(at, position), quote);
    at = position;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

/** Rows of text, or what is wrong with a row, as blocks of UTF-8. */
async function* blocksOfRows(rows: Iterable<readonly string[] | number>, width: number): AsyncGenerator<RecordBlock> {
  const start = new Int32Array(width * BLOCK_RECORDS);
  const end = new Int32Array(width * BLOCK_RECORDS);
  const cells = new Int32Array(BLOCK_RECORDS);
  let bytes = Buffer.allocUnsafe(1 << 16);
  let firstRow = 1;
  let count = 0;
  let at = 0;
  for (const row of rows) {
    const fault = typeof row === 'number' ? row : rowFault(row);
    cells[count] = fault === 0 ? width : fault;
    if (fault === 0 && typeof row !== 'number')
      for (let c = 0; c < width; c++) {
        const text = row[c] as string;
        if (at + text.length * 3 > bytes.length) {
          const larger = Buffer.allocUnsafe(2 * (at + text.length * 3));
          bytes.copy(larger, 0, 0, at);
          bytes = larger;
        }
        start[count * width + c] = at;
        at += bytes.write(text, at);
        end[count * width + c] = at;
      }
    if (++count < BLOCK_RECORDS && at < BLOCK_BYTES) continue;
    yield { firstRow, count, bytes, start, end, cells };
    firstRow += count;
    count = at = 0;
  }
  if (count > 0) yield { firstRow, count, bytes, start, end, cells };
}

/** Half a surrogate pair has no UTF-8: it would become U+FFFD. */
const HALF_PAIR = /\p{Surrogate}/u;

function rowFault(row: readonly string[]): number {
  if (row.some((text) => HALF_PAIR.test(text))) return NOT_JSON;
  if (row.some((text) => text.includes('\0'))) return NUL_BYTE;
  return row.some((text) => Buffer.byteLength(text) > MAX_CELL_BYTES) ? TOO_LONG : 0;
}
