import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import type { Browser, Page } from 'playwright-core';
import type { Manifest } from '../../core/contract/manifest.ts';
import type { Filters } from '../../web/src/query/filters.ts';
import { hourSlot } from '../../web/src/query/hour-slots.ts';
import { type BaselineColumns, type BaselineSizes, baselinePass } from './web-baseline.ts';
import type { FilterChange } from './web-changes.ts';

export interface Baseline {
  readonly columns: BaselineColumns;
  readonly sizes: BaselineSizes;
}

/** The facts of a snapshot in the order of the files, as columns of the least width. */
export function baselineColumns(snapshot: string, manifest: Manifest): Baseline {
  const files = manifest.files.filter(({ kind }) => kind === 'facts');
  const rows = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
  const cells = manifest.grid.cells[String(manifest.grid.finest)] ?? 0;
  const divisions = manifest.files.find(({ path }) => path === 'divisions.arrow')?.rows ?? 0;
  const monday = manifest.weeks[0]?.firstDay ?? 0;
  const columns = {
    rows,
    cell: new Uint32Array(rows),
    week: new Uint8Array(rows),
    source: new Uint8Array(rows),
    category: new Uint8Array(rows),
    division: new Uint16Array(rows),
    hours: new Uint8Array(rows),
  };
  let at = 0;
  for (const { file } of files) {
    const table = tableFromIPC(readFileSync(join(snapshot, file)));
    const column = (name: string) => table.getChild(name).toArray() as ArrayLike<number | null>;
    const [cell, day, hour, source, category, division] = [
      column('cell_id'),
      column('day'),
      column('hour'),
      column('source'),
      column('category'),
      column('division'),
    ];
    for (let row = 0; row < table.numRows; row++, at++) {
      columns.cell[at] = cell[row] ?? cells;
      columns.week[at] = Math.floor(((day[row] ?? 0) - monday) / 7);
      columns.source[at] = source[row] ?? 0;
      columns.category[at] = category[row] ?? 0;
      columns.division[at] = division[row] ?? divisions;
      columns.hours[at] = hourSlot(day[row] ?? 0, hour[row] ?? null);
    }
  }
  const sizes = {
    weeks: manifest.weeks.length,
    sources: Math.max(...manifest.dictionaries.sources.map(({ id }) => id + 1)),
    categories: manifest.dictionaries.categories.length,
    divisions,
    cells,
  };
  return { columns, sizes };
}

/** A page that holds the columns and does nothing else, in the same browser as the desk. */
export async function openBaseline(browser: Browser, url: string, { columns }: Baseline): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 320, height: 200 } });
  await page.goto(url);
  await page.evaluate(`globalThis.baselinePass = ${baselinePass.toString()}`);
  await page.evaluate((rows) => {
    Object.assign(globalThis, { columns: { rows } });
  }, columns.rows);
  for (const [name, values] of Object.entries(columns)) {
    if (typeof values === 'number') continue;
    // In slices: one message of a hundred megabytes is refused.
    await page.evaluate(
      ({ name: key, kind, length }) => {
        const made =
          kind === 'Uint32Array'
            ? new Uint32Array(length)
            : kind === 'Uint16Array'
              ? new Uint16Array(length)
              : new Uint8Array(length);
        Object.assign((globalThis as never as { columns: object }).columns, { [key]: made });
      },
      { name, kind: values.constructor.name, length: values.length },
    );
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    for (let from = 0; from < bytes.length; from += 8_000_000)
      await page.evaluate(
        ({ name: key, from: start, text }) => {
          const target = (globalThis as never as { columns: Record<string, Uint8Array> }).columns[key];
          if (!target) return;
          const part = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          new Uint8Array(target.buffer).set(part, start);
        },
        { name, from, text: bytes.toString('base64', from, Math.min(bytes.length, from + 8_000_000)) },
      );
  }
  return page;
}

/** Pre-order range of a division by its code. */
export type Subtrees = (code: string) => Filters['division'];

/** Names → small integers, as the desk does it. */
export function filtersOf(change: FilterChange, manifest: Manifest, subtree: Subtrees): Filters {
  const { sources, categories } = manifest.dictionaries;
  return {
    weeks: change.weeks,
    sources: change.sources.flatMap((key) => sources.filter((source) => source.key === key).map(({ id }) => id)),
    categories: change.categories.flatMap((code) =>
      categories.filter((category) => category.code === code).map(({ id, end }) => ({ id, end })),
    ),
    division: change.division === null ? null : subtree(change.division),
    area: null,
    hours: change.hours,
  };
}

/** @returns milliseconds of one pass */
export function measureBaseline(page: Page, { sizes }: Baseline, filters: Filters): Promise<number> {
  return page.evaluate(
    ({ sizes: of, filters: value }) => {
      const here = globalThis as never as { baselinePass: typeof baselinePass; columns: BaselineColumns };
      const startedMs = performance.now();
      here.baselinePass(here.columns, of, value);
      return performance.now() - startedMs;
    },
    { sizes, filters },
  );
}
