import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Manifest, SCHEMA_VERSION } from '../../core/contract/manifest.ts';
import type { Variant } from '../http/encoding.ts';
import { findFile } from './find-file.ts';

export type Published =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly why: string }
  /** Published by a release with another format of snapshots. */
  | { readonly kind: 'other-version'; readonly schemaVersion: number; readonly expected: number }
  | {
      readonly kind: 'published';
      readonly snapshot: string;
      readonly tag: string;
      readonly bytes: Buffer;
      readonly variants: readonly Variant<Buffer>[];
    };

export interface ManifestStore {
  current(): Promise<Published>;
}

/**
 * Looks at the file on every call and reads it again as soon as its inode, time or size differ: the publisher swaps
 * it by rename, and from then on everybody gets the new one. Compressed here and not by the publisher, because two
 * files cannot be swapped at one moment.
 */
export function manifestStore(snapshotRoot: string): ManifestStore {
  let last: { readonly key: string; readonly published: Published } | null = null;
  return {
    async current() {
      const found = await findFile(snapshotRoot, 'manifest.json');
      if (!found) return { kind: 'none' };
      const handle = await open(found.path, 'r').catch(() => null);
      if (!handle) return { kind: 'none' };
      try {
        const { ino, mtimeNs, size } = await handle.stat({ bigint: true });
        const key = `${ino}/${mtimeNs}/${size}`;
        if (last?.key !== key) last = { key, published: await published(await handle.readFile()) };
        return last.published;
      } finally {
        await handle.close();
      }
    },
  };
}

async function published(bytes: Buffer): Promise<Published> {
  const manifest = parsed(bytes);
  if (!manifest.ok) return manifest.why;
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    promisify(gzip)(bytes),
  ]);
  return {
    kind: 'published',
    snapshot: manifest.snapshot,
    tag: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
    bytes,
    variants: [
      { suffix: 'br', bytes: br.length, content: br },
      { suffix: 'gz', bytes: gz.length, content: gz },
    ],
  };
}

type Unreadable = Extract<Published, { kind: 'damaged' | 'other-version' }>;

function parsed(bytes: Buffer): { ok: true; snapshot: string } | { ok: false; why: Unreadable } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return damaged((error as Error).message);
  }
  const manifest = Manifest.safeParse(json);
  if (manifest.success) return { ok: true, snapshot: manifest.data.snapshot };
  const { format, schemaVersion } = (json ?? {}) as { format?: unknown; schemaVersion?: unknown };
  if (format === 'hexsight-snapshot' && typeof schemaVersion === 'number' && schemaVersion !== SCHEMA_VERSION)
    return { ok: false, why: { kind: 'other-version', schemaVersion, expected: SCHEMA_VERSION } };
  const issue = manifest.error.issues[0];
  return damaged(`${issue?.path.join('.') || 'manifest'}: ${issue?.message ?? 'not a manifest'}`);
}

function damaged(why: string): { ok: false; why: Unreadable } {
  return { ok: false, why: { kind: 'damaged', why } };
}
