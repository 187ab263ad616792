import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What decides the bytes of a snapshot: the pure core, the pipeline, the pinned dependencies. */
const PARTS = ['core', 'pipelines', 'package-lock.json'];

/** SHA-256 over the source files by name; equal code gives equal snapshots, other code gives another id. */
export function codeVersion(): string {
  const hash = createHash('sha256');
  const visit = (relative: string): void => {
    const path = join(ROOT, relative);
    if (/\.(ts|mjs|json)$/.test(relative)) {
      hash.update(`${relative}\0`).update(readFileSync(path)).update('\0');
      return;
    }
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() || /\.(ts|mjs|json)$/.test(entry.name)) visit(`${relative}/${entry.name}`);
    }
  };
  for (const part of PARTS) visit(part);
  return hash.digest('hex');
}
