import { expect, it } from 'vitest';
import { readerChecks } from '../golden/publish/readers.ts';

it('50 readers and a publisher that swaps every second, for 10 minutes', async () => {
  const result = await readerChecks({ forMs: 600_000, everyMs: 1000 });
  console.log('readers', JSON.stringify(result));
  expect(result.snapshots).toBeGreaterThan(300);
});
