import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFolder } from './replace-folder.ts';
import { sourcesHash } from './sources-hash.ts';
import type { Work } from './work.ts';

/** What the sample city is made by: another generator, another profile or other options make another city. */
const GENERATOR = ['data/sample', 'data/profiles/suzhou', 'data/categories.json', 'pipelines/commands/generate.ts'];

/** Raw files of the made city in the folder, what was planted in `<folder>-truth`; generated unless they come from this very generator. True = generated. */
export async function makeSample(
  root: string,
  folder: string,
  { incidents }: { readonly incidents: number | null },
  work: Work,
): Promise<boolean> {
  const mark = `${folder}.made`;
  const made = sourcesHash(root, GENERATOR, String(incidents));
  if (existsSync(folder) && existsSync(mark) && readFileSync(mark, 'utf8') === made) return false;
  const temporary = work.temporary(folder);
  await mkdir(dirname(folder), { recursive: true });
  const size = incidents === null ? [] : ['--incidents', String(incidents)];
  await work.run('hexsight generate', [...hexsight(root), 'generate', '--out', temporary, ...size]);
  await rm(mark, { force: true });
  await replaceFolder(`${temporary}-truth`, `${folder}-truth`);
  await replaceFolder(temporary, folder);
  await writeFile(mark, made);
  return true;
}

/** The command line of this repository, as arguments of Node. */
export function hexsight(root: string): string[] {
  return [join(root, 'pipelines', 'bin', 'hexsight.mjs')];
}
