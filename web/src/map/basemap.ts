import type { Manifest } from '../../../core/contract/manifest.ts';

export type Basemap =
  | { readonly kind: 'none' }
  | { readonly kind: 'raster'; readonly tiles: string }
  | { readonly kind: 'unsupported'; readonly why: 'pmtiles' | 'foreign' };

/** The user's own base map, if we may and can draw it: raster tiles of our own origin. */
export function basemapOf(basemap: Manifest['basemap'], pageUrl: string): Basemap {
  if (basemap === null) return { kind: 'none' };
  const url = new URL(basemap.url, pageUrl);
  if (url.origin !== new URL(pageUrl).origin) return { kind: 'unsupported', why: 'foreign' };
  if (basemap.kind === 'pmtiles') return { kind: 'unsupported', why: 'pmtiles' };
  // URL encodes the braces of {z}/{x}/{y}.
  return { kind: 'raster', tiles: url.href.replaceAll('%7B', '{').replaceAll('%7D', '}') };
}
