import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileEntry, Manifest, SCHEMA_VERSION } from '../core/contract/manifest.ts';
import type { Feed } from '../core/contract/profile.ts';
import { packShapes } from '../core/geo/division-index.ts';
import { coarseGrids } from '../core/grid/study-grid.ts';
import type { RejectReason } from '../core/incident/reasons.ts';
import { parseIsoDate } from '../core/time/local-date.ts';
import { codeVersion } from './code-version.ts';
import { type LoadedProfile, loadProfile } from './config/load-profile.ts';
import { InputError } from './errors.ts';
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
import {
  CUBE_RESOLUTIONS,
  loadCells,
  loadDimensions,
  publishCubes,
  publishFacts,
  timeFrame,
} from './steps/aggregate.ts';
import { ArtifactWriter } from './steps/artifact-writer.ts';
import { type Division, loadDivisions } from './steps/divisions.ts';
import { studyGrid } from './steps/grid.ts';
import type { IngestResult } from './steps/ingest-file.ts';
import { findInputs, type InputFile } from './steps/inputs.ts';
import { SENSITIVE_DIVISION_KM2 } from './steps/normalise.ts';
import { publishPlaces } from './steps/publish-places.ts';
import { type RejectedRow, writeRejects } from './steps/rejects.ts';
import { privacyReport, qualityReport, sourceEntries, tallies } from './steps/reports.ts';
import { openStaging, type Superseded, settleRevisions, writeStore } from './steps/store.ts';
import { runTasks } from './worker-pool.ts';
import type { IngestTask } from './worker-protocol.ts';

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

export interface RunSummary {
  readonly snapshot: string;
  readonly unchanged: boolean;
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly located: number;
  readonly unlocated: number;
  readonly unmapped: number;
  readonly cells: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
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
        return summarise(stands, { unchanged: true, started, warnings: standsBack(stands, snapshot) });
    }
    const inputBytes = from.inputs.reduce((sum, { bytes }) => sum + bytes, 0);
    checkSpace([out, store], estimateBytes(inputBytes, publishedManifest(out)));
    const folders = { out, store };
    const result = await build({
      loaded,
      inputs,
      set,
      water,
      from,
      snapshot,
      folders,
      progress,
      signal: options.signal,
      now: options.now ?? (() => Date.now()),
    });
    return summarise(result.manifest, { unchanged: false, started, warnings: result.warnings });
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

interface BuildInput {
  readonly loaded: LoadedProfile;
  readonly inputs: readonly InputFile[];
  readonly set: ReturnType<typeof loadDivisions>;
  readonly water: Uint8Array | null;
  readonly from: Manifest['from'];
  readonly snapshot: string;
  readonly folders: { readonly out: string; readonly store: string };
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}

async function build(work: BuildInput): Promise<{ manifest: Manifest; warnings: string[] }> {
  const { loaded, inputs, set, folders, progress, signal } = work;
  const { profile, categories } = loaded;
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  const packed = packShapes(set.shapes, shared);
  const grid = await studyGrid(profile, set, packed, folders.store, progress, signal);
  const keys = new Float64Array(shared(grid.keys.byteLength));
  keys.set(grid.keys);
  const duckFolder = join(folders.store, `duckdb.tmp-${process.pid}`);
  const duck = await openDuck({ temporaryFolder: duckFolder, memoryLimit: '2500MB' });
  try {
    const staging = await openStaging(duck);
    const results: IngestResult[] = [];
    const total = inputs.reduce((sum, file) => sum + file.bytes, 0);
    let doneBytes = 0;
    const tasks: IngestTask[] = inputs.map((file, number) => ({
      kind: 'ingest',
      number,
      path: file.path,
      feedIndex: file.feedIndex,
      fileIndex: number,
    }));
    const setup = {
      shapes: packed,
      ingest: {
        profile,
        categories,
        mapping: loaded.mapping,
        keys,
        coarseDivision: coarseDivisions(set.divisions),
        idKey: idKey(folders.store),
      },
    };
    progress({ stage: 'ingest', done: 0, total, unit: 'bytes' });
    await runTasks(
      setup,
      tasks,
      (message) => {
        if (message.kind === 'batch') staging.append(message.batch);
        if (message.kind === 'ingested') {
          results[message.task] = message.result;
          doneBytes += (inputs[message.task] as InputFile).bytes;
          progress({ stage: 'ingest', done: doneBytes, total, unit: 'bytes' });
        }
      },
      { signal },
    );
    staging.close();
    checkThresholds(loaded, inputs, results);
    progress({ stage: 'store', done: 0, total: null, unit: 'incidents' });
    const aside = await settleRevisions(duck);
    const rejected = allRejections(loaded, inputs, results, aside);
    for (const feed of profile.feeds)
      writeRejects(
        folders.store,
        feed.id,
        rejected.filter((row) => row.feed === feed.id),
      );
    const declared = profile.window
      ? { firstDay: parseIsoDate(profile.window.firstDay), endDay: parseIsoDate(profile.window.endDay) }
      : null;
    const frame = await timeFrame(duck, profile, declared);
    const factsLevel =
      profile.publish.factsBy === 'city'
        ? 0
        : profile.divisions.findIndex((level) => level.key === profile.publish.factsBy) + 1;
    await loadDimensions(duck, frame, categories, set.divisions, factsLevel);
    await writeStore(duck, folders.store);
    signal?.throwIfAborted();
    const coarse = coarseGrids(grid.keys, profile.grid);
    await loadCells(duck, coarse, CUBE_RESOLUTIONS, grid.keys.length);
    progress({ stage: 'publish', done: 0, total: null, unit: 'files' });
    const counted = await tallies(duck);
    const writer = await ArtifactWriter.open(folders.out);
    await publishPlaces({ profile, set, grid, coarse, water: work.water }, writer);
    await publishCubes(duck, profile, writer);
    await publishFacts(duck, frame, set.divisions, writer, counted.accepted, progress);
    signal?.throwIfAborted();
    const context = { loaded, inputs, results, rejected, counted, frame };
    await writer.write(
      { path: 'quality.json', rows: null, kind: 'document', grade: 'desk' },
      Buffer.from(JSON.stringify(await qualityReport(duck, context))),
    );
    await writer.write(
      { path: 'privacy.json', rows: null, kind: 'document', grade: 'desk' },
      Buffer.from(JSON.stringify(await privacyReport(duck, context))),
    );
    const files = await writer.finish();
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
      dictionaries: { sources: await sourceEntries(duck, context), categories },
      totals: {
        read: results.reduce((sum, result) => sum + result.read, 0),
        accepted: counted.accepted,
        rejected: rejected.length,
        located: counted.located,
        unlocated: counted.accepted - counted.located,
        unmapped: counted.unmapped,
        coarsened: counted.coarsened,
      },
      basemap: profile.basemap ?? null,
      files,
    });
    if (manifest.totals.read !== manifest.totals.accepted + manifest.totals.rejected) {
      throw new Error(
        `read ${manifest.totals.read} ≠ accepted ${manifest.totals.accepted} + rejected ${manifest.totals.rejected}`,
      );
    }
    await publish(folders.out, manifest, { keep: profile.publish.keep, nowMs: work.now() });
    return { manifest, warnings: warningsOf(loaded, inputs, results, manifest) };
  } finally {
    duck.close();
    rmSync(duckFolder, { recursive: true, force: true });
  }
}

export type RejectedInRun = RejectedRow & {
  readonly feed: string;
  readonly source: string;
  readonly fileIndex: number;
};

function allRejections(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  results: readonly IngestResult[],
  aside: readonly Superseded[],
): RejectedInRun[] {
  const at = (seq: bigint) => ({ fileIndex: Number(seq >> 32n), row: Number(seq & 0xffffffffn) });
  const inFile = (fileIndex: number) => {
    const file = inputs[fileIndex] as InputFile;
    return {
      feed: file.feed,
      file: file.name,
      fileIndex,
      source: (loaded.profile.feeds[file.feedIndex] as Feed).source,
    };
  };
  const refused = results.flatMap((result, fileIndex) =>
    result.rejections.map((rejection) => ({ ...inFile(fileIndex), ...rejection })),
  );
  const late = aside.map(({ seq, reason, by }) => {
    const { fileIndex, row } = at(seq);
    const winner = by === null ? '' : `${inFile(at(by).fileIndex).file}:${at(by).row}`;
    return { ...inFile(fileIndex), row, column: '', reason: reason as RejectReason, raw: winner };
  });
  return [...refused, ...late];
}

/** A file that is mostly wrong is a wrong file: nothing of it is published. @throws InputError for all such files */
function checkThresholds(loaded: LoadedProfile, inputs: readonly InputFile[], results: readonly IngestResult[]): void {
  const { thresholds } = loaded.profile;
  const problems: string[] = [];
  const broken: readonly RejectReason[] = [
    'wrong-column-count',
    'id-missing',
    'date-missing',
    'date-unreadable',
    'person-like-value',
  ];
  inputs.forEach((file, i) => {
    const result = results[i] as IngestResult;
    const feed = loaded.profile.feeds[file.feedIndex] as Feed;
    const share = (n: number): number => (result.read === 0 ? 0 : n / result.read); // an empty table has no bad share
    const check = (label: string, n: number, limit: number): void => {
      if (share(n) > limit)
        problems.push(
          `${file.name}: ${label} in ${n} of ${result.read} rows (${(share(n) * 100).toFixed(1)} %, allowed ${limit * 100} %)`,
        );
    };
    check(
      'longitude and latitude look swapped',
      result.unlocated['coordinate-swapped'] ?? 0,
      thresholds.maxSwappedShare,
    ); // absent = none seen
    const outside =
      (result.unlocated['coordinate-outside'] ?? 0) +
      result.rejections.filter((row) => row.reason === 'coordinate-outside').length; // idem
    check('coordinates outside the study area', outside, feed.maxOutsideShare ?? thresholds.maxOutsideShare);
    for (const reason of broken)
      check(
        `rejected (${reason})`,
        result.rejections.filter((row) => row.reason === reason).length,
        thresholds.maxRejectedShare,
      );
  });
  if (problems.length > 0) throw new InputError('input', problems);
}

function warningsOf(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  results: readonly IngestResult[],
  manifest: Manifest,
): string[] {
  const warnings = inputs.flatMap((file, i) =>
    (results[i] as IngestResult).unknownColumns.map((column) => `${file.name}: unknown column "${column}" (not read)`),
  );
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

/** 32 random bytes, made once per store, readable by its owner only. Ids never leave the store, so the key does not touch any published byte. */
function idKey(store: string): Uint8Array {
  const path = join(store, 'id.key');
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  const key = randomBytes(32);
  writeAtomic(path, key);
  return new Uint8Array(key);
}

function coarseDivisions(divisions: readonly Division[]): Uint32Array {
  return Uint32Array.from(divisions, (division) => {
    let at = division;
    while (at.parent !== null && at.areaKm2 < SENSITIVE_DIVISION_KM2) at = divisions[at.parent] as Division;
    return at.id;
  });
}

function summarise(
  manifest: Manifest,
  run: { unchanged: boolean; started: number; warnings: readonly string[] },
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
    unlocated: totals.unlocated,
    unmapped: totals.unmapped,
    cells: manifest.grid.cells[String(manifest.grid.finest)] as number,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum: number, file: FileEntry) => sum + file.bytes, 0),
    seconds: Math.round((performance.now() - run.started) / 10) / 100,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    warnings: run.warnings,
  };
}
