import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { precompress } from '../../server/precompress.ts';
import { replaceFolder } from './replace-folder.ts';
import { sourcesHash } from './sources-hash.ts';
import type { Work } from './work.ts';

const SOURCES = ['web', 'core', 'tiles', 'vite.config.ts', 'package-lock.json', 'server/precompress.ts'];
/** Inside the built folder, so that both are swapped at once; a hidden name is never served. */
const MARK = '.build.json';

/** Builds `dist/web` with compressed variants, unless it was built from these very sources. True = it was built. */
export async function buildWeb(root: string, work: Work): Promise<boolean> {
  const folder = join(root, 'dist', 'web');
  const sources = sourcesHash(root, SOURCES);
  if (builtFrom(folder) === sources) return false;
  const temporary = work.temporary(folder);
  await mkdir(dirname(folder), { recursive: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  // Asked for by a test, the environment says so, and React would come with its development half: beyond the budget, and not what is shipped.
  const env = { ...process.env, NODE_ENV: 'production' };
  await work.run('vite build', [vite, 'build', '--outDir', temporary, '--emptyOutDir'], { quiet: true, env });
  await precompress(temporary, { cache: join(root, '.hexsight', 'compressed') });
  await writeFile(join(temporary, MARK), JSON.stringify({ sources }));
  await replaceFolder(temporary, folder);
  return true;
}

function builtFrom(folder: string): string | null {
  try {
    return JSON.parse(readFileSync(join(folder, MARK), 'utf8')).sources;
  } catch {
    return null;
  }
}
