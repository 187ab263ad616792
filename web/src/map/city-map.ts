import { MapboxOverlay } from '@deck.gl/mapbox';
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { Map as MapLibreMap, MapMouseEvent, Marker } from 'maplibre-gl';
import { hexagonColours } from '../layers/hexagon-colours.ts';
import { type HexagonsLayer, hexagonLayer } from '../layers/hexagon-layer.ts';
import { type Mark, markLayer } from '../layers/mark-layer.ts';
import { ringOf } from '../layers/outlines.ts';
import { classColours } from '../layers/ramp.ts';
import { classOf, quantileBreaks } from '../layers/step-scale.ts';
import {
  ABOVE_HEXAGONS,
  ABOVE_MARKS,
  baseStyle,
  EMPTY,
  MAX_LEVEL,
  regular,
  type SourceName,
  type StyleInput,
} from './base-style.ts';
import { basemapOf } from './basemap.ts';
import { calmFrames } from './calm-frames.ts';
import type {
  CameraView,
  CellCounts,
  CellFill,
  CityMap,
  CityMapOptions,
  Locale,
  MapOutline,
  MapPen,
  MapPin,
  MapSelection,
  StepScale,
  Theme,
} from './contract.ts';
import { type Division, type LevelZoom, labelPoints, levelZooms, maskAround, readDivisions } from './divisions.ts';
import { countsAt } from './drawn-counts.ts';
import { h3At, rowOf } from './grid-table.ts';
import maplibre from './maplibre.ts';
import { BlockTakenBack, outlineSource } from './outline-source.ts';
import { type GroundTheme, PALETTES } from './palette.ts';
import { type Bounds, type Picture, pictureSource } from './picture-source.ts';
import { resolutionAt } from './resolution.ts';
import { TEXTS } from './texts.ts';
import type { VectorBasemap, VectorInput } from './vector-basemap.ts';
import './city-map.css';

/** Classes of a scale the map makes itself. */
const CLASSES = 6;

/** After a lost WebGL context the map is built anew; drivers need a moment. */
const REBUILD_AFTER_MS = [400, 2000, 10_000] as const;

/** Names and outlines do not wait longer than this for the first map. */
const GROUND_AT_LATEST_MS = 1500;

/** While the camera moves, a look at what else is needed this often. */
const MOVING_MS = 120;

/** Compass directions of the arrow keys, radians counter-clockwise from east. */
const ARROWS: Readonly<Record<string, number>> = {
  ArrowRight: 0,
  ArrowUp: Math.PI / 2,
  ArrowLeft: Math.PI,
  ArrowDown: -Math.PI / 2,
};

/** What is on screen: static cells, their counts, and the one scale that hexagons and legend share. */
interface Drawing {
  readonly picture: Picture;
  readonly n: Uint32Array;
  readonly withheld: number;
  readonly breaks: readonly number[];
  readonly colours: readonly string[];
  readonly vertexColours: Uint8Array;
  readonly version: number;
}

export async function createCityMap(options: CityMapOptions): Promise<HexagonCityMap> {
  const map = new HexagonCityMap(options);
  map.start();
  return map;
}

/** Owns MapLibre and the deck.gl overlay. All that a rebuild needs lives in fields, never only in the two libraries. */
export class HexagonCityMap implements CityMap {
  readonly #options: CityMapOptions;
  readonly #calm = calmFrames();
  readonly #outlines = outlineSource(
    () => new Worker(new URL('./outline.worker.ts', import.meta.url), { type: 'module', name: 'outlines' }),
  );
  readonly #pictures;
  readonly #data: Partial<Record<SourceName, FeatureCollection>> = {};
  /** Levels under way or there: whoever asks again waits for the same answer. */
  readonly #levels = new Map<number, Promise<void>>();
  readonly #scales = new Map<number, StepScale>();

  #map: MapLibreMap | null = null;
  #overlay: MapboxOverlay | null = null;
  #hexagons: HexagonsLayer | null = null;
  #theme: Theme;
  #locale: Locale;
  #zooms: LevelZoom[] = [];
  #divisions: readonly Division[] = [];
  #counts: CellCounts | null = null;
  #drawing: Drawing | null = null;
  #version = 0;
  #pendingKey: string | null = null;
  #arranging = 0;
  #fill: CellFill | null = null;
  #outlined: readonly MapOutline[] = [];
  #area: readonly MapOutline[] = [];
  #pen: MapPen | null = null;
  readonly #cameraListeners = new Set<() => void>();
  #pins: readonly MapPin[] = [];
  #markers: readonly Marker[] = [];
  #selection: MapSelection = { kind: 'none' };
  #selectedRing: readonly [number, number][] | null = null;
  #hovered = -1;
  #focus: number | null = null;
  #vector: VectorBasemap | null = null;
  #basemapFailed = false;
  /** Printing: the ground turns to paper. The dark theme stays as its page does; hexagons keep the legend's colours. */
  readonly #paper = matchMedia('print');
  readonly #onPaper = () => {
    this.#restyle();
    this.#map?.redraw();
  };
  #view: CameraView | null;
  #firstMapSeen = false;
  #groundAsked = false;
  #destroyed = false;
  #rebuilds = 0;
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #movingTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: CityMapOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#locale = options.locale;
    this.#view = options.view;
    this.#pictures = pictureSource(options.manifest, options.load, this.#outlines);
  }

  /** @throws Error when the browser has no WebGL 2 */
  start(): void {
    const { manifest, events } = this.#options;
    const basemap = basemapOf(manifest.basemap, location.href);
    if (basemap.kind === 'foreign') events.onError(new Error(TEXTS[this.#locale].foreignBasemap));
    this.#mount();
    this.#options.container.addEventListener('keydown', this.#onKey, { capture: true });
    // What the first map needs goes out first; names and outlines follow it, also when it is late.
    this.#attempt(this.#pictures.table(manifest.grid.overview));
    this.#attempt(this.#arrange());
    this.#attempt(this.#place('study-area', 'study-area.geojson'));
    this.#later(GROUND_AT_LATEST_MS, () => this.#attempt(this.#loadGround()));
    this.#paper.addEventListener('change', this.#onPaper);
  }

  // --- The interface of the desk ---------------------------------------------------------------------------------

  setCounts(counts: CellCounts): void {
    this.#counts = counts;
    if (this.#drawing) this.#draw(this.#drawing.picture);
    this.#attempt(this.#arrange());
  }

  setScale(scale: StepScale): void {
    this.#scales.set(scale.resolution, scale);
    if (this.#drawing?.picture.resolution === scale.resolution) this.#draw(this.#drawing.picture);
  }

  setFill(fill: CellFill | null): void {
    this.#fill = fill;
    if (this.#drawing) this.#draw(this.#drawing.picture);
    this.#attempt(this.#arrange());
  }

  setOutlines(outlines: readonly MapOutline[]): void {
    this.#outlined = outlines;
    this.#showLayers();
  }

  setArea(outlines: readonly MapOutline[]): void {
    this.#area = outlines;
    this.#showLayers();
  }

  setPen(pen: MapPen | null): void {
    this.#pen = pen;
    if (pen) this.#leave();
  }

  onCamera(listener: () => void): () => void {
    this.#cameraListeners.add(listener);
    return () => this.#cameraListeners.delete(listener);
  }

  setPins(pins: readonly MapPin[]): void {
    this.#pins = pins;
    this.#placePins();
  }

  setSelection(selection: MapSelection): void {
    this.#selection = selection;
    this.#attempt(this.#findSelected());
  }

  setFocus(divisionId: number | null): void {
    this.#focus = divisionId === 0 ? null : divisionId;
    this.#attempt(this.#showFocus());
  }

  setTheme(theme: Theme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#restyle();
    if (this.#drawing) this.#draw(this.#drawing.picture);
    this.#showLayers();
  }

  setLocale(locale: Locale): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#restyle();
    this.#nameControls();
  }

  flyTo(target: CameraView | { readonly bounds: Bounds }): void {
    const map = this.#map;
    if (!map) return;
    if ('bounds' in target) {
      const [west, south, east, north] = target.bounds;
      map.fitBounds([west, south, east, north], { padding: 48, maxDuration: 2000, linear: true });
    } else {
      map.easeTo({ center: [target.lng, target.lat], zoom: target.zoom, duration: 800 });
    }
  }

  legend() {
    const drawing = this.#drawing;
    return {
      resolution: this.resolution,
      breaks: drawing?.breaks ?? [],
      colours: drawing?.colours ?? [],
      withheld: drawing?.withheld ?? 0,
    };
  }

  /** The resolution drawn now; before the first map, the one that will be. */
  get resolution(): number {
    return this.#drawing?.picture.resolution ?? this.#wantedResolution();
  }

  destroy(): void {
    this.#destroyed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#movingTimer !== null) clearTimeout(this.#movingTimer);
    this.#options.container.removeEventListener('keydown', this.#onKey, { capture: true });
    this.#paper.removeEventListener('change', this.#onPaper);
    this.#outlines.close();
    this.#unmount();
  }

  // --- For tests: what is really on the screen --------------------------------------------------------------------

  /** Colour the cell is filled with now; null = not filled, or not part of the picture. */
  cellColour(h3: string): string | null {
    const drawing = this.#drawing;
    if (!drawing) return null;
    const row = rowOf(drawing.picture.table, h3);
    if (this.#fill && row >= 0) {
      const { cells } = this.#fill;
      return cells?.resolution === drawing.picture.resolution ? (cells.colours[cells.classes[row]! - 1] ?? null) : null;
    }
    return row < 0 ? null : (drawing.colours[classOf(drawing.n[row]!, drawing.breaks)] ?? null);
  }

  /** Features of the mask that dims what lies outside the focused division: 0 or 1. For tests. */
  masked(): number {
    return this.#data.mask?.features.length ?? 0; // never set: nothing is dimmed
  }

  /** CSS pixels from the container's upper left corner. */
  project(lng: number, lat: number): { readonly x: number; readonly y: number } {
    if (!this.#map) throw new Error('the map is not mounted');
    const { x, y } = this.#map.project([lng, lat]);
    return { x, y };
  }

  unproject(x: number, y: number): { readonly lng: number; readonly lat: number } {
    if (!this.#map) throw new Error('the map is not mounted');
    const { lng, lat } = this.#map.unproject([x, y]);
    return { lng, lat };
  }

  /** PNG data URL of the canvas, read in the frame that drew it: the buffer is not kept after that. */
  snapshotPixels(): Promise<string> {
    return new Promise((resolve, reject) => {
      const map = this.#map;
      if (!map) return reject(new Error('the map is not mounted'));
      map.once('render', () => resolve(map.getCanvas().toDataURL('image/png')));
      map.triggerRepaint();
    });
  }

  /** Redrawn at the ratio and read in the same task: the drawing buffer is not kept after that, and nobody sees the frame between. */
  async picture(pixelRatio: number) {
    const map = this.#map;
    if (!map) throw new Error(TEXTS[this.#locale].noWebGl);
    const before = map.getPixelRatio();
    const drawn = map.getCanvas();
    const resize = (ratio: number) => {
      map.setPixelRatio(ratio);
      // deck.gl goes by the ratio of the window and would draw into a corner.
      this.#hexagons?.context?.device.canvasContext?.setDrawingBufferSize(drawn.width, drawn.height);
    };
    try {
      resize(pixelRatio);
      map.redraw();
      const copy = document.createElement('canvas');
      copy.width = drawn.width;
      copy.height = drawn.height;
      copy.getContext('2d')?.drawImage(drawn, 0, 0);
      return { canvas: copy, pixelRatio: drawn.width / drawn.clientWidth };
    } finally {
      resize(before);
    }
  }

  /** Main-thread milliseconds of the next frame, from its request being served to the canvas being drawn. */
  nextFrameMs(): Promise<number> {
    return new Promise((resolve, reject) => {
      const map = this.#map;
      if (!map) return reject(new Error('the map is not mounted'));
      requestAnimationFrame(() => {
        const before = performance.now();
        map.redraw();
        resolve(performance.now() - before);
      });
    });
  }

  /** True when nothing is loading, moving or waiting to be drawn. */
  get idle(): boolean {
    return (
      this.#pendingKey === null &&
      this.#arranging === 0 &&
      this.#divisions.length > 0 &&
      this.#map?.loaded() === true &&
      !this.#map.isMoving()
    );
  }

  // --- MapLibre and deck.gl ---------------------------------------------------------------------------------------

  #styleInput(): StyleInput {
    const { manifest } = this.#options;
    const basemap = basemapOf(manifest.basemap, location.href);
    const language = this.#locale === 'en' ? 'en' : 'zh';
    return {
      theme: this.#ground,
      locale: this.#locale,
      zooms: this.#zooms,
      made: new Set(manifest.divisionLevels.filter((level) => level.made).map((level) => level.level)),
      raster:
        basemap.kind === 'raster' && manifest.basemap
          ? { tiles: basemap.tiles, attribution: asHtmlText(manifest.basemap.attribution[language]) }
          : null,
      vector: this.#vector !== null,
      data: this.#data,
      attribution: asHtmlText(manifest.profile.attribution[language]),
      unit: rootUnit(),
    };
  }

  get #ground(): GroundTheme {
    return this.#paper.matches && this.#theme === 'light' ? 'print' : this.#theme;
  }

  #vectorInput(): VectorInput {
    const language = this.#locale === 'en' ? 'en' : 'zh';
    return { theme: this.#ground, language, unit: rootUnit(), font: regular };
  }

  #mount(): void {
    const { container, manifest, events } = this.#options;
    const [west, south, east, north] = manifest.bounds;
    const padLng = (east - west) * 0.75;
    const padLat = (north - south) * 0.75;
    container.dataset.mapTheme = this.#theme;
    const map = new maplibre.Map({
      container,
      style: baseStyle(this.#styleInput()),
      ...(this.#view
        ? { center: [this.#view.lng, this.#view.lat], zoom: this.#view.zoom }
        : { bounds: [west, south, east, north], fitBoundsOptions: { padding: 32 } }),
      maxBounds: [west - padLng, south - padLat, east + padLng, north + padLat],
      maxZoom: 17,
      maxPitch: 0,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      rollEnabled: false,
      renderWorldCopies: false,
      fadeDuration: 120,
      attributionControl: false,
      // Names are drawn with fonts of the machine; see base-style.ts.
      localIdeographFontFamily: false,
      // The default of 4096 would cut a picture at four times the size.
      maxCanvasSize: [16_384, 16_384],
      ...(this.#options.pixelRatio ? { pixelRatio: this.#options.pixelRatio } : {}),
      canvasContextAttributes: { antialias: true, powerPreference: 'high-performance' },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    this.#map = map;
    map.addControl(new maplibre.AttributionControl({ compact: false }), 'bottom-right');
    if (this.#options.controls ?? true)
      map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'bottom-right');
    map.addControl(new maplibre.ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left');
    this.#nameControls();
    this.#placePins();

    map.on('style.load', () => {
      if (this.#overlay || this.#map !== map) return;
      this.#vector?.attach(map, this.#vectorInput());
      this.#overlay = new MapboxOverlay({ interleaved: true, layers: [] });
      map.addControl(this.#overlay);
      const overlay = this.#overlay;
      // Its loop is there once the first frame is.
      if (this.#options.calm) map.once('idle', () => this.#calm.attach(overlay));
      this.#showLayers();
    });
    map.on('render', () => this.#seeFirstMap());
    map.on('move', () => this.#onMove());
    map.on('moveend', () => this.#onRest());
    map.on('mousemove', (event) => this.#onPointer(event));
    map.on('mouseout', () => this.#leave());
    map.on('click', (event) => this.#onClick(event));
    map.on('dblclick', (event) => {
      if (!this.#pen) return;
      event.preventDefault();
      this.#pen.onDouble();
    });
    map.on('error', (event) => {
      const { error } = event;
      if ('sourceId' in event && event.sourceId === 'basemap') this.#onBasemapFailed(error);
      else events.onError(error instanceof Error ? error : new Error(String(error)));
    });
    map.on('webglcontextlost', () => this.#onContextLost());
  }

  #unmount(): void {
    const map = this.#map;
    for (const marker of this.#markers) marker.remove();
    this.#markers = [];
    this.#map = null;
    this.#overlay = null;
    this.#hexagons = null;
    this.#hovered = -1;
    // deck.gl and MapLibre free GPU objects here, which throws when the context is gone: nothing is left to free then.
    try {
      map?.remove();
    } catch {
      this.#options.container.replaceChildren();
    }
  }

  #placePins(): void {
    for (const marker of this.#markers) marker.remove();
    const map = this.#map;
    this.#markers = map
      ? this.#pins.map(({ element, lng, lat }) => new maplibre.Marker({ element }).setLngLat([lng, lat]).addTo(map))
      : [];
  }

  /** A new canvas from what the fields hold. Restoring in place would leave deck.gl's buffers behind (they are gone). */
  #onContextLost(): void {
    const delay = REBUILD_AFTER_MS[Math.min(this.#rebuilds, REBUILD_AFTER_MS.length - 1)]!;
    this.#rebuilds++;
    this.#later(delay, () => {
      this.#unmount();
      try {
        this.#mount();
        this.#later(60_000, () => {
          this.#rebuilds = 0;
        });
      } catch (cause) {
        this.#options.events.onError(new Error(TEXTS[this.#locale].noWebGl, { cause }));
        this.#onContextLost();
      }
    });
  }

  /** Paint and layout of every layer as the style would be made now; sources and their data stay. */
  #restyle(): void {
    const map = this.#map;
    this.#options.container.dataset.mapTheme = this.#theme;
    if (!map?.style) return;
    for (const layer of baseStyle(this.#styleInput()).layers) {
      if (!map.getLayer(layer.id)) continue;
      for (const [key, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, key, value);
      for (const [key, value] of Object.entries(layer.layout ?? {})) map.setLayoutProperty(layer.id, key, value);
      if (layer.type === 'symbol' || layer.type === 'line') {
        map.setLayerZoomRange(layer.id, layer.minzoom ?? 0, layer.maxzoom ?? 24);
      }
    }
    this.#vector?.restyle(map, this.#vectorInput());
  }

  #nameControls(): void {
    const map = this.#map;
    if (!map) return;
    const texts = TEXTS[this.#locale];
    map.getCanvas().setAttribute('aria-label', texts.canvas);
    const name = (selector: string, text: string) => {
      for (const element of map.getContainer().querySelectorAll(selector)) {
        element.setAttribute('aria-label', text);
        element.setAttribute('title', text);
      }
    };
    name('.maplibregl-ctrl-zoom-in', texts.zoomIn);
    name('.maplibregl-ctrl-zoom-out', texts.zoomOut);
  }

  // --- Ground: study area, water, divisions -----------------------------------------------------------------------

  #has(path: string): boolean {
    return this.#options.manifest.files.some((file) => file.path === path);
  }

  async #loadGeoJson(path: string): Promise<FeatureCollection | null> {
    if (!this.#has(path)) return null;
    const parsed = JSON.parse(new TextDecoder().decode(await this.#options.load(path))) as FeatureCollection | Feature;
    return parsed.type === 'FeatureCollection' ? parsed : { type: 'FeatureCollection', features: [parsed] };
  }

  #setData(name: SourceName, data: FeatureCollection): void {
    this.#data[name] = data;
    const source = this.#map?.getSource(name);
    if (source && 'setData' in source) (source as { setData(data: FeatureCollection): void }).setData(data);
  }

  async #place(name: SourceName, path: string): Promise<void> {
    const data = await this.#loadGeoJson(path);
    if (data && !this.#destroyed) this.#setData(name, data);
  }

  async #loadGround(): Promise<void> {
    if (this.#groundAsked) return;
    this.#groundAsked = true;
    void this.#loadBasemap();
    await Promise.all([this.#place('water', 'water.geojson'), this.#loadDivisions(), this.#loadLevel(1)]);
  }

  async #loadDivisions(): Promise<void> {
    this.#divisions = readDivisions(await this.#options.load('divisions.arrow'));
    if (this.#destroyed) return;
    const { bounds, divisionLevels } = this.#options.manifest;
    const levels = divisionLevels
      .filter(({ level }) => level >= 1 && level <= MAX_LEVEL)
      .map(({ level }) => ({
        level,
        areasKm2: this.#divisions.filter((division) => division.level === level).map((division) => division.areaKm2),
      }));
    this.#zooms = levelZooms(levels, (bounds[1] + bounds[3]) / 2);
    this.#setData('labels', labelPoints(this.#divisions));
    this.#restyle();
    this.#loadLevelsInView();
    if (this.#focus !== null) await this.#showFocus();
  }

  /** The city's own base map, and the code that draws it: after the first map, and only where there is one. */
  async #loadBasemap(): Promise<void> {
    const { manifest } = this.#options;
    const basemap = basemapOf(manifest.basemap, location.href);
    if (basemap.kind !== 'pmtiles') return;
    try {
      const { openVectorBasemap } = await import('./vector-basemap.ts');
      const language = () => (this.#locale === 'en' ? 'en' : 'zh');
      const vector = await openVectorBasemap(basemap.url, () =>
        asHtmlText(manifest.basemap?.attribution[language()] ?? ''),
      );
      if (this.#destroyed) return;
      this.#vector = vector;
      // Without the overlay the style is still loading, after a rebuild: it is attached when that is done.
      if (this.#map && this.#overlay) vector.attach(this.#map, this.#vectorInput());
      this.#restyle();
    } catch (cause) {
      this.#onBasemapFailed(cause);
    }
  }

  /** Said once: a server that is gone fails for every tile. */
  #onBasemapFailed(cause: unknown): void {
    if (this.#basemapFailed || this.#destroyed) return;
    this.#basemapFailed = true;
    this.#options.events.onError(new Error(TEXTS[this.#locale].basemapFailed, { cause }));
  }

  #loadLevel(level: number): Promise<void> {
    if (level < 1 || level > MAX_LEVEL) return Promise.resolve();
    const known = this.#levels.get(level);
    if (known) return known;
    const loading = this.#loadGeoJson(`divisions/${level}.geojson`).then(
      (data) => {
        if (data && !this.#destroyed) this.#setData(`level-${level}`, data);
      },
      (error: unknown) => {
        this.#levels.delete(level); // asked again, it is loaded again
        throw error;
      },
    );
    this.#levels.set(level, loading);
    return loading;
  }

  #loadLevelsInView(): void {
    const zoom = this.#map?.getZoom() ?? 0;
    for (const { level, lines } of this.#zooms) if (zoom >= lines - 0.3) this.#attempt(this.#loadLevel(level));
  }

  async #showFocus(): Promise<void> {
    const id = this.#focus;
    const level = id === null ? null : this.#divisions[id]?.level;
    if (id === null || level === undefined || level === null) {
      this.#setData('focus', EMPTY);
      this.#setData('mask', EMPTY);
      return;
    }
    await this.#loadLevel(level);
    this.#attempt(this.#loadLevel(level + 1));
    if (this.#focus !== id) return;
    const found = this.#data[`level-${level}`]?.features.find((feature) => feature.properties?.id === id);
    if (!found || !isArea(found)) return;
    this.#setData('focus', { type: 'FeatureCollection', features: [found] });
    this.#setData('mask', { type: 'FeatureCollection', features: [maskAround(found.geometry)] });
  }

  // --- Hexagons ---------------------------------------------------------------------------------------------------

  #wantedResolution(): number {
    const { grid } = this.#options.manifest;
    const centre = this.#map?.getCenter();
    const ground = { zoom: this.#map?.getZoom() ?? 0, lat: centre?.lat ?? 0 };
    const shown = this.#drawing?.picture.resolution ?? null;
    // Counts of the first map come at one resolution and cannot be shown finer.
    const known = this.#counts?.kind === 'coarse' ? this.#counts.resolution : grid.finest;
    const fixed = this.#fill?.resolution ?? null;
    if (fixed !== null && fixed <= known) return fixed;
    const finest = Math.min(known, this.#fill?.finest ?? known);
    return resolutionAt(ground, { coarsest: grid.coarsest, finest }, shown);
  }

  /** Brings the cells for this view. The picture on screen stays until the new one can be drawn whole. */
  async #arrange(): Promise<void> {
    const map = this.#map;
    if (!map || this.#destroyed) return;
    const resolution = this.#wantedResolution();
    this.#arranging++;
    try {
      const bounds = map.getBounds();
      const plan = await this.#pictures.plan(resolution, [
        bounds.getWest(),
        bounds.getSouth(),
        bounds.getEast(),
        bounds.getNorth(),
      ]);
      if (this.#counts?.kind === 'coarse') await this.#pictures.table(this.#counts.resolution);
      if (this.#destroyed || resolution !== this.#wantedResolution()) return;
      if (plan.key === this.#drawing?.picture.key) {
        this.#pendingKey = null;
        return;
      }
      if (plan.key === this.#pendingKey) return;
      this.#pendingKey = plan.key;
      const picture = await plan.make();
      if (this.#pendingKey !== plan.key || this.#destroyed) return;
      this.#pendingKey = null;
      this.#draw(picture);
    } catch (error) {
      if (error instanceof BlockTakenBack) return;
      this.#pendingKey = null;
      throw error;
    } finally {
      this.#arranging--;
    }
  }

  /** Counts → classes → colours, for a picture that may or may not be the one on screen. */
  #draw(picture: Picture): void {
    const counts = this.#counts;
    if (!counts) return;
    const given = counts.kind === 'coarse' ? this.#pictures.ready(counts.resolution) : undefined;
    const dense = countsAt(counts, picture.table, given);
    if (!dense) return;
    const changed = this.#drawing?.picture.resolution !== picture.resolution;
    this.#drawing = this.#drawingOf(picture, dense.n, dense.withheld);
    // The desk may answer with the locked scale of the new resolution at once: setScale then draws again, in this frame.
    if (changed) this.#options.events.onResolution(picture.resolution);
    this.#showLayers();
  }

  #drawingOf(picture: Picture, n: Uint32Array, withheld: number): Drawing {
    const breaks = this.#scales.get(picture.resolution)?.breaks ?? quantileBreaks(n, CLASSES);
    const colours = classColours(this.#theme, breaks.length);
    const { starts } = picture.outlines;
    const { rows } = picture;
    const vertexColours = this.#fill
      ? this.#filled(picture, this.#fill)
      : hexagonColours({ starts, n, rows, breaks, colours });
    return { picture, n, withheld, breaks, colours, vertexColours, version: ++this.#version };
  }

  #filled({ outlines: { starts }, rows, resolution, table }: Picture, { cells }: CellFill): Uint8Array {
    if (cells?.resolution !== resolution || cells.classes.length !== table.h3.length)
      return new Uint8Array(4 * starts[starts.length - 1]!);
    const { classes, colours } = cells;
    return hexagonColours({ starts, n: classes, rows, breaks: colours.map((_, i) => i + 1), colours });
  }

  #showLayers(): void {
    this.#calm.stir();
    const drawing = this.#drawing;
    if (!this.#overlay || !drawing) return;
    const { picture, vertexColours, version } = drawing;
    this.#hexagons = hexagonLayer({
      id: `hexagons-${picture.resolution}`,
      buffers: picture.buffers,
      colours: vertexColours,
      version,
      beforeId: ABOVE_HEXAGONS,
    });
    this.#overlay.setProps({ layers: [this.#hexagons, markLayer(this.#marks(), ABOVE_MARKS)] });
  }

  #seeFirstMap(): void {
    if (this.#firstMapSeen || !this.#hexagons) return;
    if (!this.#hexagons.drawn) {
      // Shaders still compile: nobody else would ask for the frame that shows them.
      this.#map?.triggerRepaint();
      return;
    }
    this.#firstMapSeen = true;
    this.#attempt(this.#loadGround());
    performance.mark('hexsight:first-map');
    this.#options.events.onFirstMap();
  }

  // --- Marks: the selected and the hovered cell -------------------------------------------------------------------

  #marks(): Mark[] {
    const palette = PALETTES[this.#theme];
    const marks: Mark[] = [...this.#outlined, ...this.#area];
    const picture = this.#drawing?.picture;
    if (picture && this.#hovered >= 0 && this.#hovered < picture.outlines.starts.length - 1) {
      const ring = ringOf(picture.outlines, this.#hovered);
      marks.push({ ring, colour: palette.markCasing, widthPx: 3.5 });
      marks.push({ ring, colour: palette.hover, widthPx: 1.25 });
    }
    if (this.#selectedRing) {
      marks.push({ ring: this.#selectedRing, colour: palette.markCasing, widthPx: 6 });
      marks.push({ ring: this.#selectedRing, colour: palette.mark, widthPx: 2.5 });
    }
    return marks;
  }

  /** The outline of the selected cell at its own resolution, which need not be the one on screen. */
  async #findSelected(): Promise<void> {
    const selection = this.#selection;
    if (selection.kind !== 'cell') {
      this.#selectedRing = null;
      this.#showLayers();
      return;
    }
    const table = await this.#pictures.table(selection.resolution);
    const row = rowOf(table, selection.h3);
    const outlines =
      row < 0
        ? null
        : table.outlines
          ? { from: table.outlines, at: row }
          : {
              from: await this.#outlines.block(`cell/${selection.h3}`, () => table.h3.slice(row, row + 1)),
              at: 0,
            };
    if (this.#selection !== selection) return;
    this.#selectedRing = outlines && ringOf(outlines.from, outlines.at);
    this.#showLayers();
  }

  // --- Events -----------------------------------------------------------------------------------------------------

  #onMove(): void {
    for (const listener of this.#cameraListeners) listener();
    if (this.#movingTimer !== null) return;
    this.#movingTimer = setTimeout(() => {
      this.#movingTimer = null;
      this.#attempt(this.#arrange());
    }, MOVING_MS);
  }

  #onRest(): void {
    const map = this.#map;
    if (!map) return;
    const { lng, lat } = map.getCenter();
    this.#view = { lng, lat, zoom: map.getZoom() };
    this.#options.events.onView(this.#view);
    this.#loadLevelsInView();
    this.#attempt(this.#arrange());
  }

  #onPointer({ lngLat, point }: MapMouseEvent): void {
    if (this.#pen) {
      this.#pen.onMove(lngLat.lng, lngLat.lat);
      return;
    }
    const drawing = this.#drawing;
    const cell = drawing && !this.#map?.isMoving() ? drawing.picture.index.at(lngLat.lng, lngLat.lat) : -1;
    if (!drawing || cell < 0) {
      this.#leave();
      return;
    }
    const { picture } = drawing;
    if (cell !== this.#hovered) {
      this.#hovered = cell;
      this.#showLayers();
    }
    const row = picture.rows === null ? cell : picture.rows[cell]!;
    this.#options.events.onHover({
      h3: h3At(picture.table, row),
      resolution: picture.resolution,
      n: drawing.n[row]!,
      x: point.x,
      y: point.y,
    });
  }

  #leave(): void {
    if (this.#hovered < 0) return;
    this.#hovered = -1;
    this.#showLayers();
    this.#options.events.onHover(null);
  }

  #onClick({ lngLat }: MapMouseEvent): void {
    if (this.#pen) this.#pen.onClick(lngLat.lng, lngLat.lat);
    else this.#options.events.onPick(this.#cellAt(lngLat.lng, lngLat.lat));
  }

  #cellAt(lng: number, lat: number): MapSelection {
    const picture = this.#drawing?.picture;
    const cell = picture ? picture.index.at(lng, lat) : -1;
    return picture && cell >= 0 ? this.#pickOf(picture, cell) : { kind: 'none' };
  }

  #pickOf(picture: Picture, cell: number): MapSelection {
    const row = picture.rows === null ? cell : picture.rows[cell]!;
    return { kind: 'cell', resolution: picture.resolution, h3: h3At(picture.table, row) };
  }

  /** Enter selects the cell in the middle, arrows go on to its neighbours; with nothing selected arrows pan (MapLibre). */
  readonly #onKey = (event: KeyboardEvent): void => {
    const map = this.#map;
    if (!map || event.target !== map.getCanvas() || event.isComposing) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const picture = this.#drawing?.picture;
    if (!picture) return;
    if (event.key === 'Enter') {
      const { lng, lat } = map.getCenter();
      this.#options.events.onPick(this.#cellAt(lng, lat));
      return;
    }
    const direction = ARROWS[event.key];
    const selection = this.#selection;
    if (direction === undefined || selection.kind !== 'cell' || selection.resolution !== picture.resolution) return;
    event.preventDefault();
    event.stopPropagation();
    const ring = this.#selectedRing;
    if (!ring) return;
    const corners = ring.slice(0, -1);
    const lng = corners.reduce((sum, corner) => sum + corner[0], 0) / corners.length;
    const lat = corners.reduce((sum, corner) => sum + corner[1], 0) / corners.length;
    const cell = picture.index.at(lng, lat);
    const next = cell < 0 ? -1 : picture.index.neighbour(cell, direction);
    if (next < 0) return;
    this.#options.events.onPick(this.#pickOf(picture, next));
    const centre = picture.index.centre(next);
    if (!map.getBounds().contains(centre)) map.easeTo({ center: centre, duration: 200 });
  };

  #later(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#destroyed) then();
    }, ms);
    this.#timers.add(timer);
  }

  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (this.#destroyed || error instanceof BlockTakenBack) return;
      this.#options.events.onError(error instanceof Error ? error : new Error(String(error)));
    });
  }
}

/** Root unit of the page against its 16 px at 1920 × 1080. */
const rootUnit = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

const isArea = (feature: Feature): feature is Feature<Polygon | MultiPolygon> =>
  feature.geometry?.type === 'Polygon' || feature.geometry?.type === 'MultiPolygon';

/** MapLibre takes attributions as HTML; ours are plain text from a file. */
const asHtmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
