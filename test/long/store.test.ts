import { expect, it } from 'vitest';
import { resumeChecks } from '../golden/publish/resume.ts';
import { storeDamageChecks } from '../golden/publish/store-damage.ts';

it('1,000 changed, cut and exchanged files of the store', async () => {
  const result = await storeDamageChecks(1000, 17);
  console.log('store damage', JSON.stringify(result));
  expect(result.mutations).toBeGreaterThanOrEqual(1000);
});

it('60 kills of a run from nothing, each resumed', async () => {
  const result = await resumeChecks(60);
  console.log('resume', JSON.stringify(result));
  expect(result.kills).toBe(60);
  expect(result.remade.units).toBeLessThanOrEqual(1);
  expect(result.remade.periods).toBeLessThanOrEqual(1);
});
