import type { Feed, Profile } from '../../core/contract/profile.ts';
import { divisionIndex } from '../../core/geo/division-index.ts';
import type { WorkerSetup } from '../worker-protocol.ts';
import type { Division } from './divisions.ts';
import { feedConverter } from './feed-crs.ts';
import { newColumns } from './incident-columns.ts';
import type { IngestContext } from './ingest-file.ts';
import { ownDivisions } from './own-place.ts';

/** What a thread needs to read files, from what can cross to it. */
export function ingestContext({ shapes, ingest }: WorkerSetup): IngestContext | null {
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
    places: null,
  };
}

function levelOf(profile: Profile, feed: Feed): number {
  return profile.divisions.findIndex((level) => level.key === feed.fields.division?.level) + 1;
}
