import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { divisionIndex, type packShapes } from '../../core/geo/division-index.ts';
import { divisionCentres, type PileUp } from '../../core/geo/pile-up.ts';
import type { BuildInput } from '../build-input.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import { type Part, partFolder } from './ingest.ts';
import type { InputFile } from './inputs.ts';
import { PartRows } from './part.ts';
import { feedPileUps } from './pile-ups.ts';
import type { RejectedRow } from './rejects.ts';
import { relocation } from './relocate.ts';
import type { Lost } from './settle.ts';
import { settledFeed } from './settled-store.ts';
import type { UnitInput } from './units.ts';

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
  const centres = divisionCentres(set.divisions);
  const found = new Map<string, PileUp[]>();
  const moves = loaded.profile.feeds.map((feed, feedIndex) => {
    const members = settled.filter((_, i) => (inputs[i] as InputFile).feedIndex === feedIndex && !doubtful.has(i));
    const list = feedPileUps(folders.store, feed, members, basis, {
      set,
      centres,
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
    const lost = settledFeed(store, feed.id, {
      keys: members.map((i) => (parts[i] as Part).key),
      parts: partRows,
    });
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
export function rejections(inputs: readonly InputFile[], settled: readonly Settled[]): RejectedRow[][] {
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

export function codesOf({ summary }: Settled): { code: string; firstRow: number; rows: number }[] {
  return summary.unmapped.map((code, i) => ({
    code,
    firstRow: summary.unmappedFirstRow[i] as number,
    rows: summary.unmappedRows[i] as number,
  }));
}

export function dropOldParts(store: string, settled: readonly UnitInput[]): void {
  const kept = new Set(settled.map((part) => part.key));
  for (const name of readdirSync(partFolder(store)))
    if (!kept.has(name.split('.')[0] as string)) rmSync(join(partFolder(store), name), { force: true });
}
