import type { Map as MapLibreMap } from 'maplibre-gl';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import { type BasemapStyleInput, basemapLayers } from '../../../tiles/style.ts';
import { ABOVE_MARKS, BELOW_HEXAGONS } from './base-style.ts';
import maplibre from './maplibre.ts';

export const BASEMAP_SOURCE = 'basemap';
export type VectorInput = Omit<BasemapStyleInput, 'source'>;

/** The city's own base map: loaded only where a snapshot has one, after the first map. */
export interface VectorBasemap {
  /** Puts it into a map that has the base style. Does nothing when it is there. */
  attach(map: MapLibreMap, input: VectorInput): void;
  restyle(map: MapLibreMap, input: VectorInput): void;
}

let protocol: Protocol | null = null;

/** @param url of our own origin. @throws Error when there is no readable archive of vector tiles */
export async function openVectorBasemap(url: string, attribution: () => string): Promise<VectorBasemap> {
  if (!protocol) {
    protocol = new Protocol();
    maplibre.addProtocol('pmtiles', protocol.tile);
  }
  const archive = protocol.get(url) ?? new PMTiles(url);
  const { tileType, tileCompression } = await archive.getHeader();
  if (tileType !== TileType.Mvt) throw new Error(`${url}: tiles of type ${tileType}, compression ${tileCompression}`);
  protocol.add(archive);
  const layersOf = (input: VectorInput) => basemapLayers({ ...input, source: BASEMAP_SOURCE });
  return {
    attach(map, input) {
      if (map.getSource(BASEMAP_SOURCE)) return;
      map.addSource(BASEMAP_SOURCE, { type: 'vector', url: `pmtiles://${url}`, attribution: attribution() });
      const { below, above } = layersOf(input);
      for (const layer of below) map.addLayer(layer, BELOW_HEXAGONS);
      // Hairlines and names lie above the marks' fill and below the names of divisions, which win where they meet.
      for (const layer of above) map.addLayer(layer, ABOVE_MARKS);
    },
    restyle(map, input) {
      const { below, above } = layersOf(input);
      for (const layer of [...below, ...above]) {
        if (!map.getLayer(layer.id)) continue;
        for (const [key, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, key, value);
        for (const [key, value] of Object.entries(layer.layout ?? {})) map.setLayoutProperty(layer.id, key, value);
      }
      // The base style may just have been put in another order.
      for (const layer of below) if (map.getLayer(layer.id)) map.moveLayer(layer.id, BELOW_HEXAGONS);
      for (const layer of above) if (map.getLayer(layer.id)) map.moveLayer(layer.id, ABOVE_MARKS);
    },
  };
}
