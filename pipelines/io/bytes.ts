import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../errors.ts';
import { zstdFrames } from './zstd-frames.ts';

const CHUNK_BYTES = 1 << 19;
/** Text above this ratio to its compressed bytes is a bomb; small files may be that dull. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 10_000_000;
export const MAX_TEXT_BYTES = 64_000_000_000;

export interface ByteOptions {
  /** Most bytes that are given, inflated. */
  readonly maxBytes?: number;
  /** Size and time of the file when it was listed and hashed: another file under its name is refused. */
  readonly listed?: { readonly bytes: number; readonly mtimeNs: string };
}

/**
 * Bytes of a file in chunks of up to 512 KiB, inflated when its name ends in `.gz` (several members too) or `.zst` (several frames too).
 * A chunk is valid until the next one is asked for. Limits are counted while inflating: declared sizes lie.
 *
 * @throws InputError for a file that is damaged, truncated, no regular file, larger than `maxBytes`, inflates more than 200 : 1 beyond
 *   its first 10 MB, or changes while it is read
 */
export async function* byteChunks(path: string, options: ByteOptions = {}): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  try {
    const before = await state(file);
    const { listed } = options;
    if (listed && (before.size !== BigInt(listed.bytes) || String(before.mtimeNs) !== listed.mtimeNs))
      throw new InputError(path, ['changed between listing and reading: run again when it is complete']);
    const count = counter(path, options.maxBytes ?? MAX_TEXT_BYTES);
    try {
      if (path.endsWith('.gz')) yield* gunzipped(file, count);
      else if (path.endsWith('.zst')) yield* unzstd(file, count);
      else
        for await (const chunk of fileChunks(file)) {
          count(chunk.length, null);
          yield chunk;
        }
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      // A compressed file that somebody is still writing is first of all a file that changes.
      await refuseChange(path, file, before);
      throw damaged(path, cause as Error);
    }
    await refuseChange(path, file, before);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // Without waiting: opening a named pipe would otherwise wait for its writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new InputError(path, [`cannot be opened: ${(cause as Error).message}`], { cause });
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new InputError(path, ['is not a regular file']);
}

interface FileState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

async function state(file: FileHandle): Promise<FileState> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return { size, mtimeNs };
}

async function refuseChange(path: string, file: FileHandle, before: FileState): Promise<void> {
  const after = await state(file);
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs)
    throw new InputError(path, ['changed while being read: run again when it is complete']);
}

async function* fileChunks(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Adds to the bytes given; `compressed` = compressed bytes behind them so far, null = not compressed. */
type Count = (bytes: number, compressed: number | null) => void;

function counter(path: string, maxBytes: number): Count {
  let total = 0;
  return (bytes, compressed) => {
    total += bytes;
    if (total > maxBytes)
      throw new InputError(path, [`is larger than ${maxBytes} bytes${compressed === null ? '' : ' when inflated'}`]);
    if (compressed !== null && total > RATIO_FROM_BYTES && total > compressed * MAX_RATIO)
      throw new InputError(path, [
        `inflates to more than ${MAX_RATIO} times its size (${total} bytes from the first ${compressed}): ` +
          'deliver it uncompressed if it is really that uniform',
      ]);
  };
}

async function* gunzipped(file: FileHandle, count: Count): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The stream holds chunks back, so that each needs its own bytes.
  const source = Readable.from(copies(fileChunks(file)), { objectMode: true, highWaterMark: 1 });
  const finished = new Promise<void>((resolve) => {
    pipeline(source, gunzip, () => resolve());
  });
  try {
    for await (const chunk of gunzip) {
      count((chunk as Uint8Array).length, gunzip.bytesWritten);
      yield chunk as Uint8Array;
    }
  } finally {
    gunzip.destroy();
    await finished;
  }
}

async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Uint8Array.prototype.slice.call(chunk);
}

async function* unzstd(file: FileHandle, count: Count): AsyncGenerator<Uint8Array> {
  let consumed = 0;
  for await (const block of zstdFrames(fileChunks(file), (bytes) => {
    consumed = bytes;
  })) {
    count(block.length, consumed);
    yield block;
  }
}

function damaged(path: string, cause: Error): InputError {
  const { code } = cause as NodeJS.ErrnoException;
  const what =
    code === 'Z_BUF_ERROR'
      ? 'is a truncated gzip file: deliver it again'
      : code?.startsWith('Z_')
        ? `is no intact gzip file (${cause.message}): deliver it again`
        : path.endsWith('.zst')
          ? `is no intact zstd file (${cause.message}): deliver it again`
          : `cannot be read: ${cause.message}`;
  return new InputError(path, [what], { cause });
}
