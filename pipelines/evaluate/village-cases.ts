import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { gridDisk, latLngToCell } from 'h3-js';
import { z } from 'zod';
import type { OutbreakCases } from '../../core/evaluate/backtest/outbreak.ts';
import { labelPoint } from '../../core/geo/polygon.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import { InputError } from '../errors.ts';
import { polygonsOf, readGeometryFile } from '../io/geometry-file.ts';

/** `{ "<district><village>": [["yyyy-MM-dd", new cases], …], "total": … }`. Only counts by village and day; for evaluation, never published. */
const Daily = z.record(z.string(), z.array(z.tuple([z.string(), z.number().int().nonnegative()])));
const RESOLUTION = 8;
const TOTAL = 'total';

/** One spelling of characters that the two files write differently. */
const spelling = (name: string): string => name.replaceAll('塩', '鹽').replaceAll('鳯', '鳳').replaceAll('臺', '台');

/**
 * Cases by village, placed at a point inside the village. Cells: those of all villages and the ones around them. A village that the map does
 * not know keeps its district and has no cell; a name without a district is counted for the city only.
 * @throws InputError when a file is not of that form
 */
export function villageCases(
  files: { readonly daily: string; readonly villages: string },
  year: number,
): OutbreakCases & { readonly unknownVillages: readonly string[] } {
  const parsed = Daily.safeParse(JSON.parse(readFileSync(files.daily, 'utf8')));
  if (!parsed.success)
    throw new InputError(
      files.daily,
      parsed.error.issues.slice(0, 5).map(({ path, message }) => `$.${path.join('.')}: ${message}`),
    );
  const { collection } = readGeometryFile(basename(files.villages), [dirname(files.villages)]);
  const cellOf = new Map<string, string>();
  const districts = new Set<string>();
  for (const feature of collection.features) {
    const district = feature.properties?.TOWNNAME;
    const village = feature.properties?.VILLNAME;
    if (typeof district !== 'string' || typeof village !== 'string') continue;
    const { lng, lat } = labelPoint(
      polygonsOf(feature, files.villages).map((rings) =>
        rings.map((ring) => Float64Array.from(ring.flatMap(([x, y]) => [x as number, y as number]))),
      ),
    );
    cellOf.set(spelling(district + village), latLngToCell(lat, lng, RESOLUTION));
    districts.add(district);
  }
  const cells = [...new Set([...cellOf.values()].flatMap((cell) => gridDisk(cell, 1)))].sort();
  const at = new Map(cells.map((cell, i) => [cell, i]));
  const names = [...districts].sort();
  const unknownVillages: string[] = [];
  const cases = Object.entries(parsed.data).flatMap(([name, rows]) => {
    if (name === TOTAL) return [];
    const cell = cellOf.get(spelling(name));
    if (cell === undefined) unknownVillages.push(name);
    const district = names.findIndex((known) => name.startsWith(known));
    return rows
      .map(([date, n]) => ({
        day: parseIsoDate(date),
        n,
        district,
        cell: cell === undefined ? -1 : (at.get(cell) as number),
      }))
      .filter(({ day, n }) => n > 0 && day >= parseIsoDate(`${year}-01-01`) && day < parseIsoDate(`${year + 1}-01-01`));
  });
  return {
    firstDay: parseIsoDate(`${year}-01-01`),
    endDay: parseIsoDate(`${year + 1}-01-01`),
    cells,
    districts: names,
    cases,
    unknownVillages,
  };
}
