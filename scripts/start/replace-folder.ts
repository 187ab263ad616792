import { rename, rm } from 'node:fs/promises';

/** Puts a finished folder in the place of an older one. Between the two renames there is none, never a mixed one. */
export async function replaceFolder(temporary: string, folder: string): Promise<void> {
  const old = `${temporary}-old`;
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(temporary, folder);
  await rm(old, { recursive: true, force: true });
}
