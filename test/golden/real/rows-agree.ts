import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunSummary, runPipeline } from '../../../pipelines/run.ts';
import { expectedLine, type Grading, gradings, publishedLine } from './expected-facts.ts';
import { type Published, readPublished } from './published.ts';
import { differences, tally } from './tally.ts';
import type { Truth } from './truth.ts';

export interface RowsCase {
  readonly profile: string;
  readonly input: () => string;
  readonly truth: () => Promise<Truth>;
  readonly areaOf: () => ReadonlyMap<string, number>;
  /** Header records before the first row, per feed. */
  readonly headerRecords: Readonly<Record<string, number>>;
}

export interface RowsLoaded {
  readonly truth: Truth;
  readonly published: Published;
  readonly summary: RunSummary;
}

const RUN_MS = 600_000;

/**
 * Runs the pipeline once and holds every row against the truth worked out by SQL and turf: read = accepted + rejected per feed and
 * reason, each refused row by its number, and the facts line by line. The short form of `cityAgrees`, for large inputs.
 */
export function rowsAgree(test: RowsCase): () => RowsLoaded {
  const scratch = mkdtempSync(join(tmpdir(), `hexsight-${test.profile}-`));
  const out = join(scratch, 'snapshot');
  let loaded: RowsLoaded;
  let grading: ReadonlyMap<string, Grading>;

  beforeAll(async () => {
    const summary = await runPipeline({ profile: test.profile, input: test.input(), out, quiet: true });
    loaded = { summary, published: readPublished(out), truth: await test.truth() };
    grading = gradings();
  }, RUN_MS);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  describe('rows', () => {
    it('are read, accepted and rejected as SQL finds them, per feed and reason', () => {
      const { truth, published } = loaded;
      const expected = tally(truth.rows, (row) => `${row.feed}: ${row.reason ?? 'accepted'}`);
      const found = new Map<string, number>();
      for (const file of published.quality.files) {
        expect(file.read, file.name).toBe(file.accepted + Object.values(file.rejected).reduce((sum, n) => sum + n, 0));
        found.set(`${file.feed}: accepted`, file.accepted);
        for (const [reason, n] of Object.entries(file.rejected)) if (n > 0) found.set(`${file.feed}: ${reason}`, n);
      }
      expect(differences(expected, found)).toEqual([]);
      expect(published.manifest.totals.read).toBe(truth.rows.length);
      expect(published.manifest.totals.accepted).toBe(truth.accepted.length);
    });

    it('that SQL rejects are exactly those in the rejects files of the store', () => {
      const { truth, published } = loaded;
      const expected = tally(
        truth.rows.filter((row) => row.reason !== null),
        (row) => `${row.feed} record ${row.row + test.headerRecords[row.feed]!}: ${row.reason}`,
      );
      const listed = published.quality.files.flatMap(({ feed, name }) => {
        const path = join(`${out}.store`, 'rejects', feed, `${name}.csv`);
        if (!existsSync(path)) return [];
        const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
        const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
        return rows.map((row) => ({ feed, row: row['行 row'], reason: row['原因代码 reason'] }));
      });
      const found = tally(listed, ({ feed, row, reason }) => `${feed} record ${row}: ${reason}`);
      expect(differences(expected, found)).toEqual([]);
    });

    it('are located, known by division only, unlocated and unmapped as SQL and turf find them, per source', () => {
      const { truth, published } = loaded;
      for (const source of published.manifest.dictionaries.sources) {
        const own = truth.accepted.filter((row) => row.source === source.key);
        const expected = {
          accepted: own.length,
          located: own.filter((row) => row.cell !== null).length,
          divisionOnly: own.filter((row) => row.cell === null && row.divisions !== null).length,
          unmapped: own.filter((row) => row.category === 'unmapped').length,
          unlocated: Object.fromEntries(
            tally(
              own.filter((row) => row.unlocated !== null),
              (row) => row.unlocated!,
            ),
          ),
        };
        const { accepted, located, divisionOnly, unmapped, unlocated } = source;
        expect({ accepted, located, divisionOnly, unmapped, unlocated }, source.key).toEqual(expected);
      }
    });
  });

  it('facts are the accepted rows one by one: cell, division, day, hour, category, severity, stage, closing', () => {
    const { truth, published } = loaded;
    const areaOf = test.areaOf();
    const expected = tally(truth.accepted, (row) => expectedLine(row, grading.get(row.category)!, areaOf));
    const found = tally(published.facts, (fact) => publishedLine(fact, published));
    expect(differences(expected, found)).toEqual([]);
  });

  it('no file is said to be in another datum', () => {
    expect(loaded.published.quality.files.filter((file) => file.datum.length > 0)).toEqual([]);
  });
  return () => loaded;
}
