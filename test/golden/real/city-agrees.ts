import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPipeline } from '../../../pipelines/run.ts';
import { byteScanner } from './byte-scan.ts';
import { cubeChecks } from './cubes-agree.ts';
import {
  districtOf,
  expectedDivision,
  expectedLine,
  type Grading,
  gradings,
  monthOf,
  parentOf,
  publishedLine,
} from './expected-facts.ts';
import { gridChecks } from './grid-agrees.ts';
import { type Published, readPublished, snapshotFiles } from './published.ts';
import { keptCity } from './real-data.ts';
import { sameBytesCheck } from './same-bytes.ts';
import { differences, tally } from './tally.ts';
import type { PlaceOf, Truth } from './truth.ts';

export interface CityCase {
  readonly city: string;
  readonly input: string;
  readonly truth: () => Promise<Truth>;
  /** Feed → what must be added to the row of the truth to get the record number in the file: 1 where a header is record 1. */
  readonly headerRecords: Readonly<Record<string, number>>;
  /** Texts of the raw files that identify people, firms or addresses: none may be published. */
  readonly canaries: () => Promise<readonly string[]>;
  /** Place of a point, independent of the pipeline. */
  readonly placeOf: PlaceOf;
  /** Area of the divisions by code, worked out from the raw outlines. */
  readonly areaOf: () => ReadonlyMap<string, number>;
  /** Persons by code of a division of level 1, where the raw files say. */
  readonly persons?: () => Promise<ReadonlyMap<string, number>>;
}

export interface Loaded {
  readonly truth: Truth;
  readonly published: Published;
  readonly grading: ReadonlyMap<string, Grading>;
  readonly areaOf: ReadonlyMap<string, number>;
}

const RUN_MS = 300_000;

/** Runs the pipeline once on a real city and holds everything it publishes against the truth worked out by SQL and turf. */
export function cityAgrees(test: CityCase): void {
  const scratch = mkdtempSync(join(tmpdir(), `hexsight-${test.city}-`));
  const out = keptCity(test.city) ?? join(scratch, 'snapshot');
  let loaded: Loaded;
  const at = (): Loaded => loaded;

  beforeAll(async () => {
    await runPipeline({ profile: test.city, input: test.input, out, quiet: true });
    const published = readPublished(out);
    loaded = { truth: await test.truth(), published, grading: gradings(), areaOf: test.areaOf() };
  }, RUN_MS);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  describe('rows', () => {
    it('are read, accepted and rejected as SQL finds them, per feed and reason', () => {
      const { truth, published } = at();
      const expected = tally(truth.rows, (row) => `${row.feed}: ${row.reason ?? 'accepted'}`);
      const found = new Map<string, number>();
      for (const file of published.quality.files) {
        const rejected = Object.values(file.rejected).reduce((sum, n) => sum + n, 0);
        expect(file.read, file.name).toBe(file.accepted + rejected);
        found.set(`${file.feed}: accepted`, file.accepted);
        for (const [reason, n] of Object.entries(file.rejected)) if (n > 0) found.set(`${file.feed}: ${reason}`, n);
      }
      expect(differences(expected, found)).toEqual([]);
      expect(published.manifest.totals.read).toBe(truth.rows.length);
      expect(published.manifest.totals.accepted).toBe(truth.accepted.length);
    });

    it('that SQL rejects are exactly those in the rejects files of the store', () => {
      const { truth, published } = at();
      const expected = tally(
        truth.rows.filter((row) => row.reason !== null),
        (row) => `${row.feed} record ${row.row + test.headerRecords[row.feed]!}: ${row.reason}`,
      );
      const listed = published.quality.files.flatMap(({ feed, name }) => {
        const path = join(`${out}.store`, 'rejects', feed, `${name}.csv`);
        if (!existsSync(path)) return [];
        const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
        return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data.map((row) => ({
          feed,
          row: row['行 row'],
          reason: row['原因代码 reason'],
        }));
      });
      const found = tally(listed, ({ feed, row, reason }) => `${feed} record ${row}: ${reason}`);
      expect(differences(expected, found)).toEqual([]);
    });

    it('without a mapping or a place are counted per feed', () => {
      const { truth, published } = at();
      const expected = tally(truth.accepted, (row) => `${row.feed}: ${row.unlocated ?? 'located'}`);
      const found = new Map<string, number>();
      for (const file of published.quality.files) {
        const unlocated = Object.values(file.unlocated).reduce((sum, n) => sum + n, 0);
        found.set(`${file.feed}: located`, file.accepted - unlocated);
        for (const [reason, n] of Object.entries(file.unlocated)) if (n > 0) found.set(`${file.feed}: ${reason}`, n);
      }
      expect(differences(expected, found)).toEqual([]);
      const unmapped = tally(
        truth.accepted.filter((row) => row.category === 'unmapped'),
        (row) => row.feed,
      );
      const listed = tally(
        published.quality.unmapped,
        (one) => one.feed,
        (one) => one.rows,
      );
      expect(differences(unmapped, listed)).toEqual([]);
    });

    it('without a mapping or a place are counted per source', () => {
      const { truth, published } = at();
      for (const source of published.manifest.dictionaries.sources) {
        const own = truth.accepted.filter((row) => row.source === source.key);
        expect(source.accepted, source.key).toBe(own.length);
        expect(source.unmapped, source.key).toBe(own.filter((row) => row.category === 'unmapped').length);
        expect(source.located, source.key).toBe(own.filter((row) => row.cell !== null).length);
        expect(source.divisionOnly, source.key).toBe(
          own.filter((row) => row.cell === null && row.divisions !== null).length,
        );
        const expected = tally(
          own.filter((row) => row.unlocated !== null),
          (row) => row.unlocated!,
        );
        const found = new Map(Object.entries(source.unlocated).filter(([, n]) => n > 0));
        expect(differences(expected, found), source.key).toEqual([]);
      }
    });
  });

  describe('facts', () => {
    it('by source × category × month × district equal the counts by SQL and turf', () => {
      const { truth, published, grading, areaOf } = at();
      const district = (incident: Truth['accepted'][number]): string => {
        const code = expectedDivision(incident, grading.get(incident.category)!.sensitive, areaOf);
        return code === 'unlocated' || code === 'city' ? code : incident.divisions![0]!;
      };
      const expected = tally(truth.accepted, (row) =>
        [row.source, row.category, monthOf(row.day), district(row)].join(' | '),
      );
      const found = tally(published.facts, (fact) =>
        [fact.source, fact.category, monthOf(fact.day), districtOf(published, fact)].join(' | '),
      );
      expect(differences(expected, found)).toEqual([]);
    });

    it('are the accepted rows one by one: cell of latLngToCell, division, day, hour, category, severity, stage, closing', () => {
      const { truth, published, grading, areaOf } = at();
      const expected = tally(truth.accepted, (row) => expectedLine(row, grading.get(row.category)!, areaOf));
      const found = tally(published.facts, (fact) => publishedLine(fact, published));
      expect(differences(expected, found)).toEqual([]);
    });

    it('of a sensitive category name a coarse cell only: every one in that cell carries the same id', () => {
      const { published, grading } = at();
      const ids = new Map<string, Set<number>>();
      const resolutions = { sensitive: new Set<number>(), other: new Set<number>() };
      for (const fact of published.facts) {
        if (fact.cellId === null) continue;
        const sensitive = grading.get(fact.category)!.sensitive;
        resolutions[sensitive ? 'sensitive' : 'other'].add(fact.res);
        if (!sensitive) continue;
        const parent = parentOf(published.cells[fact.cellId]!, 8);
        ids.set(parent, (ids.get(parent) ?? new Set()).add(fact.cellId));
      }
      expect([...resolutions.other]).toEqual([10]);
      expect([...resolutions.sensitive].every((resolution) => resolution === 8)).toBe(true);
      expect([...ids].filter(([, own]) => own.size > 1)).toEqual([]);
    });

    it('lie in the file of their division and period, sorted by cell, division, source, category, day, hour', () => {
      const { published } = at();
      for (const file of published.manifest.files.filter((entry) => entry.kind === 'facts')) {
        const own = published.facts.filter((fact) => fact.file === file);
        expect(own.length, file.path).toBe(file.rows);
        const outside = own.filter((fact) => fact.day < file.period!.firstDay || fact.day >= file.period!.endDay);
        expect(outside, file.path).toEqual([]);
        const divisions = new Set(own.map((fact) => districtOf(published, fact)));
        const cut = published.divisions.some((division) => division.level === 1 && division.code === file.division);
        if (cut) expect([...divisions], file.path).toEqual([file.division]);
        const sorted = own.every((fact, k) => k === 0 || !isBefore(fact.order, own[k - 1]!.order));
        expect(sorted, file.path).toBe(true);
      }
    });
  });

  describe('divisions', () => {
    it('have the area of the raw outlines within half a percent, and no other codes', () => {
      const { published, areaOf } = at();
      const below = published.divisions.filter((division) => division.level > 0);
      expect(below.map((division) => division.code).sort()).toEqual([...areaOf.keys()].sort());
      const off = below.filter((division) => Math.abs(division.areaKm2 / areaOf.get(division.code)! - 1) > 0.005);
      expect(off).toEqual([]);
    });

    it('have the persons of the raw file, or null where it does not say', async () => {
      const { published } = at();
      const persons = (await test.persons?.()) ?? new Map<string, number>();
      for (const division of published.divisions.filter((one) => one.level === 1)) {
        expect(division.population, division.code).toBe(persons.get(division.code) ?? null);
      }
      for (const division of published.divisions.filter((one) => one.level > 1)) expect(division.population).toBeNull();
      const all = [...persons.values()].reduce((sum, n) => sum + n, 0);
      expect(published.divisions[0]!.population).toBe(persons.size > 0 ? all : null);
    });
  });

  describe('grid', () => gridChecks(at, test.placeOf));

  describe('cubes', () => cubeChecks(at));

  describe('privacy', () => {
    it('no firm, person, address, description or number of the raw files occurs in a published byte', async () => {
      const { published } = at();
      const canaries = await test.canaries();
      expect(canaries.length).toBeGreaterThan(400);
      const scan = byteScanner(canaries);
      expect(scan(Buffer.from(`…${canaries[0]}…`))).toEqual([canaries[0]]);
      for (const file of snapshotFiles(published.folder)) {
        expect(scan(readFileSync(join(published.folder, file))), file).toEqual([]);
      }
    });
  });

  describe('run', () => sameBytesCheck({ city: test.city, input: test.input, scratch, first: out }));
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const k = a.findIndex((value, i) => value !== b[i]);
  return k >= 0 && a[k]! < b[k]!;
}
