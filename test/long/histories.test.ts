import { expect, it } from 'vitest';
import { historyChecks } from '../golden/histories.ts';

it('R9: 100 random histories of deliveries give what one run over everything gives', async () => {
  const { steps } = await historyChecks(Number(process.env.HEXSIGHT_HISTORIES ?? 100), 900);
  expect(steps.size).toBe(7);
});
