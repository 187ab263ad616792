import { expect, it } from 'vitest';
import { fileFaultChecks } from './file-faults.ts';
import { killChecks } from './kill.ts';

it('20 kills at random moments: never torn, never half published, and the end is as without them', async () => {
  const { killed, looks } = await killChecks(20, 7);
  expect(killed).toBe(20);
  expect(looks).toBeGreaterThan(20);
}, 600_000);

it('a failing file call, here and there over the run: a clear error, the old snapshot, nothing left behind', async () => {
  const { faults, errors } = await fileFaultChecks(8);
  expect(faults).toBeGreaterThanOrEqual(8);
  expect(errors).toBeGreaterThan(4);
}, 600_000);
