import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../core/contract/manifest.ts';
import { EXIT, HexsightError } from '../errors.ts';
import { fileFailure } from '../io/file-failure.ts';
import { snapshotBytes } from './snapshots.ts';

/** Free space asked for: this many times what the run is expected to write. */
const MARGIN = 2;

/**
 * Makes the folders and proves that they can be written, before a row is read.
 *
 * @throws HexsightError (disk) that names the folder: a file in its place, a read-only disk, no right
 */
export function prepareFolders(out: string, store: string): void {
  for (const [folder, mode] of [
    [out, 0o755],
    [store, 0o700],
  ] as const) {
    try {
      makeFolder(folder, mode);
      const probe = join(folder, `probe.tmp-${process.pid}`);
      writeFileSync(probe, '');
      rmSync(probe, { force: true }); // a run under way may have swept it
    } catch (cause) {
      throw fileFailure(folder, cause);
    }
  }
}

/** Node says ENOENT for a recursive mkdir on a read-only disk; a plain one says what it is. */
function makeFolder(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    mkdirSync(folder, { mode });
  }
}

/**
 * Bytes a run is expected to write: as the last snapshot took, in proportion to the input; without one, the input itself.
 *
 * @param last the snapshot published before
 */
export function estimateBytes(inputBytes: number, last: Manifest | null): number {
  const lastInput = last?.from.inputs.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0; // none: the input itself
  return last && lastInput > 0 ? Math.ceil(snapshotBytes(last) * (inputBytes / lastInput)) : inputBytes;
}

/** @throws HexsightError (disk) when less than twice the estimate is free on a disk that will be written */
export function checkSpace(folders: readonly string[], estimate: number): void {
  const problems = folders.flatMap((folder) => {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    return free < MARGIN * estimate
      ? [
          `${folder}: ${megabytes(free)} free 可用, ${megabytes(MARGIN * estimate)} needed 需要 ` +
            `(${MARGIN} × ${megabytes(estimate)} expected 预计); nothing was written 未写入任何内容`,
        ]
      : [];
  });
  if (problems.length > 0) throw new HexsightError(EXIT.disk, dirname(folders[0] as string), problems);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
