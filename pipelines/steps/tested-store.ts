import { join } from 'node:path';
import type { FileEntry } from '../../core/contract/manifest.ts';
import type { Tested } from '../data-tests.ts';
import { sha256 } from '../io/atomic.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';
import { type Period, unitsIn } from './aggregate.ts';
import type { Unit } from './units.ts';

/**
 * Which units and periods have passed the data tests. A test says the same about the same bytes: a unit is named by its signature (its
 * counts are read behind their checksums), a period by the signatures of its units and the hashes of its files, which were read just now.
 */
export function testedBefore(
  store: string,
  now: {
    readonly basis: string;
    readonly units: readonly Unit[];
    readonly periods: readonly Period[];
    /** First day of the first week: weeks of the cubes count from it. */
    readonly firstDay: number;
    readonly files: readonly FileEntry[];
  },
): { readonly tested: Tested; readonly passed: () => void } {
  const path = join(store, 'tested.json');
  const remembered = readCheckedJson(path);
  const known = new Set(Array.isArray(remembered) ? (remembered as string[]) : []);
  const unitKeys = new Map(now.units.map((unit) => [unit, unit.signature]));
  const filesOf = new Map<string, string[]>();
  for (const { path: name, sha256: hash, period, rows } of now.files) {
    if (!period) continue;
    const list = filesOf.get(period.key);
    const line = `${name} ${rows} ${hash}`;
    if (list) list.push(line);
    else filesOf.set(period.key, [line]);
  }
  const periodKeys = new Map(
    now.periods.map((period) => {
      const members = unitsIn(period, now.units).map(({ signature }) => signature);
      const files = (filesOf.get(period.key) ?? []).sort(); // a period without units has none
      return [period, sha256(JSON.stringify([now.basis, now.firstDay, period, members, files]))];
    }),
  );
  return {
    tested: {
      unit: (unit) => known.has(unitKeys.get(unit) as string),
      period: (period) => known.has(periodKeys.get(period) as string),
    },
    passed: () => writeCheckedJson(path, [...unitKeys.values(), ...periodKeys.values()]),
  };
}
