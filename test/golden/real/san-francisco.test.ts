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

  it('67 police rows at the pole (65 of them in scope) are outside the city, and no point is a default point', () => {
    const { truth, published } = at();
    const pole = truth.accepted.filter(({ lng, lat }) => lng === -120.5 && lat === 90);
    expect(pole.map(({ unlocated }) => unlocated)).toEqual(Array.from({ length: 65 }, () => 'coordinate-outside'));
    expect(published.quality.pileUps.flatMap(({ defaultPoints }) => defaultPoints)).toEqual([]);
  });
});
