import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../pipelines/errors.ts';
import type { DeclaredEncoding } from '../../pipelines/io/encoding.ts';
import { csvRecords } from '../../pipelines/io/readers/csv-records.ts';
import { geoJsonRecords, jsonRecords, ndjsonRecords } from '../../pipelines/io/readers/json-records.ts';
import type { RecordReader } from '../../pipelines/io/readers/records.ts';
import { zstdFrames } from '../../pipelines/io/zstd-frames.ts';
import { chunked, recordsOf } from '../unit/readers/support.ts';

/** Executions of each property: few in CI, a million in the long run. */
const RUNS = Number(process.env.HEXSIGHT_FUZZ_RUNS ?? 2000);
/** A million executions take their time; one alone may take five seconds. */
const LIMIT = { numRuns: RUNS, timeout: 5000 };
const TEST_MS = 60_000 + RUNS * 20;

type Open = (chunks: AsyncIterable<Uint8Array>) => Promise<RecordReader> | RecordReader;

/** What a file becomes, as text: records, or the refusal. Anything thrown that is no InputError is a crash. */
async function outcome(open: Open, bytes: Uint8Array, sizes: readonly number[]): Promise<string> {
  try {
    return JSON.stringify(await recordsOf(await open(chunked(bytes, sizes))));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `refused: ${error.message}`;
  }
}

async function sameForEveryChunking(open: Open, bytes: Uint8Array, sizes: readonly number[]): Promise<string> {
  const whole = await outcome(open, bytes, [1 << 19]);
  expect(await outcome(open, bytes, sizes)).toBe(whole);
  return whole;
}

const SIZES = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
/** Bytes that mean something to a reader, more often than others. */
const BYTE = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...[...'",\n\r\t;|ab1{}[]:\\ '].map((c) => c.charCodeAt(0))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 0x80, 0x81, 0x84, 0xb0, 0xa1, 0xfe, 0xff, 0xef, 0xbb, 0xbf, 0xe4, 0xb8, 0xad),
  },
  { weight: 1, arbitrary: fc.nat(255) },
);
const RANDOM = fc.array(BYTE, { maxLength: 200 }).map((bytes) => Uint8Array.from(bytes));

/** A valid file, some of its bytes changed, taken out, put in or the rest cut off. */
function mutated(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.constantFrom('set', 'drop', 'insert', 'cut'), BYTE);
  return fc.tuple(valid, fc.array(change, { maxLength: 4 })).map(([bytes, changes]) => {
    let out = Buffer.from(bytes);
    for (const [place, kind, byte] of changes) {
      const at = place % (out.length + 1);
      const tail = out.subarray(kind === 'insert' ? at : Math.min(at + 1, out.length));
      const middle = kind === 'drop' ? [] : [byte];
      out = kind === 'cut' ? out.subarray(0, at) : Buffer.concat([out.subarray(0, at), Buffer.from(middle), tail]);
    }
    return new Uint8Array(out);
  });
}

const CELL = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', '1', ' ', ',', '"', '\n', '\r', '\r\n', ';', '|', '中', '噪', '😀', '\u00e9'),
  }),
  fc.constantFrom('', '2024/1/9 20:33', '120.498543', '综合事务', "='001", 'say "hi", he said\n'),
);
const ENCODERS: Record<DeclaredEncoding, (text: string) => Uint8Array> = {
  'utf-8': (text) => Buffer.from(text),
  // Without a table: each of the characters above by hand.
  gb18030: (text) => Buffer.concat([...text].map((c) => (c < '\x80' ? Buffer.from(c) : (GB[c] ?? Buffer.from('?'))))),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
};
const GB: Readonly<Record<string, Buffer>> = {
  中: Buffer.of(0xd6, 0xd0),
  噪: Buffer.of(0xd4, 0xeb),
  综: Buffer.of(0xd7, 0xdb),
  '😀': Buffer.of(0x94, 0x39, 0xfc, 0x36),
  é: Buffer.of(0xa8, 0xa6),
};
const ENCODING = fc.constantFrom<DeclaredEncoding>('utf-8', 'gb18030', 'utf-16le', 'utf-16be');
const DELIMITER = fc.constantFrom(',', ';', '\t', '|', '1', 'a');

/** A table and one way to write it: quoted where it must be and here and there, any of the line ends. */
const TABLE = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    rows: fc.array(fc.array(CELL, { minLength: width, maxLength: width }), { maxLength: 12 }),
    quoteAll: fc.boolean(),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    lastLineEnd: fc.boolean(),
    delimiter: DELIMITER,
  }),
);
function written(table: typeof TABLE extends fc.Arbitrary<infer T> ? T : never): { text: string; header: string[] } {
  const { width, rows, quoteAll, lineEnd, lastLineEnd, delimiter } = table;
  const header = Array.from({ length: width }, (_, i) => `h${'xyzuv'[i]}`);
  const cell = (text: string): string =>
    quoteAll || text === '' || /["\r\n]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const lines = [header, ...rows].map((row) => row.map(cell).join(delimiter));
  return { text: lines.join(lineEnd) + (lastLineEnd ? lineEnd : ''), header };
}

describe('CSV', () => {
  it(
    'random bytes: records or a refusal, the same for every chunking',
    async () => {
      await fc.assert(
        fc.asyncProperty(RANDOM, SIZES, ENCODING, DELIMITER, async (bytes, sizes, encoding, delimiter) => {
          await sameForEveryChunking(
            (chunks) => csvRecords('f', chunks, { type: 'csv', delimiter, encoding }),
            bytes,
            sizes,
          );
        }),
        LIMIT,
      );
    },
    TEST_MS,
  );

  it(
    'what was written is read, in every encoding; damaged, it is read or refused',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          TABLE,
          SIZES,
          ENCODING,
          fc.infiniteStream(BYTE),
          fc.nat(),
          async (table, sizes, encoding, bytes, place) => {
            const { text, header } = written(table);
            const valid = ENCODERS[encoding](text);
            const format = { type: 'csv', delimiter: table.delimiter, encoding } as const;
            const open: Open = (chunks) => csvRecords('f', chunks, format);
            const label = encoding === 'gb18030' ? 'gb18030' : 'utf-8';
            const expected = table.rows.map((row) =>
              label === 'utf-8' ? row : row.map((cell) => new TextDecoder('gb18030').decode(ENCODERS.gb18030(cell))),
            );
            expect((await open(chunked(valid))).columns).toEqual(header);
            const records = JSON.parse(await sameForEveryChunking(open, valid, sizes)) as { text: string[] }[];
            expect(records.map((record) => record.text)).toEqual(expected);
            const damaged = Uint8Array.from(valid);
            for (let i = 0; i < 3; i++) damaged[(place * (i + 1)) % damaged.length] = bytes.next().value;
            await sameForEveryChunking(open, damaged, sizes);
          },
        ),
        LIMIT,
      );
    },
    TEST_MS,
  );

  it(
    'agrees with Papa Parse on valid files',
    async () => {
      await fc.assert(
        fc.asyncProperty(TABLE, SIZES, async (table, sizes) => {
          const { text } = written(table);
          const reader = await csvRecords('f', chunked(Buffer.from(text), sizes), {
            type: 'csv',
            delimiter: table.delimiter,
            encoding: 'utf-8',
          });
          const rows = (await recordsOf(reader)).map((record) => record.text);
          const { data, errors } = Papa.parse<string[]>(text, { delimiter: table.delimiter, newline: table.lineEnd });
          expect(errors).toEqual([]);
          if (table.lastLineEnd) expect(data.pop()).toEqual(['']);
          expect([reader.columns, ...rows]).toEqual(data);
        }),
        LIMIT,
      );
    },
    TEST_MS,
  );
});

const VALUE = fc.jsonValue({ maxDepth: 3 });
const OBJECT = fc.dictionary(fc.constantFrom('id', 'x', '中', 'é'), VALUE);

describe('JSON', () => {
  it(
    'NDJSON: records or a refusal, the same for every chunking',
    async () => {
      const valid = fc
        .array(OBJECT, { maxLength: 8 })
        .map((rows) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
      const encoding = fc.constantFrom<'utf-8' | 'gb18030'>('utf-8', 'gb18030');
      await fc.assert(
        fc.asyncProperty(fc.oneof(RANDOM, mutated(valid)), SIZES, encoding, async (bytes, sizes, declared) => {
          await sameForEveryChunking(
            (chunks) => ndjsonRecords('f', chunks, { type: 'ndjson', encoding: declared }, ['id', '中']),
            bytes,
            sizes,
          );
        }),
        LIMIT,
      );
    },
    TEST_MS,
  );

  it(
    'documents: records or a refusal, the same for every chunking',
    async () => {
      const valid = fc.oneof(VALUE, fc.array(OBJECT)).map((value) => Buffer.from(JSON.stringify(value)));
      const rows = fc.constantFrom('*', '*.*', 'id.*', '*.x');
      await fc.assert(
        fc.asyncProperty(fc.oneof(RANDOM, mutated(valid)), SIZES, rows, async (bytes, sizes, path) => {
          await sameForEveryChunking(
            (chunks) => jsonRecords('f', chunks, { type: 'json', rows: path }, [`${path}.id`, 'id']),
            bytes,
            sizes,
          );
        }),
        LIMIT,
      );
    },
    TEST_MS,
  );

  it(
    'GeoJSON: records or a refusal, the same for every chunking',
    async () => {
      const geometry = fc.oneof(VALUE, fc.record({ type: fc.constantFrom('Point', 'Polygon'), coordinates: VALUE }));
      const feature = fc.oneof(
        VALUE,
        fc.record({ type: fc.constant('Feature'), properties: fc.oneof(VALUE, OBJECT), geometry }),
      );
      const valid = fc
        .record({ type: fc.constant('FeatureCollection'), features: fc.array(feature, { maxLength: 5 }) })
        .map((value) => Buffer.from(JSON.stringify(value)));
      await fc.assert(
        fc.asyncProperty(mutated(valid), SIZES, fc.boolean(), async (bytes, sizes, located) => {
          await sameForEveryChunking(
            (chunks) => geoJsonRecords('f', chunks, located ? ['id', '@lng', '@lat'] : ['id']),
            bytes,
            sizes,
          );
        }),
        LIMIT,
      );
    },
    TEST_MS,
  );
});

describe('zstd', () => {
  /** A frame of raw and repeated blocks, as RFC 8878 has it, and what it holds. */
  const frame = fc
    .array(fc.tuple(fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 40 })), { minLength: 1, maxLength: 4 })
    .map((blocks) => {
      const parts = blocks.map(([repeated, bytes], i) => {
        const header = (bytes.length << 3) | (repeated ? 2 : 0) | (i === blocks.length - 1 ? 1 : 0);
        return Buffer.concat([
          Buffer.of(header & 255, header >> 8, header >> 16),
          repeated ? bytes.subarray(0, 1) : bytes,
        ]);
      });
      const text = Buffer.concat(
        blocks.map(([repeated, bytes]) => (repeated ? Buffer.alloc(bytes.length, bytes[0]) : bytes)),
      );
      return { bytes: Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x38), ...parts]), text };
    });
  const inflate = async (bytes: Uint8Array, sizes: readonly number[]): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const block of zstdFrames(chunked(bytes, sizes), () => {})) parts.push(block);
    return Buffer.concat(parts);
  };
  it(
    'frames are inflated for every chunking; damaged, they end with a message',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(frame, { minLength: 1, maxLength: 3 }),
          SIZES,
          fc.nat(),
          BYTE,
          async (frames, sizes, place, byte) => {
            const bytes = Buffer.concat(frames.map((one) => one.bytes));
            expect((await inflate(bytes, sizes)).equals(Buffer.concat(frames.map((one) => one.text)))).toBe(true);
            bytes[place % bytes.length] = byte;
            const damaged = await inflate(bytes, sizes).catch((error: Error) => error);
            expect(Buffer.isBuffer(damaged) || damaged.message.length > 0).toBe(true);
          },
        ),
        LIMIT,
      );
    },
    TEST_MS,
  );

  it('a gzip that lost its end never passes for a whole file', async () => {
    const { byteChunks } = await import('../../pipelines/io/bytes.ts');
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = mkdtempSync(join(tmpdir(), 'hexsight-fuzz-'));
    try {
      const whole = gzipSync(Buffer.from('a,b\n'.repeat(50)));
      for (let length = 1; length < whole.length; length++) {
        const path = join(folder, 'f.csv.gz');
        writeFileSync(path, whole.subarray(0, length));
        await expect(
          (async () => {
            for await (const chunk of byteChunks(path)) expect(chunk.length).toBeGreaterThan(0);
          })(),
        ).rejects.toThrow(InputError);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
