import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CELL_BYTES, MAX_RECORD_BYTES, NUL_BYTE, TOO_LONG } from '../../../pipelines/io/readers/csv-scanner.ts';
import { NOT_JSON } from '../../../pipelines/io/readers/json-line.ts';
import {
  geoJsonRecords,
  jsonRecords,
  MAX_DOCUMENT_BYTES,
  ndjsonRecords,
  readGeoJsonRecords,
  readJsonRecords,
  readNdjsonRecords,
} from '../../../pipelines/io/readers/json-records.ts';
import { bytesOf, chunked, messageOf, recordsOf, rowsOf } from './support.ts';

const lines = (
  bytes: string | Uint8Array,
  wanted: string[],
  sizes?: readonly number[],
  encoding: 'utf-8' | 'gb18030' = 'utf-8',
) => ndjsonRecords('f', chunked(Buffer.from(bytes), sizes), { type: 'ndjson', encoding }, wanted);
const document = (text: string | Uint8Array, rows: string, wanted: string[]) =>
  jsonRecords('f', chunked(Buffer.from(text)), { type: 'json', rows }, wanted);
const features = (value: unknown, wanted: string[]) =>
  geoJsonRecords('f', chunked(Buffer.from(JSON.stringify(value))), wanted);
const point = (lng: unknown, lat: unknown, properties: unknown = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [lng, lat] },
});

describe('NDJSON', () => {
  it('keeps wanted keys as written, in any order, and names the others', async () => {
    const reader = lines(
      '{"a":1,"b":"x","c":true}\n {"b" : "\\u4e2d\\n\\"\\/\\ud83d\\ude00" , "a":-1.50e+2, "z":[1,{"q":null}]} \r\n{"a":null,"\\u0062":{"k":[ ]},"a":12345678901234567890}\n{}',
      ['a', 'b', 'never'],
    );
    expect(await rowsOf(reader)).toEqual([
      ['1', 'x', ''],
      ['-1.50e+2', '中\n"/😀', ''],
      ['12345678901234567890', '{"k":[ ]}', ''],
      ['', '', ''],
    ]);
    expect(reader.otherColumns()).toEqual(['c', 'z']);
    expect(reader.unseenColumns()).toEqual(['never']);
  });

  it('a blank line is a record without cells; numbers of records go on', async () => {
    const records = await recordsOf(lines('\ufeff{"a":1}\n\n \t\r\n{"a":2}\n', ['a']));
    expect(records.map(({ row, cells }) => [row, cells])).toEqual([
      [1, 1],
      [2, 0],
      [3, 0],
      [4, 1],
    ]);
  });

  it('a line that is no object spoils itself alone', async () => {
    const bad = [
      '{',
      '[]',
      '1',
      '"x"',
      '{"a":1',
      '{"a":1}}',
      '{"a":01}',
      "{'a':1}",
      '{"a":1,}',
      '{"a":tru}',
      '{"a":"\\x"}',
      '{"a":"\t"}',
      '{"a":"\\u12g4"}',
      '{"a":1 "b":2}',
      '{a:1}',
      '{"a":[1,]}',
      '{"a":{"b":1,}}',
      '{"a":NaN}',
      '{"a":-}',
      '{"a":1.}',
      '{"a":1e}',
      '{"a":[}',
      '{"a":{1:2}}',
      '{"a":"',
      '{"a"',
      '{"a":',
      '{"a":1,',
      '{"a":"\\',
      '{"a":nul',
    ];
    for (const sizes of [[1000], [1]]) {
      const records = await recordsOf(lines(`{"a":0}\n${bad.join('\n')}\n{"a":9}`, ['a'], sizes));
      expect(records.map(({ cells }) => cells)).toEqual([1, ...bad.map(() => NOT_JSON), 1]);
    }
  });

  it('half a surrogate pair, a NUL byte and a long cell spoil the line when they are wanted', async () => {
    const long = 'x'.repeat(MAX_CELL_BYTES + 1);
    const line = (value: string) => `{"a":"${value}","b":1}`;
    const text = ['ok', '\\ud800', '\\udc00', '\\ud800\\u0041', 'x\\ud83d', 'x\\u0000', long].map(line).join('\n');
    const cells = async (wanted: string[]) => (await recordsOf(lines(text, wanted))).map((record) => record.cells);
    expect(await cells(['a'])).toEqual([1, NOT_JSON, NOT_JSON, NOT_JSON, NOT_JSON, NUL_BYTE, TOO_LONG]);
    expect(await cells(['b'])).toEqual([1, 1, 1, 1, 1, 1, 1]);
    const both = await recordsOf(lines(`{"a":1}\n{"a":"${long}","b":"\\u0000","c":"${long}"}`, ['a', 'b', 'c']));
    expect(both[1]?.cells).toBe(NUL_BYTE);
  });

  it('nesting is walked up to 100 levels, and never crashes', async () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const records = await recordsOf(lines(`${nested(99)}\n${nested(100)}\n${nested(1_000_000)}\n{"a":1}`, ['a']));
    expect(records.map(({ cells }) => cells)).toEqual([1, NOT_JSON, NOT_JSON, 1]);
  });

  it('a line without end is not kept in memory', async () => {
    const part = Buffer.alloc(1 << 19, 'x');
    async function* endless() {
      yield Buffer.from('{"a":1}\n{"a":"');
      for (let sent = 0; sent < 4 * MAX_RECORD_BYTES; sent += part.length) yield part;
      yield Buffer.from('"}\n{"a":2}');
    }
    const before = process.memoryUsage().arrayBuffers;
    const reader = ndjsonRecords('f', endless(), { type: 'ndjson', encoding: 'utf-8' }, ['a']);
    expect((await recordsOf(reader)).map(({ cells }) => cells)).toEqual([1, TOO_LONG, 1]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150e6);
  });

  it('many records come in blocks', async () => {
    const text = Array.from({ length: 9000 }, (_, i) => `{"a":${i},"b":"${'y'.repeat(i % 50)}"}`).join('\n');
    const records = await recordsOf(lines(text, ['b', 'a'], [777]));
    expect(records).toHaveLength(9000);
    expect(
      records.every(({ row, text: cells }, i) => row === i + 1 && cells?.[1] === `${i}` && cells[0]?.length === i % 50),
    ).toBe(true);
  });

  it('GB18030 is turned into UTF-8, so that \\ in a second byte is none', async () => {
    const reader = lines(bytesOf('{"a":"', 0x81, 0x5c, 0xd4, 0xeb, '\\u58f0"}'), ['a'], [1], 'gb18030');
    expect(reader.encoding).toBe('utf-8');
    expect(await rowsOf(reader)).toEqual([[`${new TextDecoder('gb18030').decode(Uint8Array.of(0x81, 0x5c))}噪声`]]);
  });

  it.each([
    ['an empty file', '', 'the file is empty'],
    ['a file of blank lines', '\n \n', 'the file is empty'],
    ['a document over many lines', JSON.stringify([{ a: 1 }], null, 1), 'is no NDJSON: none of its first 5 lines'],
    ['twenty lines of something else', 'a,b\n'.repeat(1000), 'is no NDJSON: none of its first 20 lines'],
  ])('%s is refused', async (_, text, message) => {
    expect(await messageOf(() => recordsOf(lines(text, ['a'])))).toContain(`InputError: f: ${message}`);
  });

  it('one object among the first twenty lines is enough', async () => {
    expect(await recordsOf(lines(`${'x\n'.repeat(19)}{"a":1}\n${'x\n'.repeat(50)}`, ['a']))).toHaveLength(70);
  });

  it('reports a thousand other keys at most', async () => {
    const reader = lines(Array.from({ length: 3000 }, (_, i) => `{"a":1,"k${i}":1}`).join('\n'), ['a']);
    await recordsOf(reader);
    expect(reader.otherColumns()).toHaveLength(1000);
  });

  it('agrees with JSON.parse on what is an object, and on its strings', async () => {
    const source = fc.oneof(
      fc
        .dictionary(fc.constantFrom('a', 'b', 'c', '中', '__proto__'), fc.jsonValue())
        .map((value) => JSON.stringify(value)),
      fc.dictionary(fc.constantFrom('a', 'b'), fc.string({ unit: 'binary' })).map((value) => JSON.stringify(value)),
      fc
        .array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            'a',
            ':',
            ',',
            '\\',
            'u',
            '0',
            '1',
            '-',
            '.',
            'e',
            '+',
            'true',
            'null',
            ' ',
            '"a"',
            '{"a":',
          ),
          { maxLength: 14 },
        )
        .map((parts) => parts.join('')),
    );
    const mutation = fc.option(fc.tuple(fc.nat(), fc.constantFrom('', '"', ',', '}', '0', '\\', ' ')), { nil: null });
    let good = 0;
    let bad = 0;
    await fc.assert(
      fc.asyncProperty(source, mutation, async (text, change) => {
        let line = text;
        if (change) {
          const at = change[0] % (text.length + 1);
          line = text.slice(0, at) + change[1] + text.slice(at + 1);
        }
        line = Buffer.from(line.replace(/[\r\n]/g, '')).toString();
        let value: Record<string, unknown> | null = null;
        try {
          const parsed: unknown = JSON.parse(line);
          if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
            value = parsed as Record<string, unknown>;
        } catch {
          // What the platform refuses stays null, and the reader must refuse it too.
        }
        if (line.trim() === '') return;
        const [, record] = await recordsOf(lines(`{"b":1}\n${line}`, ['a', '中']));
        if (value === null) {
          bad++;
          expect(record?.cells).toBe(NOT_JSON);
          return;
        }
        good++;
        const found = ['a', '中'].map((name) => (Object.hasOwn(value, name) ? value[name] : null));
        if (found.some((cell) => typeof cell === 'string' && /\p{Surrogate}/u.test(cell)))
          expect(record?.cells).toBe(NOT_JSON);
        else if (found.some((cell) => typeof cell === 'string' && cell.includes('\0')))
          expect(record?.cells).toBe(NUL_BYTE);
        else
          found.forEach((cell, i) => {
            const text = record?.text?.[i] as string;
            if (cell === null) expect(text).toBe('');
            else if (typeof cell === 'string') expect(text).toBe(cell);
            else expect(JSON.parse(text)).toEqual(cell);
          });
      }),
      { numRuns: 4000 },
    );
    expect(Math.min(good, bad)).toBeGreaterThan(300);
  });
});

describe('a JSON document', () => {
  const firms = {
    first: {
      point: { lat: 23, lng: 120 },
      logs: [
        ['x', 1],
        ['y', null],
      ],
    },
    second: { point: { lat: 24 }, logs: [] },
    third: { logs: [['z', { k: [1] }]] },
  };
  it('rows at a path, and columns of the branches above', async () => {
    const reader = await document(JSON.stringify(firms), '*.logs.*', [
      '*.logs.*.0',
      '*.logs.*.1',
      '*.point.lat',
      '*.point.lng',
    ]);
    expect(reader.columns[2]).toBe('*.point.lat');
    expect(reader.otherColumns()).toEqual([]);
    expect(await recordsOf(reader)).toEqual([
      { row: 1, cells: 4, text: ['x', '1', '23', '120'] },
      { row: 2, cells: 4, text: ['y', '', '23', '120'] },
      { row: 3, cells: 4, text: ['z', '{"k":[1]}', '', ''] },
    ]);
  });

  it('whole numbers keep all their digits', async () => {
    const text =
      '{"r":[{"id":320500202403010123,"n":-12345678901234567,"x":120.12345678901234567,"s":"1234567890123456789","d":{"q":[1234567890123456 ]}},{"id":123456789012345}]}';
    const reader = await document(text, 'r.*', ['r.*.id', 'r.*.n', 'r.*.x', 'r.*.s', 'r.*.d.q.0']);
    expect(await rowsOf(reader)).toEqual([
      ['320500202403010123', '-12345678901234567', '120.12345678901235', '1234567890123456789', '1234567890123456'],
      ['123456789012345', '', '', '', ''],
    ]);
  });

  it('a cell that has no UTF-8, a NUL byte or is too long spoils its row', async () => {
    const values = ['a', '\ud800', 'b\0', 'x'.repeat(MAX_CELL_BYTES + 1), 'c'];
    const records = await recordsOf(await document(JSON.stringify(values.map((v) => ({ v }))), '*', ['*.v']));
    expect(records.map(({ cells }) => cells)).toEqual([1, NOT_JSON, NUL_BYTE, TOO_LONG, 1]);
  });

  it('many rows come in blocks', async () => {
    const values = Array.from({ length: 5000 }, (_, i) => ({ v: `${i}`.repeat(500) }));
    const records = await recordsOf(await document(JSON.stringify(values), '*', ['*.v']));
    expect(records.map(({ row, text }) => [row, text?.[0]])).toEqual(values.map(({ v }, i) => [i + 1, v]));
  });

  it.each([
    ['no JSON, without quoting it', '[{"name":"王某"},]', '*', 'is not JSON'],
    ['an end in the middle', '[{"name":"王某"', '*', 'is not JSON'],
    ['a number that is none', '[12345678901234567x]', '*', 'is not JSON'],
    ['an empty file', '', '*', 'the file is empty'],
    ['no rows', '{"a":{}}', 'a.*', 'no rows at "a.*"'],
    ['no such path', '{"a":1}', 'b.c.*', 'no rows at "b.c.*"'],
    ['deep nesting', '['.repeat(1_000_000), '*', 'is nested deeper than 100 levels'],
    [
      'another encoding',
      Buffer.of(0x22, 0xd4, 0xeb, 0x22),
      '*',
      'is not utf-8: a character that does not belong at byte 1',
    ],
  ])('%s is refused', async (_, text, rows, message) => {
    const said = await messageOf(() => document(text, rows, []));
    expect(said).toContain(`InputError: f: ${message}`);
    expect(said).not.toContain('王');
  });

  it('a wildcard beyond the rows is refused', async () => {
    expect(await messageOf(() => document('[]', '*', ['*.a.*', '*.b']))).toContain(
      'column path "*.a.*" has a wildcard beyond',
    );
  });

  it('a document over the limit is refused with what to do', async () => {
    const part = Buffer.alloc(1 << 22, ' ');
    async function* endless() {
      for (let sent = 0; sent <= MAX_DOCUMENT_BYTES; sent += part.length) yield part;
    }
    expect(await messageOf(() => jsonRecords('f', endless(), { type: 'json', rows: '*' }, []))).toContain(
      'deliver it as NDJSON',
    );
  }, 60_000);
});

describe('GeoJSON', () => {
  it('properties and points; blank where there is no geometry', async () => {
    const reader = await features(
      {
        type: 'FeatureCollection',
        features: [
          point(120.5, 31.25, { name: '噪声', n: 5, other: 1 }),
          { type: 'Feature', properties: null, geometry: null },
          { type: 'Feature', properties: { name: 'x' } },
          { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [] } },
          point('120', null, { n: { a: 1 } }),
        ],
      },
      ['name', 'n', '@lng', '@lat', 'never'],
    );
    expect(await rowsOf(reader)).toEqual([
      ['噪声', '5', '120.5', '31.25', ''],
      ['', '', '', '', ''],
      ['x', '', '', '', ''],
      ['', '', '', '', ''],
      ['', '{"a":1}', '120', '', ''],
    ]);
    expect(reader.otherColumns()).toEqual(['other']);
    expect(reader.unseenColumns()).toEqual(['never']);
  });

  it('a member that is no feature spoils itself alone', async () => {
    const reader = await features(
      {
        type: 'FeatureCollection',
        features: [
          5,
          null,
          { type: 'Feature', properties: [] },
          { type: 'Feature', properties: 'length' },
          point(1, 2),
        ],
      },
      ['@lng'],
    );
    expect((await recordsOf(reader)).map(({ cells }) => cells)).toEqual([NOT_JSON, NOT_JSON, NOT_JSON, NOT_JSON, 1]);
  });

  it('shapes are refused where points are wanted, all kinds at once, and passed over where not', async () => {
    const shape = (type: string) => ({ type: 'Feature', properties: { a: type }, geometry: { type, coordinates: [] } });
    const collection = {
      type: 'FeatureCollection',
      features: [point(1, 2), shape('Polygon'), shape('LineString'), shape('Polygon')],
    };
    const message = await messageOf(() => features(collection, ['a', '@lat']));
    expect(message).toContain('2 features have the geometry Polygon (first: feature 2)');
    expect(message).toContain('1 features have the geometry LineString (first: feature 3)');
    expect(await rowsOf(await features(collection, ['a']))).toEqual([[''], ['Polygon'], ['LineString'], ['Polygon']]);
  });

  it.each([
    [[], 'is no GeoJSON FeatureCollection'],
    [{ type: 'FeatureCollection', features: {} }, 'is no GeoJSON FeatureCollection'],
    [{ type: 'Topology', features: [] }, 'is no GeoJSON FeatureCollection'],
    [{ type: 'FeatureCollection', features: [] }, 'has no feature'],
  ])('%j is refused', async (value, message) => {
    expect(await messageOf(() => features(value, ['a']))).toContain(message);
  });
});

it('all three read from a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hexsight-json-'));
  const path = join(folder, 'f.json');
  try {
    writeFileSync(path, `${JSON.stringify({ type: 'FeatureCollection', features: [point(1, 2, { a: 3 })] })}\n`);
    expect(await rowsOf(await readGeoJsonRecords(path, ['a', '@lng']))).toEqual([['3', '1']]);
    expect(
      await rowsOf(await readJsonRecords(path, { type: 'json', rows: 'features.*' }, ['features.*.properties.a'])),
    ).toEqual([['3']]);
    expect(await rowsOf(await readNdjsonRecords(path, { type: 'ndjson', encoding: 'utf-8' }, ['type']))).toEqual([
      ['FeatureCollection'],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
