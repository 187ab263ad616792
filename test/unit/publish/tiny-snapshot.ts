import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FileEntry, Manifest } from '../../../core/contract/manifest.ts';
import { writeSynced } from '../../../pipelines/io/atomic.ts';
import { makeManifest } from '../server/support.ts';

/** Files of a made-up snapshot: `shared` of them are those of every snapshot, the others its own. Written as a publisher leaves them. */
export function tinySnapshot(
  out: string,
  number: number,
  options: { readonly files: number; readonly shared: number; readonly bytes: number; readonly mtimeMs?: number },
): Manifest {
  mkdirSync(join(out, 'files'), { recursive: true });
  const files = Array.from({ length: options.files }, (_, i): FileEntry => {
    const text = `${i < options.shared ? 'every' : number} ${i}\n`;
    const bytes = Buffer.alloc(options.bytes, text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = `files/${sha256}.json`;
    const gz = gzipSync(bytes);
    for (const [name, content] of [
      [file, bytes],
      [`${file}.gz`, gz],
    ] as const) {
      // Never written over: a reader may be in the middle of it.
      if (!existsSync(join(out, name))) writeSynced(join(out, name), content);
      if (options.mtimeMs !== undefined) utimesSync(join(out, name), options.mtimeMs / 1000, options.mtimeMs / 1000);
    }
    const rest = { rows: null, kind: 'document', grade: 'desk', division: null, period: null } as const;
    return { path: `part-${i}.json`, file, sha256, bytes: bytes.length, encoded: { gz: gz.length }, ...rest };
  });
  return { ...makeManifest(number.toString(16).padStart(16, '0')), files };
}
