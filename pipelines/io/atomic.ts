import { createHash } from 'node:crypto';
import { closeSync, fsync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { fileFailure } from './file-failure.ts';

/**
 * Writes a file so that its final name never holds half of it: temporary name → fsync → rename → fsync of the folder.
 * A crash leaves at most a `.tmp-<pid>` file, which the next run removes.
 *
 * @throws HexsightError (disk) that names the file
 */
export function writeAtomic(path: string, bytes: Uint8Array | string): void {
  writeSynced(path, bytes);
  syncFolder(dirname(path));
}

/** As `writeAtomic`, but the name becomes durable only with the caller's `syncFolder`: once for many files. */
export function writeSynced(path: string, bytes: Uint8Array | string): void {
  write(path, [typeof bytes === 'string' ? Buffer.from(bytes) : bytes], true);
}

const synced = promisify(fsync);

/** As `writeSynced`, but the thread goes on while the disk makes the bytes durable. One writer a path at a time. */
export async function writeSyncedAside(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`;
  try {
    const file = openSync(temporary, 'w');
    try {
      writeAll(file, bytes);
      await synced(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    tryToRemove(temporary);
    throw fileFailure(path, cause);
  }
}

/** As `writeAtomic` in several pieces and without fsync: for caches of the store, which carry their own checksums. */
export function writeAtomicParts(path: string, parts: readonly Uint8Array[]): void {
  write(path, parts, false);
}

function write(path: string, parts: readonly Uint8Array[], durable: boolean): void {
  const temporary = `${path}.tmp-${process.pid}`;
  try {
    const file = openSync(temporary, 'w');
    try {
      for (const data of parts) writeAll(file, data);
      if (durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    tryToRemove(temporary);
    throw fileFailure(path, cause);
  }
}

function writeAll(file: number, data: Uint8Array): void {
  let at = 0;
  while (at < data.length) at += writeSync(file, data, at, data.length - at);
}

/** Makes renames and unlinks in the folder durable. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw fileFailure(folder, cause);
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The first failure is what counts; what stays is swept by the next run. */
function tryToRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Never made, or this disk refuses everything.
  }
}
