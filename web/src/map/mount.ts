import type { Map as MapLibreMap, StyleSpecification } from 'maplibre-gl';
import type { CameraView, Locale } from './contract.ts';
import maplibre from './maplibre.ts';
import { roamBounds } from './roam-bounds.ts';
import { TEXTS } from './texts.ts';

/** Degrees from straight down. */
export const MAX_PITCH = 60;

/** @throws Error when the browser has no WebGL 2 */
export function mountMap(options: {
  readonly container: HTMLElement;
  readonly style: StyleSpecification;
  readonly view: CameraView | null;
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
  /** Zoom buttons. */
  readonly controls: boolean;
  /** Device pixels per CSS pixel; null = the screen's. */
  readonly pixelRatio: number | null;
  readonly antialias: boolean;
}): MapLibreMap {
  const { container, style, view, bounds, controls, pixelRatio, antialias } = options;
  const [west, south, east, north] = bounds;
  const map = new maplibre.Map({
    container,
    style,
    ...(view
      ? { center: [view.lng, view.lat], zoom: view.zoom, pitch: view.pitch ?? 0, bearing: view.bearing ?? 0 }
      : { bounds: [west, south, east, north], fitBoundsOptions: { padding: 32 } }),
    maxBounds: [...roamBounds(bounds, { width: container.clientWidth, height: container.clientHeight })],
    maxZoom: 17,
    maxPitch: MAX_PITCH,
    rollEnabled: false,
    renderWorldCopies: false,
    fadeDuration: 120,
    attributionControl: false,
    // Names are drawn with fonts of the machine; see base-style.ts.
    localIdeographFontFamily: false,
    // The default of 4096 would cut a picture at four times the size.
    maxCanvasSize: [16_384, 16_384],
    ...(pixelRatio ? { pixelRatio } : {}),
    canvasContextAttributes: {
      antialias,
      powerPreference: 'high-performance',
    },
  });
  map.addControl(new maplibre.AttributionControl({ compact: false }), 'bottom-right');
  if (controls) map.addControl(new maplibre.NavigationControl({ visualizePitch: true }), 'bottom-right');
  map.addControl(new maplibre.ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left');
  return map;
}

export function nameControls(map: MapLibreMap, locale: Locale): void {
  const texts = TEXTS[locale];
  map.getCanvas().setAttribute('aria-label', texts.canvas);
  const name = (selector: string, text: string) => {
    for (const element of map.getContainer().querySelectorAll(selector)) {
      element.setAttribute('aria-label', text);
      element.setAttribute('title', text);
    }
  };
  name('.maplibregl-ctrl-zoom-in', texts.zoomIn);
  name('.maplibregl-ctrl-zoom-out', texts.zoomOut);
  name('.maplibregl-ctrl-compass', texts.compass);
}

/** The camera as links keep it: a flat, north-up one has no angles. */
export function viewOf(map: MapLibreMap): CameraView {
  const { lng, lat } = map.getCenter();
  const [pitch, bearing] = [map.getPitch(), map.getBearing()];
  return {
    lng,
    lat,
    zoom: map.getZoom(),
    ...(pitch === 0 && bearing === 0 ? {} : { pitch, bearing }),
  };
}
