import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isoDate, parseIsoDate } from '../../core/time/local-date.ts';
import { replaceFolder } from './replace-folder.ts';
import { sourcesHash } from './sources-hash.ts';
import type { Work } from './work.ts';

/** What the sample city is made by: another generator, another profile or other options make another city. */
const GENERATOR = ['data/sample', 'data/profiles/suzhou', 'data/categories.json', 'pipelines/commands/generate.ts'];

/** A sample older than this is made anew: rooms that rightly show old numbers as old would have nothing left to show. */
const KEPT_DAYS = 7;

/**
 * Raw files of the made city in the folder, up to yesterday; what was planted in `<folder>-truth`. Generated unless they come from this very
 * generator and end in the last week. Resolves with the last day of what was generated, or null.
 */
export async function makeSample(
  root: string,
  folder: string,
  { incidents }: { readonly incidents: number | null },
  { work, today }: { readonly work: Work; readonly today: number },
): Promise<string | null> {
  const mark = `${folder}.made`;
  const made = sourcesHash(root, GENERATOR, String(incidents));
  if (existsSync(folder) && existsSync(mark)) {
    const [by, lastDay] = readFileSync(mark, 'utf8').split(' ');
    const age = today - (lastDay ? parseIsoDate(lastDay) : Number.NEGATIVE_INFINITY); // a mark without a day is of an older version
    if (by === made && age >= 0 && age <= KEPT_DAYS) return null;
  }
  const lastDay = isoDate(today - 1);
  const temporary = work.temporary(folder);
  await mkdir(dirname(folder), { recursive: true });
  const size = incidents === null ? [] : ['--incidents', String(incidents)];
  await work.run('hexsight generate', [
    ...hexsight(root),
    'generate',
    '--out',
    temporary,
    '--last-day',
    lastDay,
    ...size,
  ]);
  await rm(mark, { force: true });
  await replaceFolder(`${temporary}-truth`, `${folder}-truth`);
  await replaceFolder(temporary, folder);
  await writeFile(mark, `${made} ${lastDay}`);
  return lastDay;
}

/** The command line of this repository, as arguments of Node. */
export function hexsight(root: string): string[] {
  return [join(root, 'pipelines', 'bin', 'hexsight.mjs')];
}
