import { MapboxOverlay } from '@deck.gl/mapbox';
import maplibre from '../../../web/src/map/maplibre.ts';

/** The least a map of this kind can be: an empty style, deck.gl without a layer. What our first map is measured against. */
const container = document.getElementById('map');
if (!container) throw new Error('no #map');
Object.assign(document.body.style, { margin: '0' });
Object.assign(container.style, { position: 'absolute', inset: '0' });
const map = new maplibre.Map({
  container,
  style: {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#fff' } }],
  },
  center: [120.6, 31.3],
  zoom: 9,
});
map.addControl(new MapboxOverlay({ interleaved: true, layers: [] }));
map.once('idle', () => performance.mark('bare:first-map'));
