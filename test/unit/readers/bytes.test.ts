import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ByteOptions, byteChunks } from '../../../pipelines/io/bytes.ts';
import { zstdFrames } from '../../../pipelines/io/zstd-frames.ts';
import { bytesOf, chunked, messageOf } from './support.ts';

let folder = '';
let zstd: Zstd;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-bytes-'));
  zstd = await Zstd.load();
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
async function read(path: string, options?: ByteOptions): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of byteChunks(path, options)) parts.push(new Uint8Array(chunk));
  return Buffer.concat(parts);
}
/** Lines of numbers: they shrink to about a half. */
const text = (bytes: number): Buffer => {
  const lines: string[] = [];
  let state = 1;
  for (let length = 0; length < bytes; ) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const line = `${state},${state >>> 7}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('')).subarray(0, bytes);
};

describe('gives the bytes of', () => {
  const big = text(1_500_000);
  it('a plain file', async () => {
    expect((await read(file('a.csv', big))).equals(big)).toBe(true);
    expect((await read(file('b.csv', ''))).length).toBe(0);
  });
  it('gzip, also of several members and with zero padding', async () => {
    expect((await read(file('a.gz', gzipSync(big)))).equals(big)).toBe(true);
    const members = bytesOf(gzipSync(Buffer.from('one,')), gzipSync(Buffer.alloc(0)), gzipSync(big), 0, 0);
    expect((await read(file('b.gz', members))).equals(bytesOf('one,', big))).toBe(true);
  });
  it('zstd, also of several frames, skippable ones, and every kind of block', async () => {
    for (const level of [-5, 1, 3, 9])
      expect((await read(file('a.zst', zstd.compress(big, level)))).equals(big)).toBe(true);
    const skippable = bytesOf(0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 'hello');
    const noise = text(200_000).map((_, i) => (Math.imul(i, 2654435761) >>> 13) & 255);
    const frames = bytesOf(
      skippable,
      zstd.compress(Buffer.from('one,')),
      zstd.compress(Buffer.alloc(0)),
      skippable,
      zstd.compress(Buffer.alloc(300_000, 'z')),
      zstd.compress(noise),
      zstd.compress(big),
    );
    const expected = bytesOf('one,', Buffer.alloc(300_000, 'z'), noise, big);
    expect((await read(file('b.zst', frames))).equals(expected)).toBe(true);
  });
});

/** Written by the zstd command 1.5.4 with its default options: one frame, whose content is held against a checksum. */
const CHECKED = Buffer.from(
  '28b52ffd24653d0200940369642c6461792c63617465676f72790a312c323032362d30332d30312c6e6f6973650a' +
    '323332206174206e696768740a34322c6e6f6973650a0400526d0783814dd0bcf904a1555ddd',
  'hex',
);
const CHECKED_TEXT =
  'id,day,category\n1,2026-03-01,noise\n2,2026-03-01,noise\n3,2026-03-02,noise at night\n4,2026-03-02,noise\n';

async function unpacked(frames: Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const block of zstdFrames(chunked(frames), () => undefined)) parts.push(block);
  return Buffer.concat(parts);
}

describe('a zstd frame with a checksum', () => {
  it('is read, also between others', async () => {
    const plain = zstd.compress(text(300_000));
    const path = file('checked.zst', bytesOf(CHECKED, plain, CHECKED));
    expect((await read(path)).equals(bytesOf(CHECKED_TEXT, text(300_000), CHECKED_TEXT))).toBe(true);
  });

  it('that is damaged anywhere is refused, or was not needed', async () => {
    let refused = 0;
    for (let bit = 0; bit < CHECKED.length * 8; bit++) {
      const bytes = Buffer.from(CHECKED);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const got = await unpacked(bytes).catch(() => null);
      if (got) expect(got.toString()).toBe(CHECKED_TEXT);
      else refused++;
    }
    // All but two bits of the frame header, which say nothing of the content.
    expect(refused).toBe(CHECKED.length * 8 - 2);
  });

  it('names the frame and its bytes', async () => {
    const before = zstd.compress(text(300_000));
    const bytes = bytesOf(before, CHECKED);
    bytes[before.length + 20] = 'X'.charCodeAt(0); // a letter of a word: the block itself stays readable
    const said = await messageOf(() => read(file('place.zst', bytes)));
    expect(said).toContain(`frame 2, bytes ${before.length} to ${bytes.length}, unpacks to the checksum`);
    expect(said).toContain('and not dd5d55a1');
  });

  it('whose block cannot be read says where it ends', async () => {
    const bytes = bytesOf(CHECKED);
    bytes[9] = 0x1f; // another kind of literals
    const said = await messageOf(() => read(file('block.zst', bytes)));
    expect(said).toContain('(frame 1, in the block that ends with byte 80: ');
  });
});

describe('refuses', () => {
  const cases: [string, string, () => Uint8Array, string][] = [
    ['a truncated gzip', 'a.gz', () => gzipSync(text(100_000)).subarray(0, 20_000), 'is a truncated gzip file'],
    ['a gzip without its checksum', 'a.gz', () => gzipSync(text(1000)).subarray(0, -8), 'is a truncated gzip file'],
    [
      'a gzip with a wrong checksum',
      'a.gz',
      () => bytesOf(gzipSync(text(1000)).subarray(0, -8), 0, 0, 0, 0, 0, 0, 0, 0),
      'is no intact gzip file',
    ],
    ['something else named .gz', 'a.gz', () => Buffer.from('a,b\n'), 'is no intact gzip file'],
    ['text behind a gzip', 'a.gz', () => bytesOf(gzipSync(Buffer.from('a')), 'more'), 'is no intact gzip file'],
    ['a truncated zstd', 'a.zst', () => zstd.compress(text(100_000)).subarray(0, 40_000), 'ends inside a frame'],
    ['a zstd of a header', 'a.zst', () => zstd.compress(text(100_000)).subarray(0, 4), 'ends inside a frame'],
    ['half a magic number', 'a.zst', () => bytesOf(0x28, 0xb5), 'ends inside a frame header'],
    ['something else named .zst', 'a.zst', () => Buffer.from('a,b\n'), 'does not begin with a zstd frame'],
    ['text behind a zstd', 'a.zst', () => bytesOf(zstd.compress(text(100)), 'more'), 'something else behind a frame'],
    [
      'nothing but a skippable frame',
      'a.zst',
      () => bytesOf(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0),
      'holds no zstd frame',
    ],
    ['half a skippable frame', 'a.zst', () => bytesOf(0x50, 0x2a, 0x4d, 0x18, 9, 0, 0, 0, 1), 'ends inside a frame'],
    [
      'a skippable frame without its size',
      'a.zst',
      () => bytesOf(0x50, 0x2a, 0x4d, 0x18, 9),
      'ends inside a frame header',
    ],
    ['a window of 3.75 TB', 'a.zst', () => frame(0, [0xff]), 'asks for a window of 4123168604160 bytes'],
    ['a single segment of 2 GB', 'a.zst', () => frame(0xa0, [0, 0, 0, 0x80]), 'asks for a window of 2147483648'],
    ['a dictionary', 'a.zst', () => frame(1, [0x38, 7]), 'needs a dictionary'],
    ['a reserved bit', 'a.zst', () => frame(8, [0x38]), 'reserved bit'],
    ['a reserved block', 'a.zst', () => frame(0, [0x38], [7, 0, 0]), 'reserved type'],
    ['a block of 2 MB', 'a.zst', () => frame(0, [0x38], [0xfb, 0xff, 0xff, 65]), 'a block claims 2097151 bytes'],
    ['a header with another size', 'a.zst', () => frame(0x20, [3], [0x0b, 0, 0, 120]), 'gives 1 bytes and not 3'],
  ];
  const frame = (flags: number, rest: number[], block: number[] = [1, 0, 0]) =>
    bytesOf(0x28, 0xb5, 0x2f, 0xfd, flags, ...rest, ...block);
  it.each(cases)('%s', async (_, name, bytes, message) => {
    const path = file(name, bytes());
    const said = await messageOf(() => read(path));
    expect(said.startsWith(`InputError: ${path}: `)).toBe(true);
    expect(said).toContain(message);
  });

  it.each(['gz', 'zst'])('a bomb of 10 GB (.%s) early and in little memory', async (kind) => {
    // 10 GB: 10,000 members or frames of a megabyte each.
    const zeros = Buffer.alloc(1 << 20);
    const one = kind === 'gz' ? gzipSync(zeros) : zstd.compress(zeros);
    const path = file(`bomb.${kind}`, Buffer.concat(Array(10_000).fill(one)));
    const before = process.cpuUsage();
    let given = 0;
    const said = await messageOf(async () => {
      for await (const chunk of byteChunks(path)) given += chunk.length;
    });
    const { user, system } = process.cpuUsage(before);
    expect(said).toMatch(/InputError: .*inflates to more than 200 times its size/);
    expect(given).toBeLessThan(12_000_000);
    expect((user + system) / 1e6).toBeLessThan(2);
  });

  it('a bomb in one member, whose header says that it is small', async () => {
    const body = deflateRawSync(Buffer.alloc(50_000_000));
    const path = file('lie.gz', bytesOf(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, body, 0, 0, 0, 0, 9, 0, 0, 0));
    expect(await messageOf(() => read(path))).toContain('inflates to more than 200 times its size');
  });

  it('dull text below 10 MB is no bomb', async () => {
    expect((await read(file('dull.gz', gzipSync(Buffer.alloc(9_000_000, 'x'))))).length).toBe(9_000_000);
    expect((await read(file('dull.zst', zstd.compress(Buffer.alloc(9_000_000, 'x'))))).length).toBe(9_000_000);
  });

  it('more bytes than allowed', async () => {
    const many = text(100_000);
    for (const [name, bytes] of [
      ['m.csv', many],
      ['m.gz', gzipSync(many)],
      ['m.zst', zstd.compress(many)],
    ] as const) {
      expect(await messageOf(() => read(file(name, bytes), { maxBytes: 99_999 }))).toContain(
        'is larger than 99999 bytes',
      );
      expect((await read(file(name, bytes), { maxBytes: 100_000 })).length).toBe(100_000);
    }
  });

  it('a file that is not there, a folder, a named pipe', async () => {
    expect(await messageOf(() => read(join(folder, 'nothing.csv')))).toContain('cannot be opened: ENOENT');
    mkdirSync(join(folder, 'sub'));
    expect(await messageOf(() => read(join(folder, 'sub')))).toContain('is not a regular file');
    execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
    expect(await messageOf(() => read(join(folder, 'pipe.csv')))).toContain('is not a regular file');
  });
});

describe('a file that changes while it is read', () => {
  const changes: [string, (path: string) => void][] = [
    ['grows', (path) => appendFileSync(path, 'more')],
    ['shrinks', (path) => truncateSync(path, 700_000)],
    ['is written again', (path) => utimesSync(path, 1, 1)],
  ];
  it.each(changes)('%s', async (_, change) => {
    for (const [name, bytes] of [
      ['c.csv', text(2_000_000)],
      ['c.gz', gzipSync(text(4_000_000), { level: 1 })],
      ['c.zst', zstd.compress(text(4_000_000), 1)],
    ] as const) {
      const path = file(name, bytes);
      let first = true;
      const said = await messageOf(async () => {
        for await (const _chunk of byteChunks(path)) {
          if (first) change(path);
          first = false;
        }
      });
      expect(said).toBe(`InputError: ${path}: changed while being read: run again when it is complete`);
    }
  });

  it('changed since it was listed', async () => {
    const path = file('d.csv', 'a,b\n');
    utimesSync(path, 5, 5);
    expect((await read(path, { listed: { bytes: 4, mtimeNs: '5000000000' } })).length).toBe(4);
    expect(await messageOf(() => read(path, { listed: { bytes: 5, mtimeNs: '5000000000' } }))).toContain(
      'changed between listing',
    );
    expect(await messageOf(() => read(path, { listed: { bytes: 4, mtimeNs: '5000000001' } }))).toContain(
      'changed between listing',
    );
  });
});

it('leaves no file open when reading stops early', async () => {
  for (const [name, bytes] of [
    ['e.csv', text(2_000_000)],
    ['e.gz', gzipSync(text(4_000_000))],
    ['e.zst', zstd.compress(text(4_000_000))],
  ] as const) {
    const path = file(name, bytes);
    const chunks = byteChunks(path);
    for await (const chunk of chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await chunks.next()).done).toBe(true);
  }
  symlinkSync(join(folder, 'e.csv'), join(folder, 'link.csv'));
  expect((await read(join(folder, 'link.csv'))).length).toBe(2_000_000);
});
