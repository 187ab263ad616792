import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FileEntry, Manifest } from '../core/contract/manifest.ts';
import { packShapes } from '../core/geo/division-index.ts';
import { parseIsoDate } from '../core/time/local-date.ts';
import type { BuildInput } from './build-input.ts';
import { codeVersion } from './code-version.ts';
import { loadFacilities } from './config/load-facilities.ts';
import { readGazetteer } from './config/load-gazetteer.ts';
import { loadProfile } from './config/load-profile.ts';
import { cubeReader, testData } from './data-tests.ts';
import { EXIT, HexsightError } from './errors.ts';
import { sha256 } from './io/atomic.ts';
import { openDuck } from './io/duck.ts';
import { failureAt } from './io/file-failure.ts';
import { takeLock } from './io/lock.ts';
import { lineage } from './lineage.ts';
import { manifestOf } from './manifest-of.ts';
import type { Progress } from './progress.ts';
import { carriedBasemap, snapshotId } from './publish/basemap.ts';
import { sweepStrays } from './publish/collect.ts';
import { checkSpace, estimateBytes, prepareFolders } from './publish/disk-space.ts';
import { publish } from './publish/publish-manifest.ts';
import { standing } from './publish/rollback.ts';
import { publishedManifest } from './publish/snapshot-folder.ts';
import { fileProblems } from './publish/verify-files.ts';
import { type Made, type RunSummary, stageClock, summarise } from './run-summary.ts';
import { alerts } from './sense/alerts.ts';
import { sense } from './sense/sense.ts';
import { overviewPlan, UNIT_PLANS } from './sql/plan.ts';
import { loadDimensions, publishWindowCubes, timeFrame, viewIncidents } from './steps/aggregate.ts';
import { ArtifactWriter } from './steps/artifact-writer.ts';
import { openBuilt } from './steps/built.ts';
import { cellAncestors } from './steps/cell-ancestors.ts';
import { checkFiles, warningsOf } from './steps/check-files.ts';
import { coverageReport } from './steps/coverage.ts';
import { loadDivisions } from './steps/divisions.ts';
import { studyGrid } from './steps/grid.ts';
import { coarseDivisions, ingest, partFolder } from './steps/ingest.ts';
import { findInputs } from './steps/inputs.ts';
import { keptWall } from './steps/kept-wall.ts';
import { DamagedPart, removeDamagedParts } from './steps/part.ts';
import { publishPeriods } from './steps/publish-periods.ts';
import { publishPlaces } from './steps/publish-places.ts';
import { cellParents, tablesAside, wallRows } from './steps/publish-wall.ts';
import { type RejectedRow, rejectsKey, writeRejects, writeUnmapped } from './steps/rejects.ts';
import { coverageInput, privacyReport, qualityReport, type ReportContext } from './steps/reports.ts';
import { codesOf, dropOldParts, judgePlaces, rejections, type Settled, settleFeeds } from './steps/settle-feeds.ts';
import { testedBefore } from './steps/tested-store.ts';
import {
  buildUnits,
  checkTables,
  DamagedUnit,
  dropOldUnits,
  planUnits,
  readAllCounts,
  removeDamagedUnits,
} from './steps/units.ts';
import { threadCount } from './worker-pool.ts';

export interface RunOptions {
  /** Name below data/profiles or a folder. */
  readonly profile: string;
  readonly input: string;
  /** Folder of the published snapshot. The private store lies beside it: `<out>.store`. */
  readonly out: string;
  readonly quiet?: boolean;
  readonly force?: boolean;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Epoch milliseconds; decides when old snapshots may go, and reaches no artifact. */
  readonly now?: () => number;
}

export type { Made, RunSummary };
export { publishedManifest };

/**
 * Raw files → published snapshot. Reads, refuses, locates, stores, counts, publishes; the manifest is swapped last, so whoever reads
 * sees the old snapshot or the new one. Nothing is done when inputs, configuration and code are those of the published snapshot.
 *
 * @throws ConfigError, InputError with every problem; the last published snapshot is untouched
 */
export async function runPipeline(options: RunOptions): Promise<RunSummary> {
  const started = performance.now();
  let stage = 'start';
  const progress: Progress = (report) => {
    stage = report.stage;
    options.progress?.(report);
  };
  const out = resolve(options.out);
  const store = `${out}.store`;
  const input = resolve(options.input);
  const loaded = loadProfile(options.profile);
  let release = (): void => undefined;
  try {
    prepareFolders(out, store);
    release = takeLock(join(store, 'lock'));
    sweepStrays(out, store);
    progress({ stage: 'inputs', done: 0, total: null, unit: 'files' });
    const inputs = await findInputs(loaded.profile, input, store);
    const set = loadDivisions(loaded.profile, [loaded.folder, input]);
    const water = loaded.profile.water ? readFileSync(join(loaded.folder, loaded.profile.water)) : null;
    const facilities = loaded.profile.facilities ? loadFacilities(loaded.folder, loaded.profile.facilities) : null;
    const places = readGazetteer(loaded.profile, [loaded.folder, input]);
    // A base map that the profile names stands for itself; else the one published with `hexsight tiles` goes on.
    const carried = loaded.profile.basemap ? null : await carriedBasemap(out, publishedManifest(out));
    const basemap = carried === 'damaged' ? null : carried;
    const from = lineage({ loaded, inputs, set, water, facilities, places, basemap }, codeVersion());
    const snapshot = snapshotId(from);
    const stands = options.force ? null : standing(out, snapshot);
    if (stands) {
      // A damaged file is put right by the run that goes on from here.
      if ((await fileProblems(out, stands.files)).length === 0)
        return summarise(stands, {
          unchanged: true,
          started,
          warnings: standsBack(stands, snapshot),
          made: { parts: 0, units: 0, periods: 0 },
          stages: {},
        });
    }
    const inputBytes = from.inputs.reduce((sum, { bytes }) => sum + bytes, 0);
    checkSpace([out, store], estimateBytes(inputBytes, publishedManifest(out)));
    const inputsSeconds = Math.round(performance.now() - started) / 1000;
    if (options.force)
      for (const name of ['parts', 'units', 'settled', 'built.json', 'wall.json', 'tested.json'])
        rmSync(join(store, name), { recursive: true, force: true });
    const folders = { out, store };
    const result = await buildSoundly({
      loaded,
      inputs,
      set,
      water,
      facilities,
      places,
      from,
      snapshot,
      basemap,
      folders,
      progress,
      signal: options.signal,
      now: options.now ?? (() => Date.now()),
    });
    return summarise(result.manifest, {
      unchanged: false,
      started,
      warnings: carried === 'damaged' ? [...result.warnings, BASEMAP_DAMAGED] : result.warnings,
      made: result.made,
      stages: { inputs: inputsSeconds, ...result.stages },
    });
  } catch (cause) {
    throw failureAt(stage, cause);
  } finally {
    release();
  }
}

const BASEMAP_DAMAGED =
  'the base map of the last snapshot is damaged and was left out; make it again with hexsight tiles 上一快照的底图已损坏，未带入，请重新运行 hexsight tiles';

function standsBack(stands: Manifest, snapshot: string): string[] {
  if (stands.snapshot === snapshot) return [];
  return [
    `snapshot ${stands.snapshot} was rolled back to and stays until something changes; --force publishes ${snapshot} again ` +
      `已回退到 ${stands.snapshot}，输入未变则保持；--force 可重新发布 ${snapshot}`,
  ];
}

interface Result {
  readonly manifest: Manifest;
  readonly warnings: readonly string[];
  readonly made: Made;
  readonly stages: Record<string, number>;
}

/** A store whose files change by themselves this often is no cache. */
const MOST_REPAIRS = 3;

/** Parts and units of the store that are not as they were written are removed and made anew; the operator is told. */
async function buildSoundly(work: BuildInput): Promise<Result> {
  const { store } = work.folders;
  let [parts, units] = [0, 0];
  for (let repairs = 0; ; repairs++) {
    try {
      const result = await build(work);
      return parts + units === 0
        ? result
        : { ...result, warnings: [repairedWarning(store, parts, units), ...result.warnings] };
    } catch (cause) {
      const isDamage = cause instanceof DamagedPart || cause instanceof DamagedUnit;
      if (!isDamage) throw cause;
      if (repairs === MOST_REPAIRS)
        throw new HexsightError(EXIT.disk, store, [
          `${cause.message} again and again: this disk does not give back what was written 磁盘读回的内容与写入不符`,
        ]);
      if (cause instanceof DamagedPart) parts += removeDamagedParts(partFolder(store));
      else units += removeDamagedUnits(store);
    }
  }
}

function repairedWarning(store: string, parts: number, units: number): string {
  return (
    `存储中有 ${parts + units} 个缓存文件受损，已重新生成（结果不受影响，请检查磁盘） · ` +
    `${store}: ${parts} damaged parts and ${units} damaged units were made anew; the result is not affected, look at the disk`
  );
}

async function build(work: BuildInput): Promise<Result> {
  const { loaded, inputs, set, folders, progress, signal } = work;
  const { profile, categories } = loaded;
  const clock = stageClock();
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  const packed = packShapes(set.shapes, shared);
  const grid = await studyGrid(profile, set, packed, folders.store, progress, signal);
  const basis = sha256(JSON.stringify([work.from.config, work.from.code, grid.hash, work.places?.hash ?? null]));
  clock.lap('grid');
  const { parts, made: madeParts } = await ingest(work, packed, grid, basis);
  clock.lap('ingest');
  const doubtful = checkFiles(
    loaded,
    inputs,
    parts.map((part) => part.summary),
  );
  progress({ stage: 'store', done: 0, total: null, unit: 'units' });
  const settledFiles = settleFeeds(loaded, inputs, parts, folders.store);
  clock.lap('settle');
  const places = judgePlaces(work, packed, settledFiles, basis, doubtful);
  const settled = places.settled;
  const units = planUnits(settled, basis);
  clock.lap('places');
  const duckFolder = join(folders.store, `duckdb.tmp-${process.pid}`);
  const duck = await openDuck({
    temporaryFolder: duckFolder,
    memoryLimit: '2GB',
    threads: Math.max(1, threadCount()),
  });
  try {
    const factsLevel =
      profile.publish.factsBy === 'city'
        ? 0
        : profile.divisions.findIndex((level) => level.key === profile.publish.factsBy) + 1;
    await loadDimensions(duck, categories, set.divisions, factsLevel);
    const overview = overviewPlan(profile.grid.overview);
    const madeUnits = await buildUnits(
      duck,
      folders.store,
      units,
      settled,
      [...Object.values(UNIT_PLANS), overview],
      {
        categories,
        coarseDivision: coarseDivisions(set.divisions),
        ancestors: cellAncestors(grid.coarse, grid.keys.length),
      },
      progress,
      signal,
    );
    clock.lap('units');
    const counts = readAllCounts(folders.store, units, { ...UNIT_PLANS, overview });
    const declared = profile.window
      ? { firstDay: parseIsoDate(profile.window.firstDay), endDay: parseIsoDate(profile.window.endDay) }
      : null;
    const frame = timeFrame(counts.extent, profile, declared);
    const rejected = rejections(inputs, settled);
    writeRejects(
      folders.store,
      inputs.map((file, i) => {
        const { key, lost } = settled[i] as Settled;
        return {
          feed: file.feed,
          name: file.name,
          key: rejectsKey(key, lost),
          rows: () => rejected[i] as RejectedRow[],
        };
      }),
    );
    writeUnmapped(
      folders.store,
      inputs.map(({ feed, name }, i) => ({ feed, name, codes: codesOf(settled[i] as Settled) })),
    );
    signal?.throwIfAborted();
    progress({ stage: 'publish', done: 0, total: null, unit: 'files' });
    const writer = new ArtifactWriter(folders.out);
    const built = openBuilt(folders.store, writer);
    const files: FileEntry[] = [];
    const fresh = new Set(madeUnits);
    files.push(
      ...(await built.get(
        sha256(
          JSON.stringify([
            basis,
            'places',
            set.files.map((file) => sha256(file.bytes)),
            work.water ? sha256(work.water) : null,
            ...(work.facilities ? [sha256(work.facilities)] : []),
          ]),
        ),
        () =>
          publishPlaces(
            { profile, set, grid, coarse: grid.coarse, water: work.water, facilities: work.facilities },
            writer,
          ),
      )),
    );
    const [periods, wall] = await beside(
      () =>
        publishPeriods({
          ...{ duck, store: folders.store, basis, frame, units, fresh },
          ...{ divisions: set.divisions, built, writer, progress, signal },
        }),
      // The tables are made on a thread of their own meanwhile; their files are written when the periods are remembered.
      (periodsDone) =>
        keptWall(
          { store: folders.store, basis },
          {
            rows: wallRows(counts.wall, frame),
            parents: cellParents(grid.coarse),
            divisions: set.divisions.flatMap((division) => (division.level === 1 ? [division.id] : [])),
            sources: profile.sources.length,
            groups: categories.length,
            weeks: frame.weeks,
            endDay: frame.endDay,
            publish: profile.publish,
          },
          writer,
          async (input) => {
            const tables = await tablesAside(signal)(input);
            await periodsDone;
            return tables;
          },
        ),
    );
    files.push(...periods.files, ...wall.files);
    files.push(...(await publishWindowCubes(counts, profile.grid.overview, frame, writer)));
    clock.lap('publish');
    progress({ stage: 'sense', done: 0, total: null, unit: 'series' });
    const context: ReportContext = {
      loaded,
      inputs,
      parts: settled,
      pileUps: places.pileUps,
      set,
      rejected,
      counts,
      frame,
      units,
    };
    const coverage = coverageReport(coverageInput(context, counts.daily, counts.delay));
    checkTables(
      folders.store,
      units.filter((unit) => !fresh.has(unit)),
    );
    if (units.length > 0) await viewIncidents(duck, folders.store, units);
    const { files: sensedFiles, sensed } = await sense({
      duck: units.length > 0 ? duck : null,
      loaded,
      divisions: set.divisions,
      grid,
      frame,
      coverage,
      writer,
      signal,
    });
    files.push(...sensedFiles);
    const document = (path: string, value: unknown): Promise<FileEntry> =>
      writer.write({ path, rows: null, kind: 'document', grade: 'desk' }, Buffer.from(JSON.stringify(value)));
    const raised = await alerts({
      duck: units.length > 0 ? duck : null,
      sensed,
      rules: loaded.alertRules,
      categories,
      sources: profile.sources,
      divisions: set.divisions,
      coarse: grid.coarse,
      calendar: loaded.days,
    });
    files.push(await document('alerts.json', raised));
    clock.lap('sense');
    const quality = qualityReport(context);
    files.push(await document('quality.json', quality));
    files.push(await document('privacy.json', privacyReport(context, wall.told)));
    files.push(await document('coverage.json', coverage));
    if (loaded.presets) files.push(await document('presets.json', loaded.presets));
    if (work.basemap) files.push(work.basemap.entry);
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const manifest = manifestOf(work, context, { grid, files });
    const { tested, passed } = testedBefore(folders.store, {
      basis,
      units,
      periods: frame.periods,
      firstDay: frame.weeks[0]?.firstDay ?? 0, // no weeks, no cubes
      files,
    });
    testData({
      tested,
      units,
      counts,
      categories,
      coarse: grid.coarse,
      overview: profile.grid.overview,
      frame,
      files,
      factsBy: factsLevel === 0 ? 'city' : factsLevel === 1 ? 'district' : 'below',
      codes: set.divisions.map((division) => division.code),
      cube: cubeReader(folders.out),
      totals: manifest.totals,
    });
    passed();
    clock.lap('data tests');
    await publish(folders.out, manifest, { keep: profile.publish.keep, nowMs: work.now() });
    built.keep();
    dropOldUnits(folders.store, units);
    dropOldParts(folders.store, settled);
    clock.lap('reports');
    return {
      manifest,
      warnings: warningsOf(
        loaded,
        inputs,
        parts.map((part) => part.summary),
        manifest,
        quality,
      ),
      made: { parts: madeParts, units: madeUnits.length, periods: periods.made },
      stages: clock.stages,
    };
  } finally {
    duck.close();
    rmSync(duckFolder, { recursive: true, force: true });
  }
}

/** Two works at once, the second told when the first is done. Nothing goes on behind the end, also when one fails. */
async function beside<A, B>(
  first: () => Promise<A>,
  second: (firstDone: Promise<unknown>) => Promise<B>,
): Promise<readonly [A, B]> {
  const one = first();
  const works = [one, second(one)] as const;
  await Promise.allSettled(works);
  return Promise.all(works);
}
