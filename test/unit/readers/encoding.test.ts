import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asUtf8,
  checkedText,
  type DeclaredEncoding,
  firstBadUtf8,
  scanGb18030,
} from '../../../pipelines/io/encoding.ts';
import { bytesOf, chunked, messageOf } from './support.ts';

async function read(declared: DeclaredEncoding, bytes: Uint8Array, sizes?: readonly number[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of checkedText('f', declared, chunked(bytes, sizes))) {
    expect(chunk.length).toBeGreaterThan(0);
    parts.push(new Uint8Array(chunk));
  }
  return Buffer.concat(parts);
}
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('an offset is that of the first byte of the character that does not belong', () => {
  const cases: [string, DeclaredEncoding, Buffer, string][] = [
    ['a lone continuation byte', 'utf-8', bytesOf('abc', 0x80, 'd'), 'a character that does not belong at byte 3'],
    ['a character cut by another', 'utf-8', bytesOf('中', 0xe4, 0xb8, 'x'), 'does not belong at byte 3'],
    ['an overlong form', 'utf-8', bytesOf('abcd', 0xc0, 0xaf), 'does not belong at byte 4'],
    ['a surrogate', 'utf-8', bytesOf('abcd', 0xed, 0xa0, 0x80), 'does not belong at byte 4'],
    ['beyond U+10FFFF', 'utf-8', bytesOf('abcd', 0xf4, 0x90, 0x80, 0x80), 'does not belong at byte 4'],
    ['after a byte order mark', 'utf-8', bytesOf(0xef, 0xbb, 0xbf, 'abc', 0xff), 'byte 6'],
    ['a cut character at the end', 'utf-8', bytesOf('abcd', 0xe4, 0xb8), 'cut off by the end of the file at byte 4'],
    ['a file of one cut character', 'utf-8', bytesOf(0xe4), 'cut off by the end of the file at byte 0'],
    ['0xFF in GB18030', 'gb18030', bytesOf('abcd', 0xff, 'aaaa'), 'does not belong at byte 4'],
    ['a second byte 0x7F', 'gb18030', bytesOf('abcd', 0xb0, 0x7f), 'does not belong at byte 4'],
    ['a third byte that is no lead', 'gb18030', bytesOf('abcd', 0x81, 0x30, 0x20, 0x30), 'does not belong at byte 4'],
    ['a fourth byte that is no digit', 'gb18030', bytesOf('abcd', 0x81, 0x30, 0x81, 0x20), 'does not belong at byte 4'],
    ['four bytes without a character', 'gb18030', bytesOf('abcd', 0x84, 0x31, 0xa5, 0x30), 'does not belong at byte 4'],
    ['four bytes beyond the planes', 'gb18030', bytesOf('abcd', 0xe3, 0x32, 0x9a, 0x36), 'does not belong at byte 4'],
    ['a half pair, high', 'utf-16le', Buffer.from('ab\ud800c', 'utf16le'), 'an unpaired surrogate at byte 4'],
    ['a half pair, low', 'utf-16be', utf16be('ab\udc00c'), 'an unpaired surrogate at byte 4'],
    [
      'a half pair at the end',
      'utf-16le',
      Buffer.from('ab\ud800', 'utf16le'),
      'cut off by the end of the file at byte 4',
    ],
    ['an odd number of bytes', 'utf-16le', bytesOf('a', 0, 'b', 0, 'c'), 'cut off by the end of the file at byte 4'],
  ];
  it.each(cases)('%s', async (_, declared, bytes, message) => {
    for (const sizes of [[1 << 19], [1], [2], [3], [5, 1]])
      expect(await messageOf(() => read(declared, bytes, sizes))).toMatch(
        new RegExp(`^InputError: f: is not ${declared}: .*${message}`),
      );
  });
});

describe('byte order marks', () => {
  it.each(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const)('one of %s is dropped, once', async (declared) => {
    const mark = {
      'utf-8': [0xef, 0xbb, 0xbf],
      gb18030: [0x84, 0x31, 0x95, 0x33],
      'utf-16le': [0xff, 0xfe],
      'utf-16be': [0xfe, 0xff],
    };
    const text =
      declared === 'utf-16le'
        ? Buffer.from('ab', 'utf16le')
        : declared === 'utf-16be'
          ? utf16be('ab')
          : Buffer.from('ab');
    for (const sizes of [[1], [2], [100]])
      expect((await read(declared, bytesOf(...mark[declared], text), sizes)).toString()).toBe('ab');
    expect((await read(declared, bytesOf(...mark[declared]))).length).toBe(0);
    const twice = await read(declared, bytesOf(...mark[declared], ...mark[declared], text));
    expect(twice.length).toBeGreaterThan(2);
  });
  it.each([
    ['gb18030', bytesOf(0xef, 0xbb, 0xbf, 'abcd'), 'utf-8'],
    ['utf-8', bytesOf(0xff, 0xfe, 'a', 0), 'utf-16le'],
    ['utf-16le', bytesOf(0xfe, 0xff, 0, 'a'), 'utf-16be'],
    ['utf-16be', bytesOf(0xff, 0xfe, 'a', 0), 'utf-16le'],
  ] as const)('in %s one of another encoding is refused with what to do', async (declared, bytes, other) => {
    expect(await messageOf(() => read(declared, bytes))).toContain(
      `begins with the byte order mark of ${other}; set "encoding": "${other}"`,
    );
  });
});

it.each([
  [bytesOf(0x1f, 0x8b, 8, 0, 0), 'its name must end in .gz'],
  [bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0), 'its name must end in .zst'],
  [bytesOf('PK', 3, 4, 0xff), 'looks like a workbook or a zip file'],
  [bytesOf('name,', 0xd4, 0xeb, 0xc9, 0xf9), '"encoding": "gb18030"'],
])('what the file may be is said (%#)', async (bytes, message) => {
  expect(await messageOf(() => read('utf-8', bytes))).toContain(message);
});

it('GB 18030-2022 is read as Unicode has it now: characters that moved out of the private area', async () => {
  const parts: Uint8Array[] = [];
  for await (const chunk of asUtf8(
    'gb18030',
    checkedText('f', 'gb18030', chunked(bytesOf(0xa6, 0xd9, 0xfe, 0x59, 0xa8, 0xbc))),
  ))
    parts.push(chunk);
  expect(Buffer.concat(parts).toString()).toBe(
    new TextDecoder('gb18030').decode(bytesOf(0xa6, 0xd9, 0xfe, 0x59, 0xa8, 0xbc)),
  );
  expect(Buffer.concat(parts).toString()).toBe('\ufe10\u9fb4\u1e3f');
});

it('every form of two bytes and every boundary of four is judged as TextDecoder does', () => {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const accepts = (bytes: Uint8Array): boolean => {
    try {
      decoder.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  const differences: string[] = [];
  const compare = (bytes: Uint8Array) => {
    if (accepts(bytes) !== (scanGb18030(bytes) === bytes.length)) differences.push(Buffer.from(bytes).toString('hex'));
  };
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) compare(Uint8Array.of(a, b));
  // Also where four bytes are looked at at once.
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) compare(Uint8Array.of(0xb0, 0xa1, a, b, 0xb0, 0xa1));
  for (const a of [0x81, 0x84, 0x85, 0x8f, 0x90, 0xe2, 0xe3, 0xe4, 0xfe])
    for (let b = 0x2f; b <= 0x3a; b++)
      for (let c = 0x7f; c <= 0xff; c++) for (let d = 0x2f; d <= 0x3a; d++) compare(Uint8Array.of(a, b, c, d));
  expect(differences).toEqual([]);
});

const CHARACTERS = ['a', ',', '"', '\n', '\0', 'é', '中', '噪', '声', '㐀', '𠀀', '😀', '\ue000', '\uffff', '﻿'];
const GB_BYTES = [0x00, 0x22, 0x30, 0x39, 0x40, 0x7e, 0x7f, 0x80, 0x81, 0x84, 0x90, 0xa1, 0xb0, 0xe3, 0xfe, 0xff];

/** Text in an encoding, some of its bytes changed. */
const mutated = (encode: (text: string) => Uint8Array) =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 30 }),
      fc.array(fc.tuple(fc.nat(200), fc.constantFrom(...GB_BYTES, 0xc0, 0xd8, 0xdc, 0xed, 0xf4)), { maxLength: 3 }),
    )
    .map(([characters, changes]) => {
      const bytes = new Uint8Array(encode(`abcd${characters.join('')}`));
      for (const [at, byte] of changes) if (bytes.length > 4) bytes[4 + (at % (bytes.length - 4))] = byte;
      return bytes;
    });
const RUNS = { numRuns: 3000 };

describe('accepts and gives exactly what the fatal TextDecoder does, for every chunking', () => {
  const encoders: Record<DeclaredEncoding, fc.Arbitrary<Uint8Array>> = {
    'utf-8': mutated((text) => Buffer.from(text)),
    'utf-16le': mutated((text) => Buffer.from(text, 'utf16le')),
    'utf-16be': mutated(utf16be),
    gb18030: fc
      .array(fc.oneof(fc.constantFrom(...GB_BYTES), fc.nat(255)), { maxLength: 60 })
      .map((bytes) => bytesOf('abcd', Uint8Array.from(bytes))),
  };
  it.each(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const)('%s', async (declared) => {
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        encoders[declared],
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (bytes, sizes) => {
          let expected: string | null = null;
          try {
            expected = new TextDecoder(declared, { fatal: true }).decode(bytes);
          } catch {
            // What the platform refuses stays null, and the reader must refuse it too.
          }
          const result = await read(declared, bytes, sizes).catch((error: Error) => error);
          if (expected === null) {
            refused++;
            expect(result).toBeInstanceOf(Error);
            const at = Number(/at byte (\d+)/.exec((result as Error).message)?.[1]);
            // What lies before the byte is right; with the character there it is not.
            expect(() => new TextDecoder(declared, { fatal: true }).decode(bytes.subarray(0, at))).not.toThrow();
            expect(() => new TextDecoder(declared, { fatal: true }).decode(bytes.subarray(0, at + 4))).toThrow();
          } else {
            accepted++;
            expect(result).toBeInstanceOf(Buffer);
            const label = declared === 'gb18030' ? 'gb18030' : 'utf-8';
            expect(new TextDecoder(label, { fatal: true }).decode(result as Buffer)).toBe(expected);
          }
        },
      ),
      RUNS,
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });
});

it('the slow search for the first bad byte of UTF-8 agrees with TextDecoder', () => {
  fc.assert(
    fc.property(
      mutated((text) => Buffer.from(text)),
      (bytes) => {
        const at = firstBadUtf8(bytes);
        const decode = (n: number) => () => new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, n));
        if (at < 0) expect(decode(bytes.length)).not.toThrow();
        else {
          expect(decode(at)).not.toThrow();
          expect(decode(Math.min(at + 4, bytes.length))).toThrow();
        }
      },
    ),
    RUNS,
  );
});
