import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { Suffix } from './http/encoding.ts';

const COMPRESSIBLE = new Set(
  '.arrow .css .csv .geojson .html .ico .js .json .map .mjs .svg .txt .wasm .webmanifest'.split(' '),
);
const MIN_BYTES = 1024;
/** Brotli 11 takes 114 s for the 34 MB of DuckDB-WASM (5.07 MB), 9 takes 8 s (5.92 MB): beyond this size it is 9. */
const SLOW_BROTLI_UP_TO = 4 * 1024 * 1024;

export interface Compressed {
  readonly file: string;
  readonly bytes: number;
  readonly encoded: Partial<Record<Suffix, number>>;
}

export interface PrecompressOptions {
  readonly onFile?: (compressed: Compressed) => void;
  /** Folder that keeps variants by the hash of their original, so that an unchanged file is compressed once. */
  readonly cache?: string;
}

/**
 * Writes `.br`, `.gz` and, where this Node has it (22.15 and newer), `.zst` beside every file below the folder that
 * compresses. A variant that saves less than a tenth is left out.
 */
export async function precompress(folder: string, { onFile, cache }: PrecompressOptions = {}): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    if ((await stat(file)).size < MIN_BYTES) continue;
    const original = await readFile(file);
    const encoded = await Promise.all(
      (Object.keys(ENCODERS) as Suffix[]).map(async (suffix) => {
        const bytes = await writeVariant(file, original, suffix, cache);
        return bytes === null ? [] : ([[suffix, bytes]] as const);
      }),
    );
    onFile?.({ file, bytes: original.length, encoded: Object.fromEntries(encoded.flat()) });
  }
}

type Encoder = (bytes: Buffer) => Promise<Buffer>;

const brotli: Encoder = (bytes) =>
  promisify(zlib.brotliCompress)(bytes, {
    params: {
      [zlib.constants.BROTLI_PARAM_QUALITY]: bytes.length > SLOW_BROTLI_UP_TO ? 9 : 11,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

const gzip: Encoder = (bytes) => promisify(zlib.gzip)(bytes, { level: 9 });

/** Absent from the types of Node 20, and from Node 20. */
const zstd = (zlib as { zstdCompress?: (bytes: Buffer, done: (e: Error | null, out: Buffer) => void) => void })
  .zstdCompress;

const ENCODERS: Readonly<Partial<Record<Suffix, Encoder>>> = {
  br: brotli,
  gz: gzip,
  ...(zstd ? { zst: promisify(zstd) as Encoder } : {}),
};

async function writeVariant(
  file: string,
  original: Buffer,
  suffix: Suffix,
  cache: string | undefined,
): Promise<number | null> {
  const made = await cached(original, suffix, cache);
  if (made.length > original.length * 0.9) return null;
  await replaceFile(`${file}.${suffix}`, (temporary) => writeFile(temporary, made));
  return made.length;
}

async function cached(original: Buffer, suffix: Suffix, cache: string | undefined): Promise<Buffer> {
  const encode = ENCODERS[suffix]!;
  if (cache === undefined) return encode(original);
  const path = join(cache, `${createHash('sha256').update(original).digest('hex')}.${suffix}`);
  const known = await readFile(path).catch(() => null);
  if (known) return known;
  const made = await encode(original);
  await mkdir(cache, { recursive: true });
  await replaceFile(path, (temporary) => writeFile(temporary, made));
  return made;
}

async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`;
  await write(temporary);
  await rename(temporary, path);
}
