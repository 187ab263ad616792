import { cellToParent } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INDICATORS } from '../../../../core/metric/indicators.ts';
import { examplesFor } from '../../../../web/src/rooms/desk/sql/examples.ts';
import { fillConsole } from '../../../../web/src/rooms/desk/sql/fill.ts';
import { runGuarded } from '../../../../web/src/rooms/desk/sql/run.ts';
import type { ConsoleTable } from '../../../../web/src/rooms/desk/sql/tables.ts';
import { csv, type SmallCity, smallCity } from '../../../golden/bad-input/small-city.ts';
import { consoleDuckdb, consoleInput } from '../../../support/console-duckdb.ts';
import { addMadeSense } from '../../../support/made-sense.ts';
import { runCity } from '../../../support/three-feeds.ts';

/** The console over a small published city: nobody knows its population, and sensing is there. */
describe('the tables of the console', () => {
  let city: SmallCity;
  let db: Awaited<ReturnType<typeof consoleDuckdb>>;
  let tables: readonly ConsoleTable[];
  const rows = async (sql: string) => (await runGuarded(db, sql)).sheet.rows;

  beforeAll(async () => {
    city = smallCity();
    city.file('orders.csv', csv('U1,2024-03-05 23:30:00,,,noise,closed', 'U2,2024-03-06 02:00:00,,,other-kind,open'));
    await runCity(city);
    addMadeSense(city.out);
    db = await consoleDuckdb();
    tables = await fillConsole(db, consoleInput(city.out), () => undefined);
  }, 120_000);
  afterAll(() => {
    db?.close();
    city?.remove();
  });

  it('are the ones the analyst is told of, each with the columns it names', async () => {
    expect(tables.map(({ name }) => name)).toEqual([
      ...['incidents', 'cells', 'divisions', 'weeks', 'categories', 'sources', 'series', 'hotspots', 'risk'],
      ...INDICATORS.map(({ id }) => id),
    ]);
    for (const { name, columns } of tables) {
      const described = await rows(`DESCRIBE ${name}`);
      expect(
        described.map(([column]) => column),
        name,
      ).toEqual(columns.map((column) => column.name));
      await rows(`SELECT * FROM ${name} LIMIT 5`);
    }
  });

  it('hold every accepted incident once, with and without a place', async () => {
    const { manifest } = consoleInput(city.out);
    const [[n, located, unmapped]] = (await rows(
      `SELECT count(*), count(h3_10), count(*) FILTER (WHERE category = 'unmapped') FROM incidents`,
    )) as [[number, number, number]];
    expect([n, unmapped]).toEqual([manifest.totals.accepted, manifest.totals.unmapped]);
    expect(located).toBe(manifest.totals.located - manifest.totals.coarsened);
  });

  it('know the coarser cells as h3-js does', async () => {
    const cells = await rows('SELECT DISTINCT h3_10, h3_9, h3_7, h3_5 FROM incidents WHERE h3_10 IS NOT NULL');
    expect(cells.length).toBeGreaterThan(5);
    for (const [finest, ...above] of cells as string[][])
      expect(above).toEqual([9, 7, 5].map((resolution) => cellToParent(finest as string, resolution)));
  });

  it('indicators have one shape, add up, and no value where there is nothing to divide by', async () => {
    const [[n]] = (await rows('SELECT count(*) FROM incidents')) as [[number]];
    expect(await rows('SELECT sum(n) FROM ind_incidents')).toEqual([[n]]);
    expect(await rows('SELECT count(value) FROM ind_per_10k')).toEqual([[0]]);
    for (const { id } of INDICATORS)
      expect(await rows(`SELECT count(*) FROM ${id} WHERE of = 0 AND value IS NOT NULL`), id).toEqual([[0]]);
  });

  it('answer every example', async () => {
    const { manifest } = consoleInput(city.out);
    for (const { id, sql } of examplesFor(
      manifest.weeks.map(({ iso }) => iso),
      manifest.grid.overview,
    ))
      await expect(rows(sql), id).resolves.toBeDefined();
  });
});
