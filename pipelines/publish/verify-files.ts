import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';
import type { FileEntry } from '../../core/contract/manifest.ts';
import { zstdContentSize } from '../../core/contract/zstd-frame.ts';
import { sha256, writeSyncedAside } from '../io/atomic.ts';

export const VARIANTS = ['br', 'zst', 'gz'] as const;
export type Variant = (typeof VARIANTS)[number];
export type Expected = Pick<FileEntry, 'sha256' | 'bytes'>;

/** Why the file is not the one meant, or null when it is: by size, then by SHA-256 of its bytes. Reads it once, in pieces. */
export async function fileProblem(path: string, expected: Expected): Promise<string | null> {
  if (!existsSync(path)) return 'missing';
  const { size } = statSync(path);
  if (size !== expected.bytes) return `${size} bytes instead of ${expected.bytes}`;
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer);
  const found = hash.digest('hex');
  return found === expected.sha256 ? null : `SHA-256 ${found} instead of ${expected.sha256}`;
}

/** Why a compressed variant does not unpack to the file meant, or null. */
export async function variantProblem(path: string, variant: Variant, expected: Expected): Promise<string | null> {
  if (!existsSync(path)) return 'missing';
  try {
    const bytes = await unpacked(variant, readFileSync(path), expected.bytes);
    const found = sha256(bytes);
    return found === expected.sha256 ? null : `unpacks to SHA-256 ${found} instead of ${expected.sha256}`;
  } catch (cause) {
    return `does not unpack (${(cause as Error).message})`;
  }
}

/** Every entry, and every variant it names, against the disk. @returns `logical path (file): what is wrong`, empty = all as they should be */
export async function fileProblems(root: string, entries: readonly FileEntry[]): Promise<string[]> {
  const problems: string[] = [];
  for (const entry of entries) {
    const path = join(root, entry.file);
    const problem = await fileProblem(path, entry);
    if (problem) problems.push(`${entry.path} (${entry.file}): ${problem}`);
    for (const variant of VARIANTS) {
      const size = entry.encoded[variant];
      if (size === undefined) continue;
      const found = existsSync(`${path}.${variant}`) ? statSync(`${path}.${variant}`).size : -1;
      const wrong =
        found >= 0 && found !== size
          ? `${found} bytes instead of ${size}`
          : await variantProblem(`${path}.${variant}`, variant, entry);
      if (wrong) problems.push(`${entry.path}.${variant} (${entry.file}.${variant}): ${wrong}`);
    }
  }
  return problems;
}

/** Only the originals, by size and hash: what a manifest is about to refer to. */
export async function originalProblems(root: string, entries: readonly FileEntry[]): Promise<string[]> {
  const problems: string[] = [];
  for (const entry of entries) {
    const problem = await fileProblem(join(root, entry.file), entry);
    if (problem) problems.push(`${entry.path} (${entry.file}): ${problem}`);
  }
  return problems;
}

/** Puts the bytes under their name, unless the very same bytes are there; a file that does not match its name is replaced. */
export async function keepOrWrite(path: string, bytes: Uint8Array, hash: string): Promise<void> {
  if ((await fileProblem(path, { sha256: hash, bytes: bytes.length })) !== null) await writeSyncedAside(path, bytes);
}

/** Keeps a variant that unpacks to the file meant, else makes it. @returns its size */
export async function keepOrMakeVariant(
  path: string,
  variant: Variant,
  expected: Expected,
  make: () => Promise<Uint8Array>,
): Promise<number> {
  const name = `${path}.${variant}`;
  if ((await variantProblem(name, variant, expected)) !== null) await writeSyncedAside(name, await make());
  return statSync(name).size;
}

/** @throws Error when the bytes are damaged, or unpack to more than `limit` bytes, the size of the original */
async function unpacked(variant: Variant, bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  switch (variant) {
    case 'br':
      return promisify(brotliDecompress)(bytes, { maxOutputLength: Math.max(1, limit) });
    case 'gz':
      return promisify(gunzip)(bytes, { maxOutputLength: Math.max(1, limit) });
    case 'zst':
      if (zstdContentSize(bytes) !== BigInt(limit)) throw new Error('the header says another size');
      return (await Zstd.load()).decompress(bytes);
    default:
      return variant satisfies never;
  }
}
