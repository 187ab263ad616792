import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface FoundFile {
  /** The root with every link resolved. */
  readonly root: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,140}$/;
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EINVAL']);

/**
 * A plain file below `root`, or null. Refused although it may exist: a name with a segment outside the strict
 * pattern (`..`, hidden files, separators of another system), and anything reached through a symbolic link. The root
 * itself may be a link, so that an operator can swap whole folders.
 *
 * @param name segments joined by `/`
 */
export async function findFile(root: string, name: string): Promise<FoundFile | null> {
  const segments = name.split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) return null;
  try {
    const realRoot = await realpath(root);
    const path = join(realRoot, segments.join(sep));
    if ((await realpath(path)) !== path) return null;
    const stat = await lstat(path);
    return stat.isFile() ? { root: realRoot, name, path, bytes: stat.size, mtimeMs: stat.mtimeMs } : null;
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
