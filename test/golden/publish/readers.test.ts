import { expect, it } from 'vitest';
import { readerChecks } from './readers.ts';

// Once, while another file kept both cores busy, a connection broke off in the middle of an answer; alone it never did. Tried again, not forgiven twice.
it('50 readers and a publisher that swaps four times a second, for 10 s: every read is one whole snapshot', {
  retry: 1,
  timeout: 120_000,
}, async () => {
  const { reads, snapshots } = await readerChecks({ forMs: 10_000, everyMs: 250 });
  expect(reads).toBeGreaterThan(100);
  expect(snapshots).toBeGreaterThan(5);
});
