import { expect, it } from 'vitest';
import { damageChecks } from './damage.ts';

it('1,000 damaged artifacts: verify, server and browser refuse every one', async () => {
  const { originals, variants, byKind } = await damageChecks(1000, 5);
  expect(originals).toBeGreaterThanOrEqual(1000);
  // Two of every second round over all files; with the files of sensing there are fewer rounds to a thousand.
  expect(variants).toBeGreaterThan(30);
  // Every kind of artifact in every way.
  const kinds = new Set(Object.keys(byKind).map((name) => name.split(',')[0]));
  expect(kinds).toEqual(new Set(['grid', 'divisions', 'geometry', 'facts', 'cube', 'sense', 'document']));
  expect(Object.keys(byKind)).toHaveLength(kinds.size * 5);
}, 600_000);
