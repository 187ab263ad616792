import { expect, it } from 'vitest';
import { fileFaultChecks } from '../golden/publish/file-faults.ts';
import { killChecks } from '../golden/publish/kill.ts';

it('200 kills at random moments', async () => {
  const result = await killChecks(200, 11);
  console.log('kills', JSON.stringify(result));
  expect(result.killed).toBe(200);
});

it('every call of the file layer fails once', async () => {
  const result = await fileFaultChecks(null);
  console.log('file faults', JSON.stringify(result));
  expect(result.faults).toBe(result.calls + result.workerCalls);
});
