import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that its final name never holds half of it: temporary name → fsync → rename → fsync of the folder.
 * A crash leaves at most a `.tmp-<pid>` file, which the next run removes.
 */
export function writeAtomic(path: string, bytes: Uint8Array | string): void {
  const temporary = `${path}.tmp-${process.pid}`;
  const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const file = openSync(temporary, 'w');
  try {
    let at = 0;
    while (at < data.length) at += writeSync(file, data, at, data.length - at);
    fsyncSync(file);
  } catch (cause) {
    closeSync(file);
    unlinkSync(temporary);
    throw cause;
  }
  closeSync(file);
  renameSync(temporary, path);
  syncFolder(dirname(path));
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
