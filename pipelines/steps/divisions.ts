import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Feature, MultiPolygon as GeoMultiPolygon, Position } from 'geojson';
import Papa from 'papaparse';
import { z } from 'zod';
import type { DivisionLevel, Profile } from '../../core/contract/profile.ts';
import type { DivisionShape } from '../../core/geo/division-index.ts';
import { areaKm2, type Bounds, boundsOf, labelPoint, type MultiPolygon } from '../../core/geo/polygon.ts';
import { InputError } from '../errors.ts';
import { dissolveTopology, type GeometryFile, polygonsOf, readGeometryFile } from '../io/geometry-file.ts';
import { type GeomCoords, union } from './dissolve.ts';
import { crsConverter } from './feed-crs.ts';

/** A division with its place in the pre-order tree; row number = id, id 0 = the city. */
export interface Division {
  readonly id: number;
  readonly end: number;
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly level: number;
  readonly parent: number | null;
  readonly polygons: MultiPolygon;
  readonly label: { readonly lng: number; readonly lat: number };
  readonly areaKm2: number;
  readonly population: number | null;
  readonly made: boolean;
}

export interface DivisionSet {
  readonly divisions: readonly Division[];
  /** All below the city, for the point-in-polygon index. */
  readonly shapes: readonly DivisionShape[];
  /** Level-1 outlines: together the study area. */
  readonly studyArea: MultiPolygon;
  readonly bounds: Bounds;
  /** Content of the geometry and population files, for the fingerprint of the run. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

interface RawDivision {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly parentCode: string | null;
  readonly population: number | null;
  readonly polygons: MultiPolygon;
}

/** Reads every level of the profile and makes the tree. @throws InputError with every problem */
export function loadDivisions(profile: Profile, folders: readonly string[]): DivisionSet {
  const files = new Map<string, GeometryFile>();
  const open = (level: DivisionLevel): GeometryFile => {
    const name = level.file as string;
    const known = files.get(`${name} ${level.object ?? ''}`);
    if (known) return known;
    const file = readGeometryFile(name, folders, level.object);
    files.set(`${name} ${level.object ?? ''}`, file);
    return file;
  };
  const levels = profile.divisions.map((level) =>
    level.dissolveFrom ? dissolvedLevel(profile, level, open) : plainLevel(level, open(level)),
  );
  const population = profile.exposure ? readPopulation(profile.exposure, folders) : null;
  const divisions = tree(profile, levels, population?.byCode ?? null);
  const studyArea = divisions.filter((division) => division.level === 1).flatMap((division) => [...division.polygons]);
  return {
    divisions,
    shapes: divisions.filter((division) => division.level > 0),
    studyArea,
    bounds: boundsOf(studyArea),
    files: [
      ...[...files.values()].map((file) => ({ name: file.path.split('/').pop() as string, bytes: file.bytes })),
      ...(population?.files ?? []),
    ],
  };
}

function plainLevel(level: DivisionLevel, file: GeometryFile): RawDivision[] {
  const byCode = new Map<string, RawDivision>();
  for (const feature of file.collection.features) {
    const properties = (feature.properties ?? {}) as Record<string, unknown>;
    const code = template(level.code, properties);
    if (code === '') throw new InputError(file.path, [`a feature has no ${level.code}`]);
    const raw: RawDivision = {
      code,
      name: template(level.nameProperty, properties),
      nameEn: level.nameEnProperty ? template(level.nameEnProperty, properties) || null : null,
      parentCode: level.parent
        ? 'prefix' in level.parent
          ? code.slice(0, level.parent.prefix)
          : template(level.parent.property, properties)
        : null,
      population: level.populationProperty ? numberOrNull(properties[level.populationProperty]) : null,
      polygons: toPolygons(feature, level, file.path),
    };
    const same = byCode.get(code);
    // One division may come as several features (islands).
    byCode.set(code, same ? { ...same, polygons: [...same.polygons, ...raw.polygons] } : raw);
  }
  return [...byCode.values()];
}

function dissolvedLevel(
  profile: Profile,
  level: DivisionLevel,
  open: (level: DivisionLevel) => GeometryFile,
): RawDivision[] {
  const from = level.dissolveFrom as NonNullable<DivisionLevel['dissolveFrom']>;
  const below = profile.divisions.find((candidate) => candidate.key === from.level) as DivisionLevel;
  const file = open(below);
  const key = (properties: Record<string, unknown>): string => template(from.code, properties);
  const sample = new Map<string, Record<string, unknown>>();
  for (const feature of file.collection.features) sample.set(key(feature.properties ?? {}), feature.properties ?? {});
  const united = file.topology ? dissolveTopology(file.topology, key) : uniteFeatures(file, key);
  return [...united].map(([code, geometry]) => {
    const properties = sample.get(code) ?? {};
    return {
      code,
      name: template(from.name, properties),
      nameEn: from.nameEn ? template(from.nameEn, properties) || null : null,
      parentCode: null,
      population: null,
      polygons: withoutSlivers(toPolygons(geometry, below, file.path)),
    };
  });
}

/**
 * Neighbours that do not share every vertex leave slits between them after uniting. A hole smaller than this, or thinner than
 * a needle, is such a slit and no enclave. A point in a slit lies in the united division and in none of its parts.
 */
const SLIVER_KM2 = 0.05;
const NEEDLE = 0.03;

function withoutSlivers(polygons: MultiPolygon): MultiPolygon {
  const isSliver = (ring: Float64Array): boolean => {
    const area = areaKm2([[ring]]);
    const perimeter = perimeterKm(ring);
    return area < SLIVER_KM2 || (4 * Math.PI * area) / (perimeter * perimeter) < NEEDLE;
  };
  return polygons.map((polygon) => polygon.filter((ring, i) => i === 0 || !isSliver(ring)));
}

function perimeterKm(ring: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const dx =
      ((ring[j] as number) - (ring[i] as number)) * 111.32 * Math.cos(((ring[i + 1] as number) * Math.PI) / 180);
    const dy = ((ring[j + 1] as number) - (ring[i + 1] as number)) * 110.57;
    sum += Math.hypot(dx, dy);
  }
  return sum;
}

function uniteFeatures(
  file: GeometryFile,
  key: (properties: Record<string, unknown>) => string,
): Map<string, GeoMultiPolygon> {
  const groups = new Map<string, GeomCoords[]>();
  for (const feature of file.collection.features) {
    const code = key(feature.properties ?? {});
    const list = groups.get(code) ?? [];
    list.push(polygonsOf(feature, file.path) as GeomCoords);
    groups.set(code, list);
  }
  return new Map(
    [...groups].map(([code, members]) => [
      code,
      { type: 'MultiPolygon', coordinates: union(members) as Position[][][] },
    ]),
  );
}

function toPolygons(
  feature: Feature | GeoMultiPolygon | { type: string },
  level: DivisionLevel,
  where: string,
): MultiPolygon {
  const convert = crsConverter(level.crs, `divisions "${level.key}" crs`);
  const point = new Float64Array(2);
  return polygonsOf(feature as Feature, where).map((polygon) =>
    polygon.map((ring) => {
      const flat = new Float64Array(ring.length * 2);
      ring.forEach((position, i) => {
        convert(position[0] as number, position[1] as number, point);
        flat[i * 2] = point[0] as number;
        flat[i * 2 + 1] = point[1] as number;
      });
      return flat;
    }),
  );
}

function tree(
  profile: Profile,
  levels: readonly (readonly RawDivision[])[],
  population: ReadonlyMap<string, number> | null,
): Division[] {
  const divisions: (Division & { end: number })[] = [];
  const problems: string[] = [];
  const children = levels.map((level, index) => {
    const byParent = new Map<string, RawDivision[]>();
    const parents = new Set(
      index === 0 ? [] : (levels[index - 1] as readonly RawDivision[]).map((division) => division.code),
    );
    for (const division of level) {
      const parent = index === 0 ? '' : (division.parentCode as string);
      if (index > 0 && !parents.has(parent))
        problems.push(`${profile.divisions[index]?.key} ${division.code} ${division.name}: no parent ${parent}`);
      const list = byParent.get(parent);
      if (list) list.push(division);
      else byParent.set(parent, [division]);
    }
    for (const list of byParent.values()) list.sort((a, b) => (a.code < b.code ? -1 : 1));
    return byParent;
  });
  if (problems.length > 0) throw new InputError('divisions', problems.slice(0, 50));
  const study = (levels[0] ?? []).flatMap((division) => [...division.polygons]);
  const exposureLevel = profile.exposure
    ? profile.divisions.findIndex((level) => level.key === profile.exposure?.level) + 1
    : -1;
  const add = (raw: RawDivision, level: number, parent: number | null): number | null => {
    const id = divisions.length;
    const division = {
      id,
      end: 0,
      code: raw.code,
      name: raw.name,
      nameEn: raw.nameEn,
      level,
      parent,
      polygons: raw.polygons,
      label: labelPoint(raw.polygons),
      areaKm2: areaKm2(raw.polygons),
      population: level === exposureLevel ? (population?.get(raw.code) ?? null) : raw.population,
      made: level > 0 ? (profile.divisions[level - 1]?.made ?? false) : false,
    };
    divisions.push(division);
    const own = children[level]?.get(level === 0 ? '' : raw.code) ?? [];
    const persons = own.map((child) => add(child, level + 1, id));
    division.end = divisions.length;
    // A sum over parts of which one is unknown is unknown.
    if (division.population === null && persons.length > 0 && persons.every((count) => count !== null)) {
      division.population = persons.reduce((sum, count) => sum + count, 0);
    }
    return division.population;
  };
  add(
    {
      code: profile.id,
      name: profile.name.zh,
      nameEn: profile.name.en,
      parentCode: null,
      population: null,
      polygons: study,
    },
    0,
    null,
  );
  return divisions;
}

/**
 * Persons per division code. Codes of the statistical areas become division codes through `codeMap` (a JSON object) where the profile
 * names one.
 * @throws InputError for a code that the map does not hold, or a count that is no number
 */
function readPopulation(exposure: NonNullable<Profile['exposure']>, folders: readonly string[]): Population {
  const find = (name: string): string => {
    const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (!path) throw new InputError(name, ['not found in the profile folder or the input folder']);
    return path;
  };
  const path = find(exposure.file);
  const bytes = readFileSync(path);
  const files = [{ name: exposure.file, bytes: bytes as Uint8Array }];
  let codeMap: Record<string, string> | null = null;
  if (exposure.codeMap !== undefined) {
    const mapBytes = readFileSync(find(exposure.codeMap));
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(mapBytes.toString('utf8')));
    if (!parsed.success) throw new InputError(exposure.codeMap, ['expected a JSON object of code to division code']);
    codeMap = parsed.data;
    files.push({ name: exposure.codeMap, bytes: mapBytes });
  }
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  const byCode = new Map<string, number>();
  const problems = new Set<string>();
  for (const row of rows) {
    const raw = row[exposure.code] ?? '';
    const code = codeMap ? codeMap[raw] : raw;
    const persons = row[exposure.persons];
    if (code === undefined || code === '') problems.add(`code "${raw}" has no division`);
    else if (persons === undefined || persons.trim() === '' || !Number.isFinite(Number(persons)))
      problems.add(`"${persons ?? ''}" persons of "${raw}"`);
    else byCode.set(code, (byCode.get(code) ?? 0) + Number(persons)); // a sum starts at nothing
  }
  if (problems.size > 0) throw new InputError(exposure.file, [...problems].slice(0, 20));
  return { byCode, files };
}

interface Population {
  readonly byCode: ReadonlyMap<string, number>;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** `NAME`, or `{A}-{B}`: properties put into a text. */
function template(pattern: string, properties: Record<string, unknown>): string {
  const text = (name: string): string => String(properties[name] ?? '').trim();
  return pattern.includes('{') ? pattern.replace(/\{([^}]+)\}/g, (_, name: string) => text(name)) : text(pattern);
}

function numberOrNull(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
