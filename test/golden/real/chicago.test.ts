import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { chicagoTruth } from './chicago-truth.ts';
import { cityAgrees } from './city-agrees.ts';
import { areasKm2, outlinesOfGeoJson, placeByTurf } from './place-by-turf.ts';
import { describeReal } from './real-data.ts';

function sample(file: string, columns: readonly string[]): string[] {
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  const step = Math.floor(rows.length / 500);
  return rows.filter((_, i) => i % step === 0).flatMap((row) => columns.map((column) => row[column]!.trim()));
}

describeReal('chicago', (input) => {
  const outlines = outlinesOfGeoJson(join(input, 'community_areas.geojson.gz'));
  const placeOf = placeByTurf(outlines, ({ properties }) => [properties.Name!]);
  cityAgrees({
    city: 'chicago',
    input,
    truth: () => chicagoTruth(input, placeOf),
    placeOf,
    areaOf: () => areasKm2(outlines, ({ properties }) => properties.Name!),
    headerRecords: { sanitation: 1, burglary: 1, assault: 1, inspection: 1 },
    canaries: async () =>
      [
        ...sample(join(input, 'sanitation_complaints_311_to_2014.csv.gz'), [
          'Street_Address',
          'Service_Request_Number',
        ]),
        ...sample(join(input, 'burglaries_2011-07_2014-11.csv.gz'), ['Block', 'Case_Number']),
        ...sample(join(input, 'food_inspections_2011-09_2014-12.csv.gz'), ['DBA_Name', 'AKA_Name', 'Address']),
      ].filter((text) => text.length >= 8),
  });
});
