import type { Column as ArrowColumn } from '@uwdata/flechette';
import type { FeatureCollection } from 'geojson';
import type { Coverage } from '../../../../core/contract/coverage.ts';
import type { FileEntry, Manifest } from '../../../../core/contract/manifest.ts';
import { Privacy } from '../../../../core/contract/privacy.ts';
import type { Alerts, Sense } from '../../../../core/contract/sense.ts';
import { FACTS } from '../../../../core/contract/tables.ts';
import { WALL_PLAYED_RESOLUTION } from '../../../../core/contract/wall-tables.ts';
import { type AreaResponse, addResponses, type HandledReports, responses } from '../../../../core/metric/response.ts';
import { borderOf } from '../../sense/border.ts';
import { openTable } from '../../snapshot/decode.ts';
import { childrenOf } from '../../snapshot/model.ts';
import { problemOf, type SnapshotProblem } from '../../snapshot/problem.ts';
import { type HotspotTable, type RiskTable, type SeriesTable, senseOf } from '../../snapshot/sense.ts';
import { readDocument, type Snapshot } from '../../snapshot/snapshot.ts';
import { isPartial, type WeekRange } from '../../time/week.ts';
import { decodeWeeks, type PlayedWeeks, playedWeeks } from './played-weeks.ts';

/** A file that a wall can do without: there, not part of the snapshot, or failed, each with its own look. */
export type Part<T> =
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'absent' }
  /** Of a page that has just started: the large files come after the first picture. */
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly problem: SnapshotProblem };

export const readyPart = <T>(part: Part<T>): T | null => (part.status === 'ready' ? part.value : null);

export interface DivisionResponse {
  readonly areas: readonly AreaResponse[];
  /** Whole weeks in which the cohort was received. */
  readonly weeks: WeekRange;
}

/** Everything a wall shows of one snapshot, read before any of it is shown: the swap to a new one is one step. */
export interface WallData {
  readonly snapshot: Snapshot;
  readonly alerts: Part<Alerts>;
  readonly sense: Part<Sense>;
  readonly risk: Part<RiskTable>;
  readonly hotspots: Part<HotspotTable>;
  readonly series: Part<SeriesTable>;
  readonly coverage: Part<Coverage>;
  readonly response: Part<DivisionResponse>;
  readonly played: Part<PlayedWeeks>;
  /** Outlines of levels 1 and 2, by division id. */
  readonly outlines: Part<ReadonlyMap<number, readonly Ring[]>>;
  /** Borders around the cells of each alert, by its id. */
  readonly borders: ReadonlyMap<string, readonly Ring[]>;
  /** Counts below it are not shown on a wall: anybody may stand before it. */
  readonly k: { readonly usual: number; readonly sensitive: number };
}
export type Ring = readonly (readonly [number, number])[];

/** As the profile's own defaults, for a snapshot that does not say. */
const USUAL_K = { usual: 5, sensitive: 10 };

/** How much of a snapshot is read: what the figures and words need; what the map draws too; all of it. */
export type Depth = 'figures' | 'map' | 'whole';

/** @param depth less than `whole` leaves out what is large, so that a page that starts has its first picture early */
export async function loadWall(snapshot: Snapshot, depth: Depth): Promise<WallData> {
  const files = senseOf(snapshot);
  const { manifest } = snapshot;
  const figures = depth === 'figures';
  const [alerts, sense, risk, hotspots, series, coverage, response, played, outlines, privacy] = await Promise.all([
    part('alerts.json', files.alerts),
    part('sense.json', files.sense),
    figures ? LATER : part('sense/risk.arrow', files.risk),
    figures ? LATER : part('sense/hotspots.arrow', files.hotspots),
    depth !== 'whole' ? LATER : part('sense/series.arrow', files.series),
    part('coverage.json', snapshot.coverage),
    depth !== 'whole' ? LATER : part('facts', () => loadResponse(snapshot)),
    depth !== 'whole' ? LATER : part(PLAYED, () => loadPlayed(snapshot)),
    figures ? LATER : part('divisions', () => loadOutlines(snapshot)),
    part('privacy.json', () => readDocument(manifest, snapshot.bytesOnce, 'privacy.json', Privacy)),
  ]);
  const wall = readyPart(privacy)?.wall;
  const k = wall ? { usual: wall.k, sensitive: wall.kSensitive } : USUAL_K;
  const borders = figures ? NO_BORDERS : await loadBorders(snapshot, readyPart(alerts)?.alerts ?? []);
  return { snapshot, alerts, sense, risk, hotspots, series, coverage, response, played, outlines, borders, k };
}

const NO_BORDERS: ReadonlyMap<string, readonly Ring[]> = new Map();

/** An alert without a border still has its mark. */
async function loadBorders(
  snapshot: Snapshot,
  alerts: Alerts['alerts'],
): Promise<ReadonlyMap<string, readonly Ring[]>> {
  const out = new Map<string, readonly Ring[]>();
  for (const { id, cells, resolution } of alerts) {
    // The finest grid is large, and its cells are too small to be seen on a wall.
    if (cells.length === 0 || resolution === null || resolution >= snapshot.manifest.grid.finest) continue;
    const grid = await snapshot.coarseGrid(resolution).catch(() => null);
    if (grid && cells.every((row) => row < grid.h3.length))
      out.set(id, borderOf(BigUint64Array.from(cells, (row) => grid.h3[row] as bigint)));
  }
  return out;
}

/** Files of a snapshot that could not be read although its manifest lists them. */
export function failuresOf(data: WallData): readonly SnapshotProblem[] {
  const { alerts, sense, risk, hotspots, series, coverage, response, played, outlines } = data;
  return [alerts, sense, risk, hotspots, series, coverage, response, played, outlines].flatMap((one) =>
    one.status === 'failed' ? [one.problem] : [],
  );
}

const LATER = { status: 'loading' } as const;

async function part<T>(file: string, read: () => Promise<T | null>): Promise<Part<T>> {
  try {
    const value = await read();
    return value === null ? { status: 'absent' } : { status: 'ready', value };
  } catch (thrown) {
    return { status: 'failed', problem: problemOf(thrown, file) };
  }
}

/** Weeks of the cohort. */
const COHORT_WEEKS = 4;
const DAYS_TO_CLOSE = 7;

/** The last whole weeks whose reports have had seven days to be closed; null = there is none. */
export function cohortWeeks({ weeks, window }: Pick<Manifest, 'weeks' | 'window'>): WeekRange | null {
  const last = weeks.findLastIndex(
    (week) => !isPartial(week, window) && week.firstDay + 7 + DAYS_TO_CLOSE <= window.endDay,
  );
  if (last < 0) return null;
  let first = last;
  while (first > 0 && last - first + 1 < COHORT_WEEKS && !isPartial(weeks[first - 1]!, window)) first--;
  return { first, end: last + 1 };
}

/** Files that hold the reports of these days. */
export function cohortFiles(manifest: Manifest): readonly FileEntry[] {
  const range = cohortWeeks(manifest);
  if (!range) return [];
  const firstDay = manifest.weeks[range.first]!.firstDay;
  const endDay = manifest.weeks[range.end - 1]!.firstDay + 7;
  return manifest.files.filter(
    ({ kind, period, rows, division }) =>
      kind === 'facts' &&
      period &&
      rows !== 0 &&
      division !== 'none' &&
      period.firstDay < endDay &&
      period.endDay > firstDay,
  );
}

async function loadResponse(snapshot: Snapshot): Promise<DivisionResponse | null> {
  const { manifest, divisions } = snapshot;
  const weeks = cohortWeeks(manifest);
  const areas = childrenOf(divisions, 0).map((id) => ({ id, end: divisions.end[id]! }));
  if (!weeks || areas.length === 0) return null;
  const question = {
    sources: new Set(manifest.dictionaries.sources.map(({ id }) => id)),
    firstDay: manifest.weeks[weeks.first]!.firstDay,
    endDay: manifest.weeks[weeks.end - 1]!.firstDay + 7,
    areas,
  };
  const parts = [];
  // One after another: a wall has time, and the memory of one file is enough.
  for (const { path } of cohortFiles(manifest))
    parts.push(responses(decodeHandled(await snapshot.bytesOnce(path), path), question));
  return { areas: parts.length > 0 ? addResponses(parts) : responses(NO_REPORTS, question), weeks };
}

const PLAYED = 'wall/weeks.arrow';
async function loadPlayed({ manifest, bytesOnce }: Snapshot): Promise<PlayedWeeks | null> {
  if (!manifest.files.some(({ path }) => path === PLAYED)) return null;
  const cells = manifest.grid.cells[String(WALL_PLAYED_RESOLUTION)] ?? 0;
  return playedWeeks(decodeWeeks(await bytesOnce(PLAYED), PLAYED), { weeks: manifest.weeks, cells });
}

const NO_REPORTS: HandledReports = { day: [], source: [], stage: [], closeHours: [], division: [] };

export function decodeHandled(bytes: Uint8Array, file: string): HandledReports {
  const wanted = ['day', 'source', 'stage', 'close_hours', 'division'];
  const table = openTable(
    bytes,
    file,
    FACTS.filter(({ name }) => wanted.includes(name)),
  );
  const column = (name: string): Float64Array => {
    const out = new Float64Array(table.numRows);
    const of = table.getChild(name) as ArrowColumn<unknown>;
    let row = 0;
    for (const batch of of.data)
      for (let i = 0; i < batch.length; i++) {
        const value: unknown = batch.at(i);
        out[row++] = value === null ? Number.NaN : Number(value);
      }
    return out;
  };
  return {
    day: column('day'),
    source: column('source'),
    stage: column('stage'),
    closeHours: column('close_hours'),
    division: column('division'),
  };
}

async function loadOutlines(snapshot: Snapshot): Promise<ReadonlyMap<number, readonly Ring[]> | null> {
  const out = new Map<number, readonly Ring[]>();
  for (const level of [1, 2]) {
    const path = `divisions/${level}.geojson`;
    if (!snapshot.manifest.files.some((file) => file.path === path)) continue;
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await snapshot.bytesOnce(path)));
    for (const { properties, geometry } of (parsed as FeatureCollection).features) {
      if (typeof properties?.id !== 'number') continue;
      if (geometry.type === 'Polygon') out.set(properties.id, geometry.coordinates as unknown as Ring[]);
      if (geometry.type === 'MultiPolygon') out.set(properties.id, geometry.coordinates.flat() as unknown as Ring[]);
    }
  }
  return out.size > 0 ? out : null;
}
