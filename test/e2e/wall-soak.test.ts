import { describe, it } from 'vitest';
import { soakedWall } from '../support/soaked-wall.ts';

/** Short form; `npm run test:long` has the long one. */
describe('a wall that goes on', () => {
  it('200 stops, 3 lost contexts, 5 snapshots', { timeout: 600_000 }, async () => {
    await soakedWall({ steps: 200, losses: 3, swaps: 5 }, 8);
  });
});
