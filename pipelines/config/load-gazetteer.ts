import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import type { Profile } from '../../core/contract/profile.ts';
import type { GazetteerEntry } from '../../core/geo/gazetteer.ts';
import { InputError } from '../errors.ts';
import { sha256 } from '../io/atomic.ts';
import { crsConverter } from '../steps/feed-crs.ts';

/** The gazetteer of a profile as it lies on the disk. */
export interface GazetteerFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes: part of the fingerprint of a run, and of every part made with it. */
  readonly hash: string;
}

const FINEST = 10;
const COARSEST = 5;
const MOST_PROBLEMS = 20;

/** Looks in the given folders in order; null when the profile names none. @throws InputError when it is not there */
export function readGazetteer(profile: Profile, folders: readonly string[]): GazetteerFile | null {
  const { gazetteer } = profile;
  if (!gazetteer) return null;
  const path = folders.map((folder) => join(folder, gazetteer.file)).find((candidate) => existsSync(candidate));
  if (!path) throw new InputError(gazetteer.file, ['not found in the profile folder or the input folder']);
  const bytes = readFileSync(path);
  return { name: gazetteer.file, bytes, hash: sha256(bytes) };
}

/**
 * Entries in WGS 84 with the deepest division that holds them (null outside). Read whole, on the main thread: names are some ten
 * thousand.
 *
 * @param divisionAt `DivisionIndex.at`
 * @throws InputError with every problem: no UTF-8, a column that is not there, a name that is blank, a coordinate or resolution that cannot be read
 */
export function gazetteerEntries(
  profile: Profile,
  file: GazetteerFile,
  divisionAt: (lng: number, lat: number) => number | null,
): GazetteerEntry[] {
  const contract = profile.gazetteer as NonNullable<Profile['gazetteer']>;
  const { data, meta, errors } = Papa.parse<Record<string, string>>(textOf(file), {
    header: true,
    skipEmptyLines: 'greedy',
  });
  const wanted = [contract.name, contract.lng, contract.lat];
  if (typeof contract.resolution === 'string') wanted.push(contract.resolution);
  const found = meta.fields ?? []; // an empty file has no header
  const missing = wanted.filter((column) => !found.includes(column));
  if (missing.length > 0)
    throw new InputError(
      file.name,
      missing.map((column) => `column "${column}" is missing; the file has: ${found.join(', ')}`),
    );
  const problems = errors.map((error) => `row ${(error.row ?? 0) + 1}: ${error.message}`); // 0 = the file as a whole
  const convert = crsConverter(contract.crs, 'gazetteer crs');
  const point = new Float64Array(2);
  const entries = data.flatMap((row, i): GazetteerEntry[] => {
    const text = (column: string): string => (row[column] ?? '').trim(); // a short row is blank there, and told above
    const name = text(contract.name);
    const x = numberIn(text(contract.lng));
    const y = numberIn(text(contract.lat));
    const resolution =
      typeof contract.resolution === 'number' ? contract.resolution : numberIn(text(contract.resolution));
    const wrong = [
      name === '' ? 'the name is blank' : null,
      Number.isNaN(x) || Number.isNaN(y) ? 'the coordinate cannot be read' : null,
      Number.isInteger(resolution) && resolution >= COARSEST && resolution <= FINEST
        ? null
        : `the resolution is no whole number from ${COARSEST} to ${FINEST}`,
    ].filter((problem) => problem !== null);
    if (wrong.length > 0) {
      problems.push(`row ${i + 1}: ${wrong.join(', ')}`);
      return [];
    }
    convert(x, y, point);
    const lng = point[0] as number;
    const lat = point[1] as number;
    if (Number.isNaN(lng) || Math.abs(lng) > 180 || Math.abs(lat) > 90) {
      problems.push(`row ${i + 1}: the coordinate is no place on Earth`);
      return [];
    }
    return [{ name, lng, lat, resolution, division: divisionAt(lng, lat) }];
  });
  if (problems.length > MOST_PROBLEMS)
    problems.splice(MOST_PROBLEMS, problems.length, `and ${problems.length - MOST_PROBLEMS} more`);
  if (problems.length > 0) throw new InputError(file.name, problems);
  return entries;
}

function textOf({ name, bytes }: GazetteerFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  } catch (cause) {
    throw new InputError(name, ['is not UTF-8'], { cause });
  }
}

const numberIn = (text: string): number => (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN);
