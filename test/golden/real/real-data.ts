import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const REPO = fileURLToPath(new URL('../../../', import.meta.url));
export const PROFILES = join(REPO, 'data/profiles');
export const CLI = join(REPO, 'pipelines/bin/hexsight.mjs');

/** Real data lives outside the repository and is never copied into it. */
export const REAL_DATA = resolve(REPO, process.env.HEXSIGHT_REAL_DATA ?? '../shared/data');

/** Runs the tests of a city where its data is; elsewhere one visible skipped test says what to set. */
export function describeReal(city: string, tests: (input: string) => void): void {
  const input = join(REAL_DATA, city);
  if (existsSync(input)) {
    describe(`real data of ${city}`, () => tests(input));
    return;
  }
  const why = `NOT RUN: no folder ${input}; set HEXSIGHT_REAL_DATA to the folder that holds ${city}/`;
  console.warn(why);
  describe(`real data of ${city}`, () => {
    it.skip(why, () => undefined);
  });
}

/**
 * Where one run of all tests keeps the snapshot of a real city for the parts that come later (`scripts/test/main.ts` makes and removes the
 * folder); null when a part runs alone.
 */
export function keptCity(city: string): string | null {
  const kept = process.env.HEXSIGHT_TEST_CITIES;
  return kept ? join(kept, city) : null;
}
