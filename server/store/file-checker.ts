import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';
import { zstdContentSize } from '../../core/contract/zstd-frame.ts';
import type { Suffix } from '../http/encoding.ts';

export interface FileChecker {
  /** Whether the file, unpacked where it is a variant, has that SHA-256. Costs a reading the first time, then a look at the file's times. */
  isWhole(path: string, suffix: Suffix | null, sha256: string): Promise<boolean>;
}

/** A file that changed this lately may change again without its time telling so. Milliseconds. */
const TICK_MS = 50;
/** Files remembered; the oldest are forgotten, and cost a reading again. */
const REMEMBERED = 20_000;
/** No artifact is larger; what unpacks to more is damaged. Bytes. */
const LARGEST = 1 << 30;

/** @param log gets one line for each damaged file, and one more whenever it has changed and is still damaged */
export function fileChecker(log: (line: string) => void, nowMs: () => number): FileChecker {
  const known = new Map<string, { readonly key: string; readonly whole: Promise<boolean> }>();
  return {
    async isWhole(path, suffix, sha256) {
      const before = await stateOf(path);
      const last = known.get(path);
      if (last?.key === before.key) return last.whole;
      const whole = problemOf(path, suffix, sha256).then((problem) => {
        if (problem !== null) log(`${path}: damaged 已损坏: ${problem}; not sent 拒绝发送`);
        return problem === null;
      });
      known.set(path, { key: before.key, whole });
      if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
      const result = await whole;
      const after = await stateOf(path);
      const settled = after.key === before.key && nowMs() - after.changedMs > TICK_MS;
      if (!settled && known.get(path)?.whole === whole) known.delete(path);
      return result;
    },
  };
}

/** Inode, size and times. The time of change cannot be set by a program that writes into the file. */
async function stateOf(path: string): Promise<{ readonly key: string; readonly changedMs: number }> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
  return { key: `${dev}/${ino}/${size}/${mtimeNs}/${ctimeNs}`, changedMs: Number(ctimeNs / 1_000_000n) };
}

async function problemOf(path: string, suffix: Suffix | null, sha256: string): Promise<string | null> {
  try {
    const found = suffix === 'zst' ? await hashOfZstd(path) : await hashOfStream(createReadStream(path), suffix);
    return found === sha256 ? null : `SHA-256 ${found} instead of ${sha256}`;
  } catch (cause) {
    return (cause as Error).message;
  }
}

async function hashOfStream(stream: Readable, suffix: 'br' | 'gz' | null): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(stream, decoder(suffix), async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) {
      bytes += part.length;
      if (bytes > LARGEST) throw new Error(`unpacks to more than ${LARGEST} bytes`);
      hash.update(part);
    }
  });
  return hash.digest('hex');
}

function decoder(suffix: 'br' | 'gz' | null): Transform {
  switch (suffix) {
    case 'br':
      return createBrotliDecompress();
    case 'gz':
      return createGunzip();
    case null:
      return new PassThrough();
    default:
      return suffix satisfies never;
  }
}

async function hashOfZstd(path: string): Promise<string> {
  const frame = await readFile(path);
  const size = zstdContentSize(frame);
  if (size === null || size > LARGEST) throw new Error('the header of the frame is damaged');
  const zstd = await Zstd.load();
  return createHash('sha256').update(zstd.decompress(frame)).digest('hex');
}
