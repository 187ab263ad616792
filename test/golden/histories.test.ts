import { afterEach, describe, expect, it } from 'vitest';
import { publishedManifest } from '../../pipelines/run.ts';
import { csvOf, generator, randomRow, runCity, setInputs, threeFeeds, unitFiles } from '../support/three-feeds.ts';
import type { SmallCity } from './bad-input/small-city.ts';
import { historyChecks, published, writtenAt } from './histories.ts';

let city: SmallCity | null = null;
afterEach(() => city?.remove());

describe('late data', () => {
  it('gives what one run over everything gives, whatever came before', async () => {
    const histories = Number(process.env.HEXSIGHT_HISTORIES ?? 8);
    const { runs, steps } = await historyChecks(histories, 90);
    expect(runs).toBeGreaterThanOrEqual(histories * 5);
    expect(steps.size).toBeGreaterThan(4);
  });

  it('makes only the units anew that a late row belongs to, and leaves the other files alone', async () => {
    city = threeFeeds({ factsPeriod: 'month' });
    const random = generator(91);
    const inputs: Record<string, string> = {
      'police.csv': csvOf([1, 2, 3, 4, 5, 6].map((month) => randomRow(`P${month}`, random, month))),
      'disputes-20240801.csv': csvOf([1, 3, 6].map((month) => randomRow(`D${month}`, random, month))),
    };
    for (const month of [1, 2, 3, 4, 5, 6])
      inputs[`orders-${month}.csv`] = csvOf(
        Array.from({ length: 10 }, (_, i) => randomRow(`O${month}-${i}`, random, month)),
      );
    setInputs(city, inputs);
    await runCity(city);
    const unitsBefore = unitFiles(city);
    const writtenBefore = writtenAt(city.out);
    const filesBefore = new Map(publishedManifest(city.out)?.files.map((file) => [file.path, file.sha256]));
    // One late row of the police for February, in a file of its own.
    setInputs(city, { ...inputs, 'police-late.csv': csvOf([randomRow('P-late', random, 2)]) });
    await runCity(city);
    const units = unitFiles(city);
    const unit = (name: string): string => name.split('-').slice(0, 2).join('-');
    const made = units.filter((name) => !unitsBefore.includes(name));
    expect([...new Set(made.map(unit))]).toEqual(['1-202402']);
    expect(units.filter((name) => !made.includes(name))).toEqual(
      unitsBefore.filter((name) => unit(name) !== '1-202402'),
    );
    // No file that was there was written again, and of the facts and cell cubes only February's are new.
    for (const [name, when] of writtenAt(city.out))
      if (writtenBefore.has(name)) expect(when, name).toBe(writtenBefore.get(name));
    const changed = (publishedManifest(city.out)?.files ?? [])
      .filter((file) => filesBefore.get(file.path) !== file.sha256)
      .map((file) => file.path)
      .filter((path) => /^(facts|cube\/r\d+)\//.test(path));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((path) => !path.includes('2024-02'))).toEqual([]);
  });

  it('reads a file again whose name tells another day of delivery', async () => {
    city = threeFeeds({ factsPeriod: 'month' });
    const random = generator(92);
    const rows = csvOf(Array.from({ length: 12 }, (_, i) => randomRow(`D${i}`, random, 1 + (i % 6))));
    const rest = {
      'orders-1.csv': csvOf([randomRow('O1', random, 1)]),
      'police.csv': csvOf([randomRow('P1', random, 2)]),
    };
    setInputs(city, { ...rest, 'disputes-20240601.csv': rows });
    await runCity(city);
    // The same bytes under another day, and a day later once more.
    setInputs(city, { ...rest, 'disputes-20240701.csv': rows, 'disputes-20240702.csv': rows });
    await runCity(city);
    const fresh = `${city.out}-fresh`;
    await runCity(city, fresh);
    expect(published(fresh)).toEqual(published(city.out));
  });
});
