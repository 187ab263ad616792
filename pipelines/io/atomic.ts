import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that its final name never holds half of it: temporary name → fsync → rename → fsync of the folder.
 * A crash leaves at most a `.tmp-<pid>` file, which the next run removes.
 */
export function writeAtomic(path: string, bytes: Uint8Array | string): void {
  write(path, [typeof bytes === 'string' ? Buffer.from(bytes) : bytes], true);
  syncFolder(dirname(path));
}

/** As `writeAtomic` in several pieces and without fsync: for caches of the store, which carry their own checksums. */
export function writeAtomicParts(path: string, parts: readonly Uint8Array[]): void {
  write(path, parts, false);
}

function write(path: string, parts: readonly Uint8Array[], durable: boolean): void {
  const temporary = `${path}.tmp-${process.pid}`;
  const file = openSync(temporary, 'w');
  try {
    for (const data of parts) {
      let at = 0;
      while (at < data.length) at += writeSync(file, data, at, data.length - at);
    }
    if (durable) fsyncSync(file);
  } catch (cause) {
    closeSync(file);
    unlinkSync(temporary);
    throw cause;
  }
  closeSync(file);
  renameSync(temporary, path);
}

/** Makes a rename or unlink in the folder durable. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
