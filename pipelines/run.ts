import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileEntry, Manifest, SCHEMA_VERSION } from '../core/contract/manifest.ts';
import type { Feed, Profile } from '../core/contract/profile.ts';
import type { Quality } from '../core/contract/quality.ts';
import { type DatumReading, type DatumTallies, datumVerdict } from '../core/geo/datum-test.ts';
import { divisionIndex, packShapes } from '../core/geo/division-index.ts';
import type { PileUp } from '../core/geo/pile-up.ts';
import { cellTable } from '../core/grid/cell-table.ts';
import { REJECT_KEYS, type RejectReason } from '../core/incident/reasons.ts';
import { type ColumnVerdict, columnDrift, newCodes } from '../core/quality/drift.ts';
import { parseIsoDate } from '../core/time/local-date.ts';
import { codeVersion } from './code-version.ts';
import { type GazetteerFile, gazetteerEntries, readGazetteer } from './config/load-gazetteer.ts';
import { type LoadedProfile, loadProfile } from './config/load-profile.ts';
import { cubeReader, testData } from './data-tests.ts';
import { EXIT, HexsightError, InputError } from './errors.ts';
import { sha256, writeAtomic } from './io/atomic.ts';
import { openDuck } from './io/duck.ts';
import { failureAt } from './io/file-failure.ts';
import { takeLock } from './io/lock.ts';
import type { Progress } from './progress.ts';
import { sweepStrays } from './publish/collect.ts';
import { checkSpace, estimateBytes, prepareFolders } from './publish/disk-space.ts';
import { publish } from './publish/publish-manifest.ts';
import { standing } from './publish/rollback.ts';
import { publishedManifest } from './publish/snapshot-folder.ts';
import { fileProblems } from './publish/verify-files.ts';
import { overviewPlan, UNIT_PLANS } from './sql/plan.ts';
import { loadDimensions, publishPeriod, publishWindowCubes, timeFrame, unitsIn } from './steps/aggregate.ts';
import { ArtifactWriter } from './steps/artifact-writer.ts';
import { openBuilt } from './steps/built.ts';
import { coverageReport } from './steps/coverage.ts';
import { type Division, loadDivisions } from './steps/divisions.ts';
import { type FinestGrid, studyGrid } from './steps/grid.ts';
import { findInputs, type InputFile } from './steps/inputs.ts';
import { SENSITIVE_DIVISION_KM2, wantedColumns } from './steps/normalise.ts';
import { DamagedPart, PartRows, type PartSummary, readSummary, removeDamagedParts } from './steps/part.ts';
import { feedPileUps } from './steps/pile-ups.ts';
import { publishPlaces } from './steps/publish-places.ts';
import { cellParents, publishWall, wallRows } from './steps/publish-wall.ts';
import { type RejectedRow, rejectsKey, writeRejects, writeUnmapped } from './steps/rejects.ts';
import { relocation } from './steps/relocate.ts';
import {
  categoryTotals,
  coverageInput,
  placeTotals,
  privacyReport,
  qualityReport,
  type ReportContext,
  sourceEntries,
} from './steps/reports.ts';
import { type Lost, settle } from './steps/settle.ts';
import {
  buildUnits,
  checkTables,
  DamagedUnit,
  dropOldUnits,
  planUnits,
  readCounts,
  removeDamagedUnits,
  type UnitInput,
} from './steps/units.ts';
import { runTasks, threadCount } from './worker-pool.ts';
import type { IngestTask, WorkerSetup } from './worker-protocol.ts';

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

export { publishedManifest };

export interface Made {
  readonly parts: number;
  readonly units: number;
  readonly periods: number;
}

export interface RunSummary {
  readonly snapshot: string;
  readonly unchanged: boolean;
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly located: number;
  readonly divisionOnly: number;
  readonly unlocated: number;
  readonly unmapped: number;
  readonly cells: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  /** What this run made anew: parts (input files read), units (source × month), periods (artifacts of a calendar period). */
  readonly made: Made;
  /** Seconds by stage of this run. */
  readonly stages: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
  readonly warnings: readonly string[];
}

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
    const places = readGazetteer(loaded.profile, [loaded.folder, input]);
    const code = codeVersion();
    const from = {
      inputs: [
        ...inputs.map(({ feed, name, bytes, sha256: hash }) => ({ feed, name, bytes, sha256: hash })),
        ...set.files.map((file) => ({
          feed: 'divisions',
          name: file.name,
          bytes: file.bytes.length,
          sha256: sha256(file.bytes),
        })),
        ...(places ? [{ feed: 'gazetteer', name: places.name, bytes: places.bytes.length, sha256: places.hash }] : []),
        ...(water
          ? [{ feed: 'water', name: loaded.profile.water as string, bytes: water.length, sha256: sha256(water) }]
          : []),
      ],
      config: loaded.hash,
      code,
    };
    const snapshot = sha256(JSON.stringify([from, SCHEMA_VERSION])).slice(0, 16);
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
      for (const name of ['parts', 'units', 'built.json']) rmSync(join(store, name), { recursive: true, force: true });
    const folders = { out, store };
    const result = await buildSoundly({
      loaded,
      inputs,
      set,
      water,
      places,
      from,
      snapshot,
      folders,
      progress,
      signal: options.signal,
      now: options.now ?? (() => Date.now()),
    });
    return summarise(result.manifest, {
      unchanged: false,
      started,
      warnings: result.warnings,
      made: result.made,
      stages: { inputs: inputsSeconds, ...result.stages },
    });
  } catch (cause) {
    throw failureAt(stage, cause);
  } finally {
    release();
  }
}

function standsBack(stands: Manifest, snapshot: string): string[] {
  if (stands.snapshot === snapshot) return [];
  return [
    `snapshot ${stands.snapshot} was rolled back to and stays until something changes; --force publishes ${snapshot} again ` +
      `已回退到 ${stands.snapshot}，输入未变则保持；--force 可重新发布 ${snapshot}`,
  ];
}

export interface BuildInput {
  readonly loaded: LoadedProfile;
  readonly inputs: readonly InputFile[];
  readonly set: ReturnType<typeof loadDivisions>;
  readonly water: Uint8Array | null;
  readonly places: GazetteerFile | null;
  readonly from: Manifest['from'];
  readonly snapshot: string;
  readonly folders: { readonly out: string; readonly store: string };
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
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
    await loadDimensions(duck, categories, set.divisions, factsLevel, grid.coarse, grid.keys.length);
    const overview = overviewPlan(profile.grid.overview);
    const madeUnits = await buildUnits(
      duck,
      folders.store,
      units,
      settled,
      [...Object.values(UNIT_PLANS), overview],
      { categories, coarseDivision: coarseDivisions(set.divisions) },
      progress,
      signal,
    );
    clock.lap('units');
    const counts = {
      extent: readCounts(folders.store, units, UNIT_PLANS.extent),
      place: readCounts(folders.store, units, UNIT_PLANS.place),
      category: readCounts(folders.store, units, UNIT_PLANS.category),
      week: readCounts(folders.store, units, UNIT_PLANS.week),
      daily: readCounts(folders.store, units, UNIT_PLANS.daily),
      delay: readCounts(folders.store, units, UNIT_PLANS.delay),
      wall: readCounts(folders.store, units, UNIT_PLANS.wall),
      overview: readCounts(folders.store, units, overview),
    };
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
    files.push(
      ...(await built.get(
        sha256(
          JSON.stringify([
            basis,
            'places',
            set.files.map((file) => sha256(file.bytes)),
            work.water ? sha256(work.water) : null,
          ]),
        ),
        () => publishPlaces({ profile, set, grid, coarse: grid.coarse, water: work.water }, writer),
      )),
    );
    const total = units.reduce((sum, unit) => sum + unit.rows, 0);
    let done = 0;
    const placesMade = built.made();
    const fresh = new Set(madeUnits);
    for (const period of frame.periods) {
      const members = unitsIn(period, units);
      if (members.length > 0) {
        const key = sha256(
          JSON.stringify([basis, period, frame.weeks[0]?.firstDay, members.map((unit) => unit.signature)]),
        );
        files.push(
          ...(await built.get(key, () => {
            checkTables(
              folders.store,
              members.filter((unit) => !fresh.has(unit)),
            );
            return publishPeriod(duck, folders.store, period, members, frame, set.divisions, writer);
          })),
        );
      }
      done += members.reduce((sum, unit) => sum + unit.rows, 0);
      progress({ stage: 'publish', done, total, unit: 'incidents' });
      signal?.throwIfAborted();
    }
    const madePeriods = built.made() - placesMade;
    files.push(...(await publishWindowCubes(counts, profile.grid.overview, frame, writer)));
    const wall = await publishWall(
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
    );
    files.push(...wall.files);
    clock.lap('publish');
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
    const document = (path: string, value: unknown): Promise<FileEntry> =>
      writer.write({ path, rows: null, kind: 'document', grade: 'desk' }, Buffer.from(JSON.stringify(value)));
    const quality = qualityReport(context);
    files.push(await document('quality.json', quality));
    files.push(await document('privacy.json', privacyReport(context, wall.tables)));
    files.push(await document('coverage.json', coverageReport(coverageInput(context, counts.daily, counts.delay))));
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const sums = placeTotals(counts.place);
    const accepted = total;
    const coarse = grid.coarse;
    const manifest = Manifest.parse({
      format: 'hexsight-snapshot',
      schemaVersion: SCHEMA_VERSION,
      snapshot: work.snapshot,
      profile: { id: profile.id, name: profile.name, attribution: profile.attribution },
      zone: profile.zone,
      from: work.from,
      window: { firstDay: frame.firstDay, endDay: frame.endDay },
      weeks: frame.weeks,
      bounds: set.bounds,
      grid: {
        finest: profile.grid.finest,
        coarsest: profile.grid.coarsest,
        cells: Object.fromEntries([
          [profile.grid.finest, grid.keys.length],
          ...coarse.map((part) => [part.resolution, part.h3.length]),
        ]),
        overview: profile.grid.overview,
      },
      divisionLevels: profile.divisions.map((level, i) => ({
        level: i + 1,
        key: level.key,
        name: level.name,
        count: set.divisions.filter((division) => division.level === i + 1).length,
        made: level.made,
      })),
      dictionaries: { sources: sourceEntries(context), categories },
      totals: {
        read: settled.reduce((sum, part) => sum + part.summary.read, 0),
        accepted,
        rejected: rejected.reduce((sum, rows) => sum + rows.length, 0),
        located: sums.located,
        divisionOnly: sums.divisionOnly,
        unlocated: sums.unlocated,
        ...categoryTotals(counts.category, profile.grid.finest),
      },
      basemap: profile.basemap ?? null,
      files,
    });
    if (manifest.totals.read !== manifest.totals.accepted + manifest.totals.rejected) {
      throw new Error(
        `read ${manifest.totals.read} ≠ accepted ${manifest.totals.accepted} + rejected ${manifest.totals.rejected}`,
      );
    }
    testData({
      units,
      counts,
      categories,
      coarse,
      overview: profile.grid.overview,
      frame,
      files,
      factsBy: factsLevel === 0 ? 'city' : factsLevel === 1 ? 'district' : 'below',
      codes: set.divisions.map((division) => division.code),
      cube: cubeReader(folders.out),
      totals: manifest.totals,
    });
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
      made: { parts: madeParts, units: madeUnits.length, periods: madePeriods },
      stages: clock.stages,
    };
  } finally {
    duck.close();
    rmSync(duckFolder, { recursive: true, force: true });
  }
}

/** Seconds spent in each stage of the run; told on the command line, kept in no artifact. */
function stageClock(): { lap: (stage: string) => void; readonly stages: Record<string, number> } {
  const stages: Record<string, number> = {};
  let last = performance.now();
  return {
    lap: (stage) => {
      const now = performance.now();
      stages[stage] = Math.round(now - last) / 1000;
      last = now;
    },
    stages,
  };
}

export interface Part {
  readonly key: string;
  readonly summary: PartSummary;
}

/** Starting threads costs more than reading this much. */
const SMALL_BYTES = 8_000_000;

const partFolder = (store: string): string => join(store, 'parts');

/** Reads the files whose parts the store does not hold. One part an input file, in their order. */
export async function ingest(
  work: Pick<BuildInput, 'loaded' | 'inputs' | 'set' | 'folders' | 'progress' | 'signal'> & Partial<Pick<BuildInput, 'places'>>,
  packed: ReturnType<typeof packShapes>,
  grid: FinestGrid,
  basis: string,
): Promise<{ parts: Part[]; made: number }> {
  const { loaded, inputs, set, folders, progress, signal } = work;
  const folder = partFolder(folders.store);
  mkdirSync(folder, { recursive: true });
  const key32 = idKey(folders.store);
  const keys = inputs.map((file) =>
    sha256(JSON.stringify([basis, sha256(key32), file.feed, file.sha256])).slice(0, 40),
  );
  const parts: (Part | undefined)[] = keys.map((key) => {
    const summary = readSummary(folder, key);
    return summary ? { key, summary } : undefined;
  });
  const total = inputs.reduce((sum, file) => sum + file.bytes, 0);
  let doneBytes = inputs.reduce((sum, file, i) => sum + (parts[i] ? file.bytes : 0), 0);
  progress({ stage: 'ingest', done: doneBytes, total, unit: 'bytes' });
  // The same bytes twice in one feed are one part.
  const first = new Map<string, number>();
  const tasks: IngestTask[] = [];
  inputs.forEach((file, i) => {
    const key = keys[i] as string;
    if (parts[i] || first.has(key)) return;
    first.set(key, i);
    tasks.push({
      kind: 'ingest',
      number: i,
      path: file.path,
      name: file.name,
      sha256: file.sha256,
      bytes: file.bytes,
      mtimeNs: file.mtimeNs,
      feedIndex: file.feedIndex,
      key,
    });
  });
  // Large files first: the last one does not leave a core idle.
  tasks.sort((a, b) => (inputs[b.number] as InputFile).bytes - (inputs[a.number] as InputFile).bytes);
  if (tasks.length > 0) {
    const share = <T extends Float64Array | Uint32Array | Uint8Array>(array: T): T => {
      const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(
        new SharedArrayBuffer(array.byteLength),
      );
      copy.set(array as never);
      return copy;
    };
    const keysShared = share(grid.keys);
    const { slots } = cellTable(keysShared, (bytes) => new SharedArrayBuffer(bytes));
    const setup: WorkerSetup = {
      shapes: packed,
      ingest: {
        profile: loaded.profile,
        categories: loaded.categories,
        mapping: loaded.mapping,
        keys: keysShared,
        slots,
        cellDivision: share(grid.division),
        pure: share(grid.pure),
        coarseDivision: coarseDivisions(set.divisions),
        divisions: set.divisions.map(({ id, level, code, name, parent }) => ({ id, level, code, name, parent })),
        places: work.places ? gazetteerEntries(loaded.profile, work.places, divisionIndex(packed).at) : [],
        idKey: key32,
        folder,
      },
    };
    const finished = (number: number, summary: PartSummary): void => {
      parts[number] = { key: keys[number] as string, summary };
      doneBytes += (inputs[number] as InputFile).bytes;
      progress({ stage: 'ingest', done: doneBytes, total, unit: 'bytes' });
    };
    await runTasks(
      setup,
      tasks,
      (message) => {
        if (message.kind === 'ingested') finished(message.task, message.summary);
      },
      { signal, here: tasks.reduce((sum, task) => sum + task.bytes, 0) <= SMALL_BYTES },
    );
  }
  return {
    parts: inputs.map((_, i) => parts[i] ?? (parts[first.get(keys[i] as string) as number] as Part)),
    made: tasks.length,
  };
}

/** A part after settling; `members` = input files of its feed, which `lost.byPart` counts. */
export interface Settled extends UnitInput {
  readonly members: readonly number[];
}

/** Default points of every feed, and files whose coordinates are not believed: their rows keep a division at most. */
export function judgePlaces(
  work: Pick<BuildInput, 'loaded' | 'inputs' | 'set' | 'folders'>,
  packed: ReturnType<typeof packShapes>,
  settled: readonly Settled[],
  basis: string,
  doubtful: ReadonlySet<number>,
): { settled: Settled[]; pileUps: Map<string, PileUp[]> } {
  const { loaded, inputs, set, folders } = work;
  const index = divisionIndex(packed);
  const found = new Map<string, PileUp[]>();
  const moves = loaded.profile.feeds.map((feed, feedIndex) => {
    const members = settled.filter((_, i) => (inputs[i] as InputFile).feedIndex === feedIndex && !doubtful.has(i));
    const list = feedPileUps(folders.store, feed, members, basis, {
      set,
      divisionAt: index.at,
      minRows: loaded.profile.thresholds.pileUpRows,
    });
    found.set(feed.id, list);
    const points = list.filter((point) => point.verdict === 'default-point');
    return { trusted: relocation(false, points), distrusted: relocation(true, points) };
  });
  return {
    settled: settled.map((part, i) => {
      const move = moves[(inputs[i] as InputFile).feedIndex] as (typeof moves)[number];
      return { ...part, relocation: doubtful.has(i) ? move.distrusted : move.trusted };
    }),
    pileUps: found,
  };
}

/** One record an id, feed by feed. In the order of the input files. */
export function settleFeeds(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  parts: readonly Part[],
  store: string,
): Settled[] {
  const { feeds } = loaded.profile;
  const settled: Settled[] = [];
  feeds.forEach((feed, feedIndex) => {
    const members = inputs.flatMap((file, i) => (file.feedIndex === feedIndex ? [i] : []));
    const partRows = members.map((i) => {
      const part = parts[i] as Part;
      return new PartRows(partFolder(store), part.key, part.summary);
    });
    const lost = settle(partRows, REJECT_KEYS.indexOf('deleted') + 1);
    members.forEach((i, position) => {
      settled[i] = {
        key: (parts[i] as Part).key,
        summary: (parts[i] as Part).summary,
        lost: lost[position] as Lost,
        members,
        relocation: relocation(false, []),
        rows: partRows[position] as PartRows,
        knowsFirstSeen: feed.fields.reported !== undefined || feed.deliveredInName !== undefined,
      };
    });
  });
  return settled;
}

/** Every refused record per input file: refused while reading, or set aside because another record of its id counts. */
function rejections(inputs: readonly InputFile[], settled: readonly Settled[]): RejectedRow[][] {
  return settled.map(({ summary, lost, rows, members }) => {
    const list: RejectedRow[] = [...summary.rejections];
    let next = 0;
    let offset = 0;
    rows.segments.forEach((count, segment) => {
      if (next >= lost.position.length || (lost.position[next] as number) >= offset + count) {
        offset += count;
        return;
      }
      const status = rows.column(segment, 'status');
      const row = rows.column(segment, 'row');
      for (; next < lost.position.length && (lost.position[next] as number) < offset + count; next++) {
        const i = (lost.position[next] as number) - offset;
        if (status[i] !== 0) continue; // refused while reading already
        const by = inputs[members[lost.byPart[next] as number] as number] as InputFile;
        list.push({
          row: row[i] as number,
          column: '',
          reason: lost.isCopy[next] === 1 ? 'duplicate-id' : 'superseded',
          raw: `${by.name}:${lost.byRow[next]}`,
        });
      }
      offset += count;
    });
    return list;
  });
}

function codesOf({ summary }: Settled): { code: string; firstRow: number; rows: number }[] {
  return summary.unmapped.map((code, i) => ({
    code,
    firstRow: summary.unmappedFirstRow[i] as number,
    rows: summary.unmappedRows[i] as number,
  }));
}

function dropOldParts(store: string, settled: readonly UnitInput[]): void {
  const kept = new Set(settled.map((part) => part.key));
  for (const name of readdirSync(partFolder(store)))
    if (!kept.has(name.split('.')[0] as string)) rmSync(join(partFolder(store), name), { force: true });
}

/**
 * A file that is mostly wrong is a wrong file: nothing of it is published.
 *
 * @returns positions of files whose coordinates are not in the declared datum, where the feed says to go on without them
 * @throws InputError for all wrong files
 */
export function checkFiles(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  summaries: readonly PartSummary[],
): Set<number> {
  const doubtful = new Set<number>();
  const { thresholds } = loaded.profile;
  const problems: string[] = [];
  const broken: readonly RejectReason[] = [
    'wrong-column-count',
    'nul-byte',
    'field-too-long',
    'not-json',
    'number-lost-digits',
    'id-missing',
    'date-missing',
    'date-unreadable',
    'person-like-value',
  ];
  inputs.forEach((file, i) => {
    const summary = summaries[i] as PartSummary;
    const feed = loaded.profile.feeds[file.feedIndex] as Feed;
    const reasons = new Map<RejectReason, number>();
    for (const { reason } of summary.rejections) reasons.set(reason, (reasons.get(reason) ?? 0) + 1); // a count starts at nothing
    const share = (n: number): number => (summary.read === 0 ? 0 : n / summary.read); // an empty table has no bad share
    const check = (label: string, n: number, limit: number): void => {
      if (share(n) > limit)
        problems.push(
          `${file.name}: ${label} in ${n} of ${summary.read} rows (${(share(n) * 100).toFixed(1)} %, allowed ${limit * 100} %)`,
        );
    };
    check(
      'longitude and latitude look swapped',
      summary.unlocated['coordinate-swapped'] ?? 0, // absent = none seen
      thresholds.maxSwappedShare,
    );
    const outside = (summary.unlocated['coordinate-outside'] ?? 0) + (reasons.get('coordinate-outside') ?? 0); // idem
    check('coordinates outside the study area', outside, feed.maxOutsideShare ?? thresholds.maxOutsideShare);
    for (const reason of broken) check(`rejected (${reason})`, reasons.get(reason) ?? 0, thresholds.maxRejectedShare); // idem
    for (const { severity, message } of drift(loaded.profile, file, summary))
      if (severity === 'stop') problems.push(`${message.zh} ${message.en}`);
    const mistakes = summary.datum ? datumMistakes(file.name, summary.datum, thresholds.maxDatumShare) : [];
    if (mistakes.length > 0) doubtful.add(i);
    if (feed.datumMistake === 'stop') problems.push(...mistakes);
  });
  if (problems.length > 0) throw new InputError('input', problems);
  return doubtful;
}

/** What is wrong with a file's datum, as a whole or in single months, in words with the evidence. */
export function datumMistakes(name: string, tallies: DatumTallies, maxShare: number): string[] {
  const verdict = datumVerdict(tallies, { maxShare });
  const say = (where: string, reading: DatumReading): string[] =>
    reading.verdict === 'mixed' || reading.verdict === 'mislabelled'
      ? [
          `${name}${where}: ${((reading.share ?? Number.NaN) * 100).toFixed(0)} % (${((reading.low ?? Number.NaN) * 100).toFixed(0)}–${((reading.high ?? Number.NaN) * 100).toFixed(0)} %) of its points lie in ${reading.candidate}, not in the declared datum, ` +
            `by their own divisions at ${reading.discriminating} telling points of ${reading.points} 坐标系与登记不符`,
        ]
      : [];
  const whole = say('', verdict.whole);
  return whole.length > 0
    ? whole
    : Object.entries(verdict.months).flatMap(([month, reading]) => say(` (${month})`, reading));
}

/** The columns of a file against the contract of its feed. */
function drift(profile: Profile, file: InputFile, summary: PartSummary): ColumnVerdict[] {
  const feed = profile.feeds[file.feedIndex] as Feed;
  return columnDrift({
    file: file.name,
    // What had to be there was there: the reader stops without it. JSON may leave out what a record does not have.
    read: wantedColumns(feed).filter((name) => summary.columns.includes(name)),
    notRead: Object.keys(feed.notRead),
    seen: summary.columns.filter((name) => name !== ''),
    before: null,
    values: Object.entries(summary.unreadable).map(([column, unreadable]) => ({
      column,
      unreadable,
      filled: summary.filled[column] ?? unreadable, // every column that can be unreadable is counted
    })),
    maxUnreadableShare: profile.thresholds.maxUnreadableShare,
  });
}

/** Codes of categories and divisions that nobody declared, feed by feed: their rows are counted, as unmapped or without their division. */
function newCodeWarnings(
  profile: Profile,
  inputs: readonly InputFile[],
  summaries: readonly PartSummary[],
  quality: Quality,
): string[] {
  return profile.feeds.flatMap((feed) => {
    const divisions = new Map<string, number>();
    inputs.forEach((file, i) => {
      if (file.feed !== feed.id) return;
      for (const [code, rows] of Object.entries((summaries[i] as PartSummary).unknownDivisions))
        divisions.set(code, (divisions.get(code) ?? 0) + rows); // a sum starts at nothing
    });
    const known = (): boolean => false;
    const found = [
      newCodes({
        ...{ feed: feed.id, what: 'category', known },
        seen: quality.unmapped.filter((entry) => entry.feed === feed.id),
      }),
      newCodes({
        ...{ feed: feed.id, what: 'division', known },
        seen: [...divisions].map(([code, rows]) => ({ code, rows })),
      }),
    ];
    return found.flatMap(({ message }) => (message ? [`${message.zh} ${message.en}`] : []));
  });
}

function warningsOf(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  summaries: readonly PartSummary[],
  manifest: Manifest,
  quality: Quality,
): string[] {
  const warnings = inputs.flatMap((file, i) =>
    drift(loaded.profile, file, summaries[i] as PartSummary)
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => `${message.zh} ${message.en}`),
  );
  warnings.push(...newCodeWarnings(loaded.profile, inputs, summaries, quality));
  inputs.forEach((file, i) => {
    const { datum } = summaries[i] as PartSummary;
    if (datum)
      for (const mistake of datumMistakes(file.name, datum, loaded.profile.thresholds.maxDatumShare))
        warnings.push(`${mistake}; its rows are placed by their own division`);
  });
  const { unmapped, accepted } = manifest.totals;
  if (accepted > 0 && unmapped / accepted > loaded.profile.thresholds.unmappedShareToWarn) {
    warnings.push(
      `${unmapped} of ${accepted} incidents have a category without mapping (${((unmapped / accepted) * 100).toFixed(1)} %)`,
    );
  }
  for (const source of manifest.dictionaries.sources) {
    if (source.monthsMissing.length > 0)
      warnings.push(`source "${source.key}": no rows in ${source.monthsMissing.join(', ')}`);
  }
  return [...new Set(warnings)];
}

const KEY_BYTES = 32;
/** 32 random bytes, made once per store, readable by its owner only. Ids never leave the store, so the key does not touch any published byte. */
function idKey(store: string): Uint8Array {
  const path = join(store, 'id.key');
  const known = existsSync(path) ? readFileSync(path) : null;
  if (known?.length === KEY_BYTES) return new Uint8Array(known);
  const key = randomBytes(KEY_BYTES);
  writeAtomic(path, key);
  return new Uint8Array(key);
}

export function coarseDivisions(divisions: readonly Division[]): Uint32Array {
  return Uint32Array.from(divisions, (division) => {
    let at = division;
    while (at.parent !== null && at.areaKm2 < SENSITIVE_DIVISION_KM2) at = divisions[at.parent] as Division;
    return at.id;
  });
}

function summarise(
  manifest: Manifest,
  run: {
    readonly unchanged: boolean;
    readonly started: number;
    readonly warnings: readonly string[];
    readonly made: Made;
    readonly stages: Record<string, number>;
  },
): RunSummary {
  const rejectedByReason: Record<string, number> = {};
  for (const source of manifest.dictionaries.sources) {
    for (const [reason, rows] of Object.entries(source.rejected))
      rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + rows; // a sum starts at nothing
  }
  const { totals } = manifest;
  return {
    snapshot: manifest.snapshot,
    unchanged: run.unchanged,
    read: totals.read,
    accepted: totals.accepted,
    rejected: totals.rejected,
    rejectedByReason,
    located: totals.located,
    divisionOnly: totals.divisionOnly,
    unlocated: totals.unlocated,
    unmapped: totals.unmapped,
    cells: manifest.grid.cells[String(manifest.grid.finest)] as number,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum: number, file: FileEntry) => sum + file.bytes, 0),
    seconds: Math.round((performance.now() - run.started) / 10) / 100,
    made: run.made,
    stages: run.stages,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    warnings: run.warnings,
  };
}
