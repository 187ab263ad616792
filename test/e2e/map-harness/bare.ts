/** What the first map is measured against (DESIGN.md 6): MapLibre and one empty deck.gl layer, nothing else. */
import { SolidPolygonLayer } from '@deck.gl/layers';
import { MapboxOverlay } from '@deck.gl/mapbox';
import maplibre from '../../../web/src/map/maplibre.ts';

const map = new maplibre.Map({
  container: 'map',
  style: {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#fff' } }],
  },
  center: [120.66, 31.3],
  zoom: 9,
});
map.on('style.load', () => {
  map.addControl(
    new MapboxOverlay({
      interleaved: true,
      layers: [new SolidPolygonLayer({ id: 'empty', data: [] })],
      onAfterRender: () => {
        if (performance.getEntriesByName('bare:first-map').length === 0) performance.mark('bare:first-map');
      },
    }),
  );
});
