import { expect, it } from 'vitest';
import { resumeChecks } from './resume.ts';
import { storeDamageChecks } from './store-damage.ts';

it('70 changed, cut and exchanged files of the store: made anew, and every published byte is the same', async () => {
  const { mutations, told, byKind } = await storeDamageChecks(70, 3);
  expect(mutations).toBeGreaterThanOrEqual(70);
  expect(told).toBeGreaterThanOrEqual(2);
  const kinds = new Set(Object.keys(byKind).map((name) => name.split(',')[0]));
  for (const kind of [
    'segment',
    'summary',
    'table',
    'counts',
    'points',
    'grid',
    'settled',
    'built.json',
    'wall.json',
    'tested.json',
    'input-hashes.json',
    'id.key',
    'lock',
  ])
    expect(kinds, kind).toContain(kind);
}, 900_000);

it('a killed run costs at most the part, unit and period under way', async () => {
  const { kills, kept, remade } = await resumeChecks(5);
  expect(kills).toBe(5);
  expect(kept.units).toBeGreaterThan(0);
  expect(kept.periods).toBeGreaterThan(0);
  expect(remade.units).toBeLessThanOrEqual(1);
  expect(remade.periods).toBeLessThanOrEqual(1);
}, 900_000);
