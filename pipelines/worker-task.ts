import type { Feed, Profile } from '../core/contract/profile.ts';
import { divisionIndex } from '../core/geo/division-index.ts';
import { overlappingKeys } from '../core/grid/study-grid.ts';
import { wallTables } from '../core/privacy/wall-tables.ts';
import { HexsightError } from './errors.ts';
import { runSenseJob } from './sense/jobs.ts';
import type { Division } from './steps/divisions.ts';
import { feedConverter } from './steps/feed-crs.ts';
import { newColumns } from './steps/incident-columns.ts';
import { type IngestContext, ingestFile } from './steps/ingest-file.ts';
import { ownDivisions, placeNames } from './steps/own-place.ts';
import type { FromWorker, Task, WorkerSetup } from './worker-protocol.ts';

/** What a thread of the pool does with its tasks, one after the other; runs on any thread. A failure is a message too. */
export function taskRunner(setup: WorkerSetup): (task: Task) => Promise<FromWorker> {
  const context = ingestContext(setup);
  return async (task) => {
    try {
      if (task.kind === 'grid')
        return { kind: 'grid', task: task.number, keys: overlappingKeys(task.polygons, task.finest) };
      if (task.kind === 'wall') return { kind: 'wall', task: task.number, tables: wallTables(task.input) };
      if (task.kind === 'sense') return { kind: 'sensed', task: task.number, result: runSenseJob(task.job) };
      if (!context) throw new Error('the pool was not set up for ingest');
      return { kind: 'ingested', task: task.number, summary: await ingestFile(context, task) };
    } catch (cause) {
      const error = cause as Error;
      const known = error instanceof HexsightError ? { exitCode: error.exitCode, problems: error.problems } : null;
      return { kind: 'failed', task: task.number, message: error.message, stack: error.stack ?? '', known };
    }
  };
}

function ingestContext({ shapes, ingest }: WorkerSetup): IngestContext | null {
  if (!shapes || !ingest) return null;
  const { profile } = ingest;
  return {
    ...ingest,
    ground: {
      index: divisionIndex(shapes),
      keys: ingest.keys,
      division: ingest.cellDivision,
      pure: ingest.pure,
      finest: profile.grid.finest,
      lattices: ingest.lattices,
    },
    buffer: { columns: newColumns(0), rows: 0 },
    toWgs84: feedConverter,
    ownDivisions: (feed) =>
      feed.fields.division
        ? ownDivisions(feed.fields.division, ingest.divisions as readonly Division[], levelOf(profile, feed))
        : null,
    levelOf: (feed) => levelOf(profile, feed),
    parents: Int32Array.from(ingest.divisions, (division) => division.parent ?? -1),
    levels: Uint8Array.from(ingest.divisions, (division) => division.level),
    places: placeNames(ingest.places, ingest.divisions),
  };
}

function levelOf(profile: Profile, feed: Feed): number {
  return profile.divisions.findIndex((level) => level.key === feed.fields.division?.level) + 1;
}
