import { parentPort, workerData } from 'node:worker_threads';
import type { Feed, Profile } from '../core/contract/profile.ts';
import { divisionIndex } from '../core/geo/division-index.ts';
import { overlappingKeys } from '../core/grid/study-grid.ts';
import { HexsightError } from './errors.ts';
import type { Division } from './steps/divisions.ts';
import { feedConverter } from './steps/feed-crs.ts';
import { newColumns } from './steps/incident-columns.ts';
import { type IngestContext, ingestFile } from './steps/ingest-file.ts';
import { ownDivisions, placeNames } from './steps/own-place.ts';
import type { FromWorker, Task, WorkerSetup } from './worker-protocol.ts';

/** One thread of the pool: takes a task, answers with one result. Rows go into the store, not through the port. */
const port = parentPort;
if (!port) throw new Error('worker.ts runs only inside a worker thread');
const setup = workerData as WorkerSetup;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const context = ingestContext(setup);

function ingestContext({ shapes, ingest }: WorkerSetup): IngestContext | null {
  if (!shapes || !ingest) return null;
  const { profile } = ingest;
  return {
    ...ingest,
    ground: {
      index: divisionIndex(shapes),
      table: { keys: ingest.keys, slots: ingest.slots },
      division: ingest.cellDivision,
      pure: ingest.pure,
      finest: profile.grid.finest,
      near: new Map(),
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

async function run(task: Task): Promise<void> {
  if (task.kind === 'grid') {
    const keys = overlappingKeys(task.polygons, task.finest);
    send({ kind: 'grid', task: task.number, keys }, [keys.buffer as ArrayBuffer]);
    return;
  }
  if (!context) throw new Error('the pool was not set up for ingest');
  send({ kind: 'ingested', task: task.number, summary: await ingestFile(context, task) });
}

port.on('message', (message: Task) => {
  run(message).catch((error: Error) => {
    const known = error instanceof HexsightError ? { exitCode: error.exitCode, problems: error.problems } : null;
    send({ kind: 'failed', task: message.number, message: error.message, stack: error.stack ?? '', known });
  });
});
