import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { createGunzip } from 'node:zlib';
import Papa from 'papaparse';
import { InputError } from '../errors.ts';
import { readParquetRecords } from '../io/readers/parquet-records.ts';
import type { RecordReader } from '../io/readers/records.ts';
import { readXlsxRecords, sheetTop, workSheets } from '../io/readers/xlsx-records.ts';
import { guessDelimiter } from './delimiter-guess.ts';
import type { DraftInput } from './draft-feed.ts';
import { decodeSample } from './encoding-guess.ts';
import { type Finding, percent } from './finding.ts';
import { cellText, hasHeader, headerFinding, headerRowOf, jsonTable, keysOf } from './table-guess.ts';

/** Text that is looked at, in bytes, after unpacking. */
const SAMPLE_BYTES = 4 << 20;
const SAMPLE_ROWS = 20_000;
/** A JSON document must be read whole. */
const DOCUMENT_BYTES = 64 << 20;

export interface Sample extends DraftInput {
  readonly findings: readonly Finding[];
  /** Whether the whole file was looked at. */
  readonly whole: boolean;
}

type Kind = 'text' | 'ndjson' | 'json' | 'xlsx' | 'parquet';

/** The beginning of a file as rows, with the format that was found. @throws InputError when it can be read in no way */
export async function readSample(path: string): Promise<Sample> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new InputError(path, [`cannot be read: ${(cause as Error).message}`], { cause });
  });
  if (!found.isFile()) throw new InputError(path, ['is not a file']);
  if (found.size === 0) throw new InputError(path, ['the file is empty']);
  const fileName = basename(path);
  if (/\.zst$/i.test(fileName))
    throw new InputError(path, ['profile-draft does not read zstd: unpack the file (zstd -d) and draft from that']);
  const kind = await kindOf(path, fileName);
  switch (kind) {
    case 'xlsx':
      return sampleOfWorkbook(path, fileName);
    case 'parquet':
      return sampleOfParquet(path, fileName);
    case 'json':
      return sampleOfDocument(path, fileName);
    case 'ndjson':
    case 'text': {
      const { bytes, whole } = await firstBytes(path, SAMPLE_BYTES);
      const decoded = decodeSample(bytes);
      if (!decoded)
        throw new InputError(path, [
          'is neither UTF-8, UTF-16 nor GB18030: ask the department that supplies the file for its encoding',
        ]);
      const text = decoded.text.replace(/^\uFEFF/, '');
      return kind === 'ndjson'
        ? sampleOfLines({ path, fileName, text, whole, encoding: decoded.encoding, findings: decoded.findings })
        : sampleOfText({ path, fileName, text, whole, encoding: decoded.encoding, findings: decoded.findings });
    }
    default:
      return kind satisfies never;
  }
}

/** By the ending; a file with another one by its first bytes. */
async function kindOf(path: string, fileName: string): Promise<Kind> {
  const name = fileName.toLowerCase().replace(/\.gz$/, '');
  const byEnding: Readonly<Record<string, Kind>> = {
    '.csv': 'text',
    '.tsv': 'text',
    '.xlsx': 'xlsx',
    '.xlsm': 'xlsx',
    '.parquet': 'parquet',
    '.ndjson': 'ndjson',
    '.jsonl': 'ndjson',
    '.geojson': 'json',
  };
  const known = byEnding[extname(name)];
  if (known) return known;
  const { bytes } = await firstBytes(path, 1 << 16);
  const head = Buffer.from(bytes).toString('latin1');
  if (head.startsWith('PK')) return 'xlsx';
  if (head.startsWith('PAR1')) return 'parquet';
  const [first, second] = head.replace(/^ï»¿/, '').split(/\r?\n/);
  if (!/^\s*[{[]/.test(first ?? '')) return 'text';
  // One object a line: the first line is whole by itself and another one follows.
  return isObject(first ?? '') && /^\s*\{/.test(second ?? '') ? 'ndjson' : 'json';
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function firstBytes(path: string, limit: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const file = createReadStream(path);
  const gunzip = path.toLowerCase().endsWith('.gz') ? createGunzip() : null;
  if (gunzip) {
    file.on('error', (cause) => gunzip.destroy(cause));
    file.pipe(gunzip);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of gunzip ?? file) {
      chunks.push(chunk as Uint8Array);
      length += (chunk as Uint8Array).length;
      if (length > limit) break;
    }
  } catch (cause) {
    throw new InputError(path, [`cannot be read: ${(cause as Error).message}`], { cause });
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), whole: length <= limit };
}

interface TextSample {
  readonly path: string;
  readonly fileName: string;
  readonly text: string;
  readonly whole: boolean;
  readonly encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';
  readonly findings: readonly Finding[];
}

function sampleOfText({ path, fileName, text, whole, encoding, findings: seen }: TextSample): Sample {
  const { delimiter, columns: width, share } = guessDelimiter(text);
  const findings: Finding[] = [...seen];
  const shown = delimiter === '\t' ? 'TAB' : delimiter;
  findings.push({
    level: width > 1 && share > 0.99 ? 'seen' : 'check',
    about: 'format.delimiter',
    zh:
      width > 1
        ? `分隔符“${shown}”：前 1,000 条中 ${percent(share)} 有 ${width} 列`
        : '没有分隔符能把记录分成多列；先写逗号',
    en:
      width > 1
        ? `"${shown}" cuts ${percent(share)} of the first 1,000 records into ${width} columns`
        : 'no delimiter cuts the records into columns; a comma is written',
  });
  const records = Papa.parse<string[]>(text, {
    delimiter,
    quoteChar: '"',
    preview: SAMPLE_ROWS,
    skipEmptyLines: true,
  }).data;
  // The last record of a sample may be cut off.
  if (!whole && records.length > 1 && records.length < SAMPLE_ROWS) records.pop();
  const headed = hasHeader(records.slice(0, 1001));
  findings.push(headerFinding(headed));
  const names = headed
    ? (records[0] as string[]).map((name) => name.trim())
    : Array.from({ length: Math.max(width, 1) }, (_, i) => `column-${i + 1}`);
  refuseRepeated(path, names);
  const rows = headed ? records.slice(1) : records;
  const ragged = rows.filter((row) => row.length !== names.length).length;
  if (ragged > 0)
    findings.push({
      level: 'check',
      about: 'format',
      zh: `${ragged} 条记录的列数与列名不同，将被退回`,
      en: `${ragged} records have another number of cells than the header: they will be rejected`,
    });
  return {
    fileName,
    format: {
      type: 'csv',
      delimiter,
      encoding,
      ...(headed ? {} : { header: names }),
    },
    columns: names,
    rows: rows.filter((row) => row.length === names.length),
    findings,
    whole: whole && records.length < SAMPLE_ROWS,
  };
}

function refuseRepeated(path: string, names: readonly string[]): void {
  const repeated = new Set(names.filter((name, i) => name !== '' && names.indexOf(name) !== i));
  if (repeated.size > 0)
    throw new InputError(
      path,
      [...repeated].map((name) => `column "${name}" occurs twice`),
    );
}

function sampleOfLines({ path, fileName, text, whole, encoding, findings }: TextSample): Sample {
  if (encoding !== 'utf-8' && encoding !== 'gb18030')
    throw new InputError(path, [`NDJSON in ${encoding} is not read: save it as UTF-8`]);
  const lines = text.split('\n');
  if (!whole) lines.pop();
  const objects: unknown[] = [];
  lines.slice(0, SAMPLE_ROWS).forEach((line, i) => {
    if (line.trim() === '') return;
    if (!isObject(line)) throw new InputError(path, [`line ${i + 1} is not a JSON object`]);
    objects.push(JSON.parse(line));
  });
  if (objects.length === 0) throw new InputError(path, ['has no JSON object in its first 4 MB']);
  const columns = keysOf(objects);
  return {
    fileName,
    format: { type: 'ndjson', encoding },
    columns,
    rows: objects.map((object) => columns.map((name) => cellText((object as Record<string, unknown>)[name]))),
    findings,
    whole: whole && lines.length <= SAMPLE_ROWS,
  };
}

async function sampleOfDocument(path: string, fileName: string): Promise<Sample> {
  const { bytes, whole } = await firstBytes(path, DOCUMENT_BYTES);
  if (!whole)
    throw new InputError(path, ['a JSON document of more than 64 MB: deliver it as one object a line (.ndjson)']);
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new InputError(path, [`is not JSON in UTF-8: ${(cause as Error).name}`], { cause });
  }
  const features = (document as { type?: unknown; features?: unknown } | null)?.features;
  if ((document as { type?: unknown } | null)?.type === 'FeatureCollection' && Array.isArray(features))
    return sampleOfFeatures(path, fileName, features);
  const table = jsonTable(document);
  if (!table) throw new InputError(path, ['no list of records was found in the document']);
  return {
    fileName,
    format: { type: 'json', rows: table.path },
    columns: table.columns,
    rows: table.rows,
    findings: [
      {
        level: 'check',
        about: 'format.rows',
        zh: `记录取自 ${table.path}`,
        en: `records are taken from ${table.path}`,
      },
    ],
    whole: table.rows.length < SAMPLE_ROWS,
  };
}

function sampleOfFeatures(path: string, fileName: string, features: readonly unknown[]): Sample {
  if (features.length === 0) throw new InputError(path, ['the FeatureCollection is empty']);
  const taken = features.slice(0, SAMPLE_ROWS).map((feature) => {
    const { properties, geometry } = (feature ?? {}) as {
      properties?: object | null;
      geometry?: { type?: unknown; coordinates?: unknown } | null;
    };
    const point = geometry?.type === 'Point' && Array.isArray(geometry.coordinates) ? geometry.coordinates : [];
    return { ...properties, '@lng': point[0], '@lat': point[1] } as Record<string, unknown>;
  });
  const columns = keysOf(taken);
  return {
    fileName,
    format: { type: 'geojson' },
    columns,
    rows: taken.map((row) => columns.map((name) => cellText(row[name]))),
    findings: [],
    whole: features.length <= SAMPLE_ROWS,
  };
}

async function sampleOfWorkbook(path: string, fileName: string): Promise<Sample> {
  const sheets = await workSheets(path);
  const tops = [];
  for (const name of sheets) tops.push({ name, ...(await sheetTop(path, name)) });
  const fullest = tops.reduce((best, top) => (top.rows.length > best.rows.length ? top : best));
  const first = headerRowOf(fullest.rows);
  if (first === null) throw new InputError(path, ['no sheet has rows']);
  const two = fullest.merges.some(
    ({ top, left, bottom, right }) => top === first && (bottom === first + 1 || (bottom === first && right > left)),
  );
  const format = { type: 'xlsx', sheet: fullest.name, headerRow: first, headerRows: two ? 2 : 1 } as const;
  const reader = await readXlsxRecords(path, format);
  const { rows, whole } = await firstRows(reader).finally(reader.close);
  const findings: Finding[] = [
    {
      level: sheets.length > 1 ? 'check' : 'seen',
      about: 'format.sheet',
      zh: `工作表：${sheets.map((name) => `“${name}”`).join('、')}；取“${fullest.name}”`,
      en: `sheets ${sheets.map((name) => `"${name}"`).join(', ')}; "${fullest.name}" is taken`,
    },
    {
      level: first > 1 || two ? 'check' : 'seen',
      about: 'format.headerRow',
      zh: `列名在第 ${first} 行${two ? `和第 ${first + 1} 行（合并单元格）` : ''}`,
      en: `the header stands in row ${first}${two ? ` and ${first + 1} (merged cells)` : ''}`,
    },
  ];
  for (const [name, cells] of reader.lostDigits())
    findings.push({
      level: 'check',
      about: name,
      zh: `${cells} 个数字超过 15 位，已被 Excel 改动：请供数单位改为文本格式重新导出`,
      en: `${cells} numbers have more than 15 digits, so Excel has changed them: ask for an export with the column as text`,
    });
  return {
    fileName,
    format,
    columns: reader.columns,
    rows,
    dateColumns: new Set([...reader.dateCells()].filter(([, cells]) => cells >= rows.length / 4).map(([name]) => name)),
    findings,
    whole,
  };
}

async function sampleOfParquet(path: string, fileName: string): Promise<Sample> {
  const schema = await readParquetRecords(path, []);
  await schema.close();
  const nested = [...schema.types].filter(([, type]) => /[[(]|^BLOB$/.test(type) && !type.startsWith('DECIMAL'));
  const names = [...schema.types.keys()].filter((name) => !nested.some(([other]) => other === name));
  const reader = await readParquetRecords(path, names);
  const { rows, whole } = await firstRows(reader).finally(reader.close);
  const findings = nested.map(
    ([name, type]): Finding => ({
      level: 'check',
      about: name,
      zh: `类型 ${type.slice(0, 40)} 不是单个值，不能读取`,
      en: `type ${type.slice(0, 40)} is no single value and cannot be read`,
    }),
  );
  return { fileName, format: { type: 'parquet' }, columns: names, rows, findings, whole };
}

async function firstRows(reader: RecordReader): Promise<{ rows: string[][]; whole: boolean }> {
  const width = reader.columns.length;
  const decoder = new TextDecoder(reader.encoding, { fatal: true });
  const rows: string[][] = [];
  for await (const { count, bytes, start, end, cells } of reader.blocks) {
    for (let r = 0; r < count; r++) {
      if (cells[r] !== width) continue;
      if (rows.length === SAMPLE_ROWS) return { rows, whole: false };
      const row: string[] = [];
      for (let i = r * width; i < (r + 1) * width; i++) row.push(decoder.decode(bytes.subarray(start[i], end[i])));
      rows.push(row);
    }
  }
  return { rows, whole: true };
}
