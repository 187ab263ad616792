import { describe, it } from 'vitest';
import { soakedWall } from '../support/soaked-wall.ts';

/**
 * Short form; `npm run test:long` has the long one. 200 stops are still warm-up (measured 9 MB per 1,000 stops at a heap of 18 MB), so this
 * only finds what a map or a chart made anew at each stop would cost: a megabyte a stop.
 */
describe('a wall that goes on', () => {
  it('200 stops, 3 lost contexts, 5 snapshots', { timeout: 600_000 }, async () => {
    await soakedWall({ steps: 200, losses: 3, swaps: 5 }, 40);
  });
});
