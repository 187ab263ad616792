import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../core/contract/manifest.ts';
import { packShapes } from '../../core/geo/division-index.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import { loadProfile } from '../../pipelines/config/load-profile.ts';
import { cubeReader, DataTestError, testData } from '../../pipelines/data-tests.ts';
import { type Duck, openDuck } from '../../pipelines/io/duck.ts';
import { keptManifestPath, manifestPath, publishedManifest } from '../../pipelines/publish/snapshot-folder.ts';
import { type AggregatePlan, overviewPlan, UNIT_PLANS } from '../../pipelines/sql/plan.ts';
import {
  loadDimensions,
  type Period,
  publishPeriod,
  publishWindowCubes,
  type TimeFrame,
  timeFrame,
  unitsIn,
} from '../../pipelines/steps/aggregate.ts';
import { ArtifactWriter } from '../../pipelines/steps/artifact-writer.ts';
import { type CellAncestors, cellAncestors } from '../../pipelines/steps/cell-ancestors.ts';
import { loadDivisions } from '../../pipelines/steps/divisions.ts';
import { studyGrid } from '../../pipelines/steps/grid.ts';
import { coarseDivisions, ingest } from '../../pipelines/steps/ingest.ts';
import { findInputs } from '../../pipelines/steps/inputs.ts';
import { categoryTotals, placeTotals } from '../../pipelines/steps/reports.ts';
import { judgePlaces, type Settled, settleFeeds } from '../../pipelines/steps/settle-feeds.ts';
import { buildUnits, type Counts, planUnits, readCounts, type Unit } from '../../pipelines/steps/units.ts';
import { verifySnapshot } from '../../pipelines/verify.ts';
import type { SmallCity } from '../golden/bad-input/small-city.ts';

/** One fault put into the aggregation: into its SQL, its look-up tables, its rows, its plans or its periods. */
export interface Mutant {
  readonly name: string;
  /** Every statement of the aggregation; `incident` = a table of units being made, or the view of a period's units. */
  readonly sql?: (sql: string) => string;
  /** Run once the look-up tables are filled. */
  readonly dimensions?: string;
  /** The coarser cells that rows are gathered with. */
  readonly ancestors?: (ancestors: CellAncestors) => CellAncestors;
  /** Run on the gathered rows, before they are counted and kept. */
  readonly rows?: string;
  readonly settled?: (parts: Settled[]) => Settled[];
  readonly frame?: (frame: TimeFrame) => TimeFrame;
  readonly members?: (members: Unit[], period: Period, all: readonly Unit[]) => Unit[];
  readonly windowCounts?: (counts: Counts) => Counts;
}

export interface Verdict {
  readonly killedBy: 'data tests' | 'verify' | 'an error' | null;
  readonly problems: readonly string[];
  /** Did it change a statement at all? A mutant that changes none proves nothing. */
  readonly touched: boolean;
}

/** The aggregation of a city that was published once, from its settled parts on, with a fault in it. */
export async function mutationBench(city: SmallCity): Promise<(mutant: Mutant) => Promise<Verdict>> {
  const loaded = loadProfile(city.profile);
  const { profile, categories } = loaded;
  const published = publishedManifest(city.out) as Manifest;
  const folders = { out: city.out, store: `${city.out}.store` };
  const inputs = await findInputs(profile, city.input, folders.store);
  const set = loadDivisions(profile, [loaded.folder, city.input]);
  const packed = packShapes(set.shapes, (bytes) => new SharedArrayBuffer(bytes));
  const progress = (): void => undefined;
  const grid = await studyGrid(profile, set, packed, folders.store, progress);
  const work = { loaded, inputs, set, folders, progress, signal: undefined };
  const { parts } = await ingest(work, packed, grid, 'bench');
  const { settled: whole } = judgePlaces(
    work,
    packed,
    settleFeeds(loaded, inputs, parts, folders.store),
    'bench',
    new Set(),
  );
  const overview = overviewPlan(profile.grid.overview);
  const plans: AggregatePlan[] = [...Object.values(UNIT_PLANS), overview];
  const window = profile.window as { firstDay: string; endDay: string };
  const declared = { firstDay: parseIsoDate(window.firstDay), endDay: parseIsoDate(window.endDay) };

  const aggregate = async (mutant: Mutant, store: string, tell: () => void): Promise<Manifest> => {
    const duck = mutated(await openDuck({ temporaryFolder: join(store, 'duckdb'), memoryLimit: '1GB' }), mutant, tell);
    try {
      await loadDimensions(duck, categories, set.divisions, 1);
      if (mutant.dimensions) await duck.run(mutant.dimensions);
      const settled = mutant.settled ? mutant.settled(whole) : whole;
      const units = planUnits(whole, 'bench');
      const ancestors = cellAncestors(grid.coarse, grid.keys.length);
      const ruling = {
        categories,
        coarseDivision: coarseDivisions(set.divisions),
        ancestors: mutant.ancestors ? mutant.ancestors(ancestors) : ancestors,
      };
      await buildUnits(duck, store, units, settled, plans, ruling, progress);
      const read = (plan: AggregatePlan): Counts => readCounts(store, units, plan);
      const counts = {
        extent: read(UNIT_PLANS.extent),
        place: read(UNIT_PLANS.place),
        category: read(UNIT_PLANS.category),
        week: read(UNIT_PLANS.week),
        daily: read(UNIT_PLANS.daily),
        delay: read(UNIT_PLANS.delay),
        wall: read(UNIT_PLANS.wall),
        overview: read(overview),
      };
      const frame = timeFrame(counts.extent, profile, declared);
      const shown = mutant.frame ? mutant.frame(frame) : frame;
      const writer = new ArtifactWriter(folders.out);
      const files = published.files.filter((file) => file.kind !== 'facts' && file.kind !== 'cube');
      for (const period of shown.periods) {
        const members = mutant.members ? mutant.members(unitsIn(period, units), period, units) : unitsIn(period, units);
        if (members.length > 0)
          files.push(...(await publishPeriod(duck, store, period, members, shown, set.divisions, writer)));
      }
      const change = mutant.windowCounts ?? ((table: Counts) => table);
      const cubes = { overview: change(counts.overview), week: change(counts.week) };
      files.push(...(await publishWindowCubes(cubes, profile.grid.overview, shown, writer)));
      const accepted = units.reduce((sum, unit) => sum + unit.rows, 0);
      const totals = {
        ...published.totals,
        accepted,
        ...placeTotals(counts.place),
        ...categoryTotals(counts.category, profile.grid.finest),
      };
      testData({
        ...{ units, counts, categories, coarse: grid.coarse, overview: profile.grid.overview, frame, files, totals },
        factsBy: 'district',
        codes: set.divisions.map((division) => division.code),
        cube: cubeReader(folders.out),
      });
      return { ...published, totals, files };
    } finally {
      duck.close();
    }
  };

  return async (mutant) => {
    const store = mkdtempSync(join(tmpdir(), 'hexsight-mutant-'));
    let touched = !mutant.sql;
    const [path, kept] = [manifestPath(city.out), keptManifestPath(city.out, published.snapshot)];
    const before = readFileSync(path);
    try {
      const manifest = await aggregate(mutant, store, () => {
        touched = true;
      });
      for (const name of [path, kept]) writeFileSync(name, JSON.stringify(manifest));
      const { problems } = await verifySnapshot(city.out);
      return { killedBy: problems.length > 0 ? 'verify' : null, problems, touched };
    } catch (cause) {
      if (cause instanceof DataTestError) return { killedBy: 'data tests', problems: cause.problems, touched };
      return { killedBy: 'an error', problems: [(cause as Error).message], touched };
    } finally {
      for (const name of [path, kept]) writeFileSync(name, before);
      rmSync(store, { recursive: true, force: true });
    }
  };
}

/** DuckDB with a fault in what it is asked. */
function mutated(duck: Duck, mutant: Mutant, tell: () => void): Duck {
  let gathered = false;
  const change = (sql: string): string => {
    const changed = mutant.sql?.(sql) ?? sql;
    if (changed !== sql) tell();
    return changed;
  };
  return {
    ...duck,
    run: async (sql) => {
      if (/^CREATE OR REPLACE TABLE incident/.test(sql)) gathered = true;
      await duck.run(change(sql));
    },
    blocks: async function* (sql) {
      if (gathered && mutant.rows) await duck.run(mutant.rows);
      gathered = false;
      yield* duck.blocks(change(sql));
    },
  };
}
