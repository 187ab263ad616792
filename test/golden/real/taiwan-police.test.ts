import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureCollection } from 'geojson';
import { topology } from 'topojson-server';
import { afterAll, expect, it } from 'vitest';
import { areasKm2, outlinesOfTopology } from './place-by-turf.ts';
import { describeReal, REAL_DATA } from './real-data.ts';
import { rowsAgree } from './rows-agree.ts';
import { mappingTable, rawCsv, type Truth, text, truthBySql, withCategory } from './truth.ts';

const CASES = 'taiwan_crimes_2021-2023.csv.gz';
const COUNTIES = 'county_taiwan_20200820.topo.json';

/** Footnotes have no year; 1911 years are added; the county is known by its name. */
function taiwanTruth(input: string, codes: ReadonlyMap<string, string>): Promise<Truth> {
  const names = [...codes].map(([name, code]) => `(${text(name)}, ${text(code)})`).join(', ');
  return truthBySql(
    [
      mappingTable('taiwan-police'),
      `CREATE TABLE county(name, county_code) AS VALUES ${names}`,
      `CREATE TABLE cases AS
       SELECT *, type AS code, try_strptime((1911 + try_cast(oc_year AS INTEGER))::VARCHAR || oc_data, '%Y%m%d')::DATE AS date
       FROM (${rawCsv(join(input, CASES))})`,
      `CREATE TABLE truth AS
       SELECT 'cases' AS feed, "row", CASE WHEN oc_year = '' THEN 'not-a-record' WHEN date IS NULL THEN 'date-unreadable'
           WHEN date < DATE '2020-12-28' OR date >= DATE '2024-01-01' THEN 'date-outside-window' END AS reason,
         'police' AS source, category, date, NULL::INTEGER AS hour, 'unknown' AS stage, NULL::DATE AS closed, NULL::DOUBLE AS lng, NULL::DOUBLE AS lat,
         county_code AS own
       FROM (${withCategory('cases', 'case-type')}) LEFT JOIN county ON name = oc_county`,
    ],
    () => null,
  );
}

/**
 * Codes and names of the real counties, each with a made square for an outline: no case has a coordinate, so the outline decides
 * nothing, and the 2.4 million cells of the real ones would take minutes.
 */
function squares(counties: string) {
  const features = outlinesOfTopology(counties, '20200820').map(({ properties }, i) => {
    const [west, south] = [120 + (i % 5) * 0.03, 23 + Math.floor(i / 5) * 0.03];
    const ring = [
      [west, south],
      [west + 0.03, south],
      [west + 0.03, south + 0.03],
      [west, south + 0.03],
      [west, south],
    ];
    return { type: 'Feature' as const, properties, geometry: { type: 'Polygon' as const, coordinates: [ring] } };
  });
  const collection: FeatureCollection = { type: 'FeatureCollection', features };
  return topology({ '20200820': collection });
}

describeReal('tw_police', (folder) => {
  const scratch = mkdtempSync(join(tmpdir(), 'hexsight-taiwan-input-'));
  const counties = join(scratch, COUNTIES);
  cpSync(join(folder, CASES), join(scratch, CASES));
  writeFileSync(counties, JSON.stringify(squares(join(REAL_DATA, 'tainan', COUNTIES))));
  const outlines = outlinesOfTopology(counties, '20200820');
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const at = rowsAgree({
    profile: 'taiwan-police',
    input: () => scratch,
    truth: () =>
      taiwanTruth(scratch, new Map(outlines.map(({ properties }) => [properties.COUNTYNAME!, properties.COUNTYCODE!]))),
    areaOf: () => areasKm2(outlines, ({ properties }) => properties.COUNTYCODE!),
    headerRecords: { cases: 1 },
  });

  it('the 8 footnotes and 2 impossible days are told apart from cases', () => {
    const [file] = at().published.quality.files;
    expect(file!.rejected).toEqual({ 'not-a-record': 8, 'date-unreadable': 2 });
  });

  it('every located case is known by its county alone: no cell is claimed', () => {
    const { totals } = at().published.manifest;
    expect(totals.located).toBe(0);
    expect(totals.divisionOnly).toBe(at().truth.accepted.filter((row) => row.own !== null).length);
    expect(at().published.facts.filter((fact) => fact.cellId !== null)).toEqual([]);
  });
});
