import { describe, it } from 'vitest';
import { soakedWall } from '../support/soaked-wall.ts';

describe('a wall that stands for weeks', () => {
  it('5,000 stops, 20 lost contexts, 50 snapshots', async () => {
    await soakedWall({ steps: 5000, losses: 20, swaps: 50 }, 2);
  });
});
