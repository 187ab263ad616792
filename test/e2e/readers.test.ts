import { expect, it } from 'vitest';
import { readerChecks } from '../golden/publish/readers.ts';

// Here, where files run one at a time: a reader that starves for a second says nothing about the server.
it('50 readers and a publisher that swaps four times a second, for 10 s: every read is one whole snapshot', async () => {
  const { reads, snapshots } = await readerChecks({ forMs: 10_000, everyMs: 250 });
  expect(reads).toBeGreaterThan(100);
  expect(snapshots).toBeGreaterThan(5);
}, 120_000);
