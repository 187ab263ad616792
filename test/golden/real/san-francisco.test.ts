import { join } from 'node:path';
import { expect, it } from 'vitest';
import { areasKm2, outlinesOfGeoJson, placeByTurf } from './place-by-turf.ts';
import { describeReal } from './real-data.ts';
import { rowsAgree } from './rows-agree.ts';
import { sanFranciscoTruth } from './san-francisco-truth.ts';

describeReal('sf', (input) => {
  const outlines = outlinesOfGeoJson(join(input, 'analysis_neighborhoods.geojson.gz'));
  const at = rowsAgree({
    profile: 'san-francisco',
    input: () => input,
    truth: () =>
      sanFranciscoTruth(
        input,
        placeByTurf(outlines, ({ properties }) => [properties.nhood!]),
      ),
    areaOf: () => areasKm2(outlines, ({ properties }) => properties.nhood!),
    headerRecords: { police: 1, buyout: 1, ellis: 1 },
  });

  it('67 police rows at the pole are a default point, not a place, and the only one', () => {
    const { pileUps } = at().published.quality;
    expect(pileUps.flatMap(({ feed, defaultPoints }) => defaultPoints.map(({ rows }) => `${feed} ${rows}`))).toEqual([
      'police 67',
    ]);
  });
});
