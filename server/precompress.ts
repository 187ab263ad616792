import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

const COMPRESSIBLE = new Set(
  '.arrow .css .csv .geojson .html .ico .js .json .map .mjs .svg .txt .wasm .webmanifest'.split(' '),
);
const MIN_BYTES = 1024;
/** Brotli 11 takes 114 s for the 34 MB of DuckDB-WASM (5.07 MB), 9 takes 8 s (5.92 MB): beyond this size it is 9. */
const SLOW_BROTLI_UP_TO = 4 * 1024 * 1024;

export interface Compressed {
  readonly file: string;
  readonly bytes: number;
  readonly encoded: Partial<Record<Made, number>>;
}

export interface PrecompressOptions {
  readonly onFile?: (compressed: Compressed) => void;
  /** Folder that keeps the variants of the last run by hash, so that an unchanged file is compressed once. */
  readonly cache?: string;
}

/**
 * Writes `.br` and `.gz` beside every file below the folder that compresses; one that saves less than a tenth is left
 * out. No `.zst`: for code it comes out larger than Brotli (DuckDB-WASM: 6.2 MB at level 10, 5.5 MB after a minute),
 * and the smallest is what a browser gets.
 */
export async function precompress(folder: string, { onFile, cache }: PrecompressOptions = {}): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const used = new Set<string>();
  for (const file of files) {
    if ((await stat(file)).size < MIN_BYTES) continue;
    const original = await readFile(file);
    const encoded = await Promise.all(
      (Object.keys(ENCODERS) as Made[]).map(async (suffix) => {
        const made = await variant(original, suffix, cache);
        if (made.keptAs !== null) used.add(made.keptAs);
        const bytes = await writeVariant(file, original, suffix, made.bytes);
        return bytes === null ? [] : ([[suffix, bytes]] as const);
      }),
    );
    onFile?.({ file, bytes: original.length, encoded: Object.fromEntries(encoded.flat()) });
  }
  if (cache !== undefined) await forgetOthers(cache, used);
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

const ENCODERS = { br: brotli, gz: gzip } as const;
type Made = keyof typeof ENCODERS;

async function writeVariant(file: string, original: Buffer, suffix: Made, made: Buffer): Promise<number | null> {
  if (made.length > original.length * 0.9) return null;
  await writeWhole(`${file}.${suffix}`, made);
  return made.length;
}

async function variant(
  original: Buffer,
  suffix: Made,
  cache: string | undefined,
): Promise<{ readonly bytes: Buffer; readonly keptAs: string | null }> {
  const encode = ENCODERS[suffix];
  if (cache === undefined) return { bytes: await encode(original), keptAs: null };
  const keptAs = `${createHash('sha256').update(original).digest('hex')}.${suffix}`;
  const known = await readFile(join(cache, keptAs)).catch(() => null);
  if (known) return { bytes: known, keptAs };
  const bytes = await encode(original);
  await mkdir(cache, { recursive: true });
  await writeWhole(join(cache, keptAs), bytes);
  return { bytes, keptAs };
}

async function forgetOthers(cache: string, used: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    if (!used.has(name)) await rm(join(cache, name), { force: true });
  }
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}
