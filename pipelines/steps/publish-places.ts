import type { FileEntry } from '../../core/contract/manifest.ts';
import type { Profile } from '../../core/contract/profile.ts';
import { DIVISIONS, GRID, GRID_COARSE } from '../../core/contract/tables.ts';
import { type CoarseGrid, cellOfKey, centreE6, outlineE6 } from '../../core/grid/study-grid.ts';
import { arrowBytes } from '../io/arrow.ts';
import type { ArtifactWriter } from './artifact-writer.ts';
import type { Division, DivisionSet } from './divisions.ts';
import type { FinestGrid } from './grid.ts';
import { NONE_U32 } from './incident-columns.ts';
import { outlineGeojson } from './outline-geojson.ts';

/** Finest resolution whose outlines are published; finer ones are made in the browser for what is on screen. */
const OUTLINES_UP_TO = 8;

export interface Places {
  readonly profile: Profile;
  readonly set: DivisionSet;
  readonly grid: FinestGrid;
  readonly coarse: readonly CoarseGrid[];
  readonly water: Uint8Array | null;
  readonly facilities: Uint8Array | null;
}

/** Grid, divisions and their outlines, water, facilities. */
export async function publishPlaces(places: Places, writer: ArtifactWriter): Promise<FileEntry[]> {
  const { grid, set } = places;
  const n = grid.keys.length;
  const jobs: Promise<FileEntry>[] = [];
  const write = async (...args: Parameters<ArtifactWriter['write']>): Promise<void> => {
    await writer.room();
    jobs.push(writer.write(...args));
  };
  await write(
    { path: 'grid.arrow', rows: n, kind: 'grid', grade: 'wall' },
    arrowBytes(GRID, n, {
      h3: { values: BigUint64Array.from(grid.keys, (key) => BigInt(`0x${cellOfKey(key)}`)) },
      division: {
        values: grid.division.map((id) => (id === NONE_U32 ? 0 : id)),
        nulls: Uint8Array.from(grid.division, (id) => (id === NONE_U32 ? 1 : 0)),
      },
      straddles: { flags: grid.straddles },
    }),
  );
  for (const coarse of places.coarse) await publishCoarse(coarse, write);
  await publishDivisions(set.divisions, write);
  const levels = new Set(set.divisions.map((division) => division.level));
  levels.delete(0);
  for (const level of levels) {
    const members = set.divisions.filter((division) => division.level === level);
    await write(
      { path: `divisions/${level}.geojson`, rows: members.length, kind: 'geometry', grade: 'wall' },
      outlineGeojson(
        level === 1 ? 'overview' : 'exact',
        members.map((division) => ({
          polygons: division.polygons,
          properties: { id: division.id, code: division.code, name: division.name, made: division.made },
        })),
      ),
    );
  }
  await write(
    { path: 'study-area.geojson', rows: 1, kind: 'geometry', grade: 'wall' },
    outlineGeojson('overview', [{ polygons: set.studyArea, properties: {} }]),
  );
  if (places.water) await write({ path: 'water.geojson', rows: null, kind: 'geometry', grade: 'wall' }, places.water);
  if (places.facilities)
    await write({ path: 'facilities.geojson', rows: null, kind: 'geometry', grade: 'wall' }, places.facilities);
  return Promise.all(jobs);
}

type Write = (...args: Parameters<ArtifactWriter['write']>) => Promise<void>;

async function publishCoarse(coarse: CoarseGrid, write: Write): Promise<void> {
  const n = coarse.h3.length;
  const centres = coarse.h3.map(centreE6);
  const outlines = coarse.h3.map((cell) => (coarse.resolution <= OUTLINES_UP_TO ? outlineE6(cell) : null));
  await write(
    { path: `grid/r${coarse.resolution}.arrow`, rows: n, kind: 'grid', grade: 'wall' },
    arrowBytes(GRID_COARSE, n, {
      h3: { values: BigUint64Array.from(coarse.h3, (cell) => BigInt(`0x${cell}`)) },
      first_id: { values: coarse.firstId },
      end_id: { values: coarse.endId },
      lng_e6: { values: centres.map((centre) => centre.lng) },
      lat_e6: { values: centres.map((centre) => centre.lat) },
      outline_e6: { lists: outlines },
    }),
  );
}

async function publishDivisions(divisions: readonly Division[], write: Write): Promise<void> {
  const n = divisions.length;
  const nullable = (values: readonly (number | null)[]) => ({
    values: values.map((value) => value ?? 0),
    nulls: Uint8Array.from(values, (value) => (value === null ? 1 : 0)),
  });
  await write(
    { path: 'divisions.arrow', rows: n, kind: 'divisions', grade: 'wall' },
    arrowBytes(DIVISIONS, n, {
      code: { texts: divisions.map((division) => division.code) },
      name: { texts: divisions.map((division) => division.name) },
      name_en: { texts: divisions.map((division) => division.nameEn) },
      level: { values: divisions.map((division) => division.level) },
      parent: nullable(divisions.map((division) => division.parent)),
      end: { values: divisions.map((division) => division.end) },
      lng: { values: divisions.map((division) => division.label.lng) },
      lat: { values: divisions.map((division) => division.label.lat) },
      area_km2: { values: divisions.map((division) => division.areaKm2) },
      population: nullable(divisions.map((division) => division.population)),
      made: { flags: divisions.map((division) => division.made) },
    }),
  );
}
