import type { Manifest } from '../../../core/contract/manifest.ts';

export type Basemap =
  | { readonly kind: 'none' }
  | { readonly kind: 'raster'; readonly tiles: string }
  /** Vector tiles in one archive, drawn by `vector-basemap.ts`. */
  | { readonly kind: 'pmtiles'; readonly url: string }
  | { readonly kind: 'foreign' };

/** The user's own base map, if we may draw it: only of our own origin. */
export function basemapOf(basemap: Manifest['basemap'], pageUrl: string): Basemap {
  if (basemap === null) return { kind: 'none' };
  const url = new URL(basemap.url, pageUrl);
  if (url.origin !== new URL(pageUrl).origin) return { kind: 'foreign' };
  if (basemap.kind === 'pmtiles') return { kind: 'pmtiles', url: url.href };
  // URL encodes the braces of {z}/{x}/{y}.
  return { kind: 'raster', tiles: url.href.replaceAll('%7B', '{').replaceAll('%7D', '}') };
}
