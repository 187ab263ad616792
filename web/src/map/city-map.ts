import { MapboxOverlay } from '@deck.gl/mapbox';
import type { Map as MapLibreMap, MapMouseEvent, Marker } from 'maplibre-gl';
import type { HexagonsLayer } from '../layers/hexagon-layer.ts';
import type { Mark } from '../layers/mark-layer.ts';
import { ringOf } from '../layers/outlines.ts';
import { baseStyle, regular, type StyleInput } from './base-style.ts';
import { basemapOf } from './basemap.ts';
import { calmFrames } from './calm-frames.ts';
import { isPlainKey, neighbourByKey } from './cell-keys.ts';
import type {
  CameraView,
  CellCounts,
  CellFill,
  CityMap,
  CityMapOptions,
  DivisionFill,
  FlightTarget,
  LayerChoice,
  Locale,
  MapLayerId,
  MapOutline,
  MapPen,
  MapPin,
  MapSelection,
  StepScale,
  Theme,
} from './contract.ts';
import { type Detail, detailOf, NO_DETAIL } from './detail.ts';
import { addHatch, divisionAt, paintDivisions, unknownDivisions } from './division-paint.ts';
import { type Drawing, drawingOf, paintedColour } from './drawing.ts';
import { countsAt } from './drawn-counts.ts';
import { facilityAt } from './facility-at.ts';
import { h3At, rowOf } from './grid-table.ts';
import { Ground } from './ground.ts';
import { type LastPicture, lastPicture } from './last-picture.ts';
import { completed, DEFAULT_LAYERS, restyle } from './layer-order.ts';
import maplibre from './maplibre.ts';
import { mountMap, nameControls, viewOf } from './mount.ts';
import { BlockTakenBack, outlineSource } from './outline-source.ts';
import { OwnBasemap } from './own-basemap.ts';
import { type GroundTheme, PALETTES } from './palette.ts';
import { columnAt, columnOn, rayAt } from './pick.ts';
import { type Picture, pictureSource } from './picture-source.ts';
import { resolutionAt } from './resolution.ts';
import { columnHeightM, sceneOf, tallestM } from './scene.ts';
import { TEXTS } from './texts.ts';
import { unknownRows } from './unknown.ts';
import type { VectorInput } from './vector-basemap.ts';
import './city-map.css';

/** After a lost WebGL context the map is built anew; where that fails, the driver gets more time. */
const REBUILD_AFTER_MS = 250;
const RETRY_AFTER_MS = [400, 2000, 10_000] as const;

/** From the first hexagons of a rebuilt map until its stand-in goes, whether the ground is there or not. */
const STAND_IN_AT_MOST_MS = 1500;

/** Names and outlines do not wait longer than this for the first map. */
const GROUND_AT_LATEST_MS = 6000;

/** While the camera moves, a look at what else is needed this often. */
const MOVING_MS = 120;

/** What is said about the picture (dots, dotted outlines) follows it when it has come to rest. */
const DETAIL_AFTER_MS = 120;

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
  readonly #ground: Ground;
  readonly #basemap: OwnBasemap;
  readonly #lastPicture: LastPicture;
  readonly #scales = new Map<number, StepScale>();

  #map: MapLibreMap | null = null;
  #overlay: MapboxOverlay | null = null;
  #hexagons: HexagonsLayer | null = null;
  #theme: Theme;
  #locale: Locale;
  #counts: CellCounts | null = null;
  #drawing: Drawing | null = null;
  #detail: Detail = NO_DETAIL;
  #version = 0;
  #pendingKey: string | null = null;
  #arranging = 0;
  #fill: CellFill | null = null;
  #unknown: Uint8Array | null = null;
  #unknownAt = new Map<number, Uint8Array | null>();
  #divisionFill: DivisionFill | null = null;
  #layers: readonly LayerChoice[] = DEFAULT_LAYERS;
  #columns = false;
  #seamLevel = 1;
  #outlined: readonly MapOutline[] = [];
  #area: readonly MapOutline[] = [];
  #pen: MapPen | null = null;
  readonly #cameraListeners = new Set<() => void>();
  #pins: readonly MapPin[] = [];
  #markers: readonly Marker[] = [];
  #selection: MapSelection = { kind: 'none' };
  #selectedRing: readonly [number, number][] | null = null;
  #hovered = -1;
  /** Printing: the ground turns to paper. The dark theme stays as its page does; hexagons keep the legend's colours. */
  readonly #paper = matchMedia('print');
  readonly #onPaper = () => {
    this.#restyle();
    this.#map?.redraw();
  };
  #view: CameraView | null;
  /** Where the camera is going; a map that is rebuilt on the way begins there. */
  #flight: FlightTarget | null = null;
  #firstMapSeen = false;
  #destroyed = false;
  #rebuilding = false;
  #uncovering = false;
  #failures = 0;
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #movingTimer: ReturnType<typeof setTimeout> | null = null;
  #detailTimer: ReturnType<typeof setTimeout> | null = null;
  #keepTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: CityMapOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#locale = options.locale;
    this.#view = options.view;
    this.#pictures = pictureSource(options.manifest, options.load, this.#outlines);
    this.#lastPicture = lastPicture(options.container);
    this.#ground = new Ground({ manifest: options.manifest, load: options.load, onZooms: () => this.#restyle() });
    this.#basemap = new OwnBasemap({
      manifest: options.manifest,
      input: () => this.#vectorInput(),
      attribution: () => asHtmlText(options.manifest.basemap?.attribution[this.#language] ?? ''),
      // Without the overlay the style is still loading.
      map: () => (this.#overlay ? this.#map : null),
      onOpened: () => this.#restyle(),
      onFailed: (cause) => options.events.onError(new Error(TEXTS[this.#locale].basemapFailed, { cause })),
    });
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
    this.#attempt(this.#ground.studyArea());
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

  setUnknown(finest: Uint8Array | null): void {
    if (finest === this.#unknown) return;
    this.#unknown = finest;
    this.#unknownAt = new Map();
    if (this.#drawing) this.#draw(this.#drawing.picture);
  }

  setDivisionFill(fill: DivisionFill | null): void {
    this.#divisionFill = fill;
    if (fill) this.#attempt(this.#ground.level(fill.level));
    this.#restyle();
    this.#paintDivisions();
  }

  setLayers(layers: readonly LayerChoice[]): void {
    this.#layers = completed(layers);
    this.#attempt(this.#ground.seams(this.#seamLevel, this.#shows('seams')));
    this.#restyle();
    this.#showLayers();
    this.#detailSoon();
  }

  setColumns(columns: boolean): void {
    this.#columns = columns;
    this.#showLayers();
  }

  setSeamLevel(level: number): void {
    this.#seamLevel = level;
    this.#attempt(this.#ground.seams(level, this.#shows('seams')));
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
    this.#attempt(this.#ground.focus(divisionId === 0 ? null : divisionId));
  }

  setTheme(theme: Theme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#restyle();
    this.#addHatchImage();
    if (this.#drawing) this.#draw(this.#drawing.picture);
    this.#showLayers();
  }

  setLocale(locale: Locale): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#restyle();
    if (this.#map) nameControls(this.#map, locale);
  }

  flyTo(target: FlightTarget): void {
    const map = this.#map;
    if (map) this.#travel(map, target, { jump: false });
    // After the call: it ends the flight before this one.
    this.#flight = target;
  }

  jumpTo({ lng, lat, zoom, pitch = 0, bearing = 0 }: CameraView): void {
    this.#map?.jumpTo({ center: [lng, lat], zoom, pitch, bearing });
  }

  camera(): CameraView | null {
    return this.#map && viewOf(this.#map);
  }

  markCell(h3: string | null): void {
    const picture = this.#drawing?.picture;
    const row = h3 === null || !picture ? -1 : rowOf(picture.table, h3);
    const cell = row < 0 || !picture || picture.rows === null ? row : picture.rows.indexOf(row);
    if (cell === this.#hovered) return;
    this.#hovered = cell;
    this.#showLayers();
  }

  #travel(map: MapLibreMap, target: FlightTarget, { jump }: { readonly jump: boolean }): void {
    const duration = jump ? { duration: 0 } : {};
    if ('bounds' in target) {
      const [west, south, east, north] = target.bounds;
      map.fitBounds([west, south, east, north], { padding: 48, maxDuration: 2000, linear: true, ...duration });
    } else {
      const { lng, lat, zoom, pitch = map.getPitch(), bearing = map.getBearing() } = target;
      map.easeTo({ center: [lng, lat], zoom, pitch, bearing, duration: 800, ...duration });
    }
  }

  legend() {
    const drawing = this.#drawing;
    return {
      resolution: this.resolution,
      breaks: drawing?.breaks ?? [],
      colours: drawing?.colours ?? [],
      withheld: drawing?.withheld ?? 0,
      hatched: this.#detail.hatched,
      dotted: this.#detail.rings.length,
      hatch: PALETTES[this.#theme].hatch,
      perDot: this.#shows('dots') ? (this.#detail.dots?.perDot ?? null) : null,
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
    if (this.#detailTimer !== null) clearTimeout(this.#detailTimer);
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer);
    this.#ground.close();
    this.#basemap.close();
    this.#lastPicture.hide();
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
    return row < 0 ? null : paintedColour(drawing, row, this.#theme);
  }

  /** Features of the mask that dims what lies outside the focused division: 0 or 1. For tests. */
  masked(): number {
    return this.#ground.data.mask?.features.length ?? 0; // never set: nothing is dimmed
  }

  /** What a click at a point of the container would select. */
  cellAtPoint(x: number, y: number): string | null {
    const picture = this.#drawing?.picture;
    const cell = this.#cellOn({ x, y });
    if (!picture || cell < 0) return null;
    return h3At(picture.table, picture.rows === null ? cell : picture.rows[cell]!);
  }

  /** True while the last picture stands in for a lost WebGL context. */
  get standIn(): boolean {
    return this.#lastPicture.shown;
  }

  /** Hexagons of the present map have reached a frame. */
  get drawn(): boolean {
    return this.#hexagons?.drawn === true;
  }

  fillColours(): readonly string[] {
    return this.#drawing?.fillColours ?? [];
  }

  /** Cells in the picture that is drawn. */
  get cells(): number {
    return this.#drawing ? this.#drawing.picture.outlines.starts.length - 1 : 0;
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

  /** Puts the camera somewhere and waits for the frame that shows it. */
  frameAt(view: CameraView): Promise<void> {
    return new Promise((resolve, reject) => {
      const map = this.#map;
      if (!map) return reject(new Error('the map is not mounted'));
      map.once('render', () => resolve());
      map.jumpTo({ center: [view.lng, view.lat], zoom: view.zoom });
    });
  }

  /** True when nothing is loading, moving or waiting to be drawn. */
  get idle(): boolean {
    return (
      this.#pendingKey === null &&
      this.#arranging === 0 &&
      this.#detailTimer === null &&
      this.#ground.divisions.length > 0 &&
      this.#map?.loaded() === true &&
      !this.#map.isMoving()
    );
  }

  // --- MapLibre and deck.gl ---------------------------------------------------------------------------------------

  #styleInput(): StyleInput {
    const { manifest } = this.#options;
    const basemap = basemapOf(manifest.basemap, location.href);
    const language = this.#language;
    return {
      theme: this.#groundTheme,
      locale: this.#locale,
      zooms: this.#ground.zooms,
      made: new Set(manifest.divisionLevels.filter((level) => level.made).map((level) => level.level)),
      raster:
        basemap.kind === 'raster' && manifest.basemap
          ? { tiles: basemap.tiles, attribution: asHtmlText(manifest.basemap.attribution[language]) }
          : null,
      vector: this.#basemap.drawn,
      data: this.#ground.data,
      choices: this.#layers,
      filledLevel: this.#divisionFill?.level ?? null,
      unknownDivisions: unknownDivisions(this.#divisionFill),
      attribution: asHtmlText(manifest.profile.attribution[language]),
      unit: rootUnit(),
    };
  }

  get #groundTheme(): GroundTheme {
    return this.#paper.matches && this.#theme === 'light' ? 'print' : this.#theme;
  }

  get #language(): 'zh' | 'en' {
    return this.#locale === 'en' ? 'en' : 'zh';
  }

  #vectorInput(): VectorInput {
    return { theme: this.#groundTheme, language: this.#language, unit: rootUnit(), font: regular };
  }

  #mount(): void {
    const { container, manifest, events } = this.#options;
    container.dataset.mapTheme = this.#theme;
    const map = mountMap({
      container,
      style: baseStyle(this.#styleInput()),
      view: this.#view,
      bounds: manifest.bounds,
      controls: this.#options.controls ?? true,
      pixelRatio: this.#options.pixelRatio ?? null,
      antialias: this.#options.antialias ?? true,
    });
    this.#map = map;
    this.#ground.attach(map);
    nameControls(map, this.#locale);
    this.#placePins();

    map.on('style.load', () => {
      if (this.#overlay || this.#map !== map) return;
      this.#basemap.attach(map);
      this.#overlay = new MapboxOverlay({
        interleaved: true,
        layers: [],
        // Each of some thirty features would be asked of the graphics card at once, and each answer waited for.
        deviceProps: { _initializeFeatures: false },
      });
      map.addControl(this.#overlay);
      const overlay = this.#overlay;
      // Its loop is there once the first frame is.
      map.once('idle', () => this.#calm.attach(overlay));
      this.#addHatchImage();
      this.#paintDivisions();
      this.#showLayers();
    });
    map.on('render', () => this.#seeMap());
    map.on('idle', () => {
      if (this.#map === map && this.#hexagons?.drawn) this.#keepPicture();
    });
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
      if ('sourceId' in event && event.sourceId === 'basemap') this.#basemap.fail(error);
      else events.onError(error instanceof Error ? error : new Error(String(error)));
    });
    map.on('webglcontextlost', () => this.#onContextLost());
    if (this.#flight) this.#travel(map, this.#flight, { jump: true });
  }

  #unmount(): void {
    const map = this.#map;
    for (const marker of this.#markers) marker.remove();
    this.#markers = [];
    this.#map = null;
    this.#ground.attach(null);
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
    this.#lastPicture.show();
    this.#rebuildAfter(REBUILD_AFTER_MS);
  }

  #rebuildAfter(delayMs: number): void {
    if (this.#rebuilding) return;
    this.#rebuilding = true;
    this.#later(delayMs, () => {
      this.#rebuilding = false;
      this.#unmount();
      this.#lastPicture.show();
      try {
        this.#mount();
        this.#failures = 0;
      } catch (cause) {
        this.#options.events.onError(new Error(TEXTS[this.#locale].noWebGl, { cause }));
        this.#rebuildAfter(RETRY_AFTER_MS[Math.min(this.#failures++, RETRY_AFTER_MS.length - 1)]!);
      }
    });
  }

  /** Called in the frame that drew the map. A frame that came too soon after the last copy is asked for again, once nothing changes. */
  #keepPicture(): void {
    const map = this.#map;
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer);
    this.#keepTimer = null;
    if (!map || this.#lastPicture.keep(map.getCanvas(), performance.now())) return;
    this.#keepTimer = setTimeout(() => {
      this.#keepTimer = null;
      this.#map?.triggerRepaint();
    }, 1100);
  }

  /** Paint and layout of every layer as the style would be made now; sources and their data stay. */
  #restyle(): void {
    const map = this.#map;
    this.#options.container.dataset.mapTheme = this.#theme;
    if (!map?.style) return;
    restyle(map, baseStyle(this.#styleInput()).layers);
    this.#basemap.restyle(map);
  }

  // --- Ground -----------------------------------------------------------------------------------------------------

  async #loadGround(): Promise<void> {
    void this.#basemap.load();
    await this.#ground.rest();
    this.#paintDivisions();
  }

  #shows(id: MapLayerId): boolean {
    return this.#layers.some((layer) => layer.id === id && layer.visible);
  }

  #addHatchImage(): void {
    if (this.#map?.style) addHatch(this.#map, this.#theme);
  }

  #paintDivisions(): void {
    if (this.#map?.style && this.#divisionFill) paintDivisions(this.#map, this.#divisionFill, this.#ground.divisions);
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
      const filled = this.#fill?.cells;
      if (filled?.strength && filled.resolution > resolution) {
        const there = this.#pictures.ready(filled.resolution) !== undefined;
        await this.#pictures.table(filled.resolution);
        if (!there && this.#drawing?.picture.resolution === resolution) this.#draw(this.#drawing.picture);
      }
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
    this.#drawing = drawingOf({
      picture,
      ...dense,
      scale: this.#scales.get(picture.resolution),
      fill: this.#fill,
      fillTable: this.#fill?.cells ? this.#pictures.ready(this.#fill.cells.resolution) : undefined,
      unknown: this.#unknownIn(picture),
      theme: this.#theme,
      version: ++this.#version,
    });
    // The desk may answer with the locked scale of the new resolution at once: setScale then draws again, in this frame.
    if (changed) {
      this.#detail = NO_DETAIL;
      this.#options.events.onResolution(picture.resolution);
    }
    this.#showLayers();
    this.#detailSoon();
  }

  #unknownIn({ table }: Picture): Uint8Array | null {
    if (!this.#unknown) return null;
    const known = this.#unknownAt.get(table.resolution);
    if (known !== undefined) return known;
    const rows = unknownRows(this.#unknown, table);
    this.#unknownAt.set(table.resolution, rows);
    return rows;
  }

  #detailSoon(): void {
    if (this.#detailTimer !== null) clearTimeout(this.#detailTimer);
    this.#detailTimer = setTimeout(() => {
      this.#detailTimer = null;
      this.#attempt(this.#showDetail());
    }, DETAIL_AFTER_MS);
  }

  async #showDetail(): Promise<void> {
    const drawing = this.#drawing;
    const map = this.#map;
    if (!drawing || !map || this.#destroyed) return;
    const detail = await detailOf({
      drawing,
      counts: this.#counts,
      map,
      pictures: this.#pictures,
      finest: this.#options.manifest.grid.finest,
      dots: this.#shows('dots'),
    });
    if (drawing !== this.#drawing) return;
    this.#detail = detail;
    this.#showLayers();
    this.#options.events.onDetail?.();
  }

  #showLayers(): void {
    this.#calm.stir();
    // Between a lost context and the rebuilt map MapLibre has no style; the rebuilt one shows the layers.
    if (!this.#map?.style || !this.#overlay || !this.#drawing) return;
    const [west, south] = this.#options.manifest.bounds;
    const scene = sceneOf({
      drawing: this.#drawing,
      detail: this.#detail,
      marks: this.#marks(),
      marksMayWait: !this.#firstMapSeen,
      choices: this.#layers,
      columns: this.#columns,
      theme: this.#theme,
      unit: rootUnit(),
      anchor: [west, south],
    });
    this.#hexagons = scene.hexagons;
    this.#overlay.setProps({ layers: scene.layers });
  }

  #seeMap(): void {
    if (!this.#hexagons) return;
    if (!this.#hexagons.drawn) {
      // Shaders still compile: nobody else would ask for the frame that shows them.
      this.#map?.triggerRepaint();
      return;
    }
    // The ground is tiles, a moment later than the hexagons; it does not hold up a map that answers again for long.
    if (this.#lastPicture.shown && !this.#rebuilding) {
      if (this.#map?.loaded()) this.#lastPicture.hide();
      else if (!this.#uncovering) {
        this.#uncovering = true;
        this.#later(STAND_IN_AT_MOST_MS, () => {
          this.#uncovering = false;
          if (!this.#rebuilding) this.#lastPicture.hide();
        });
      }
    }
    if (this.#firstMapSeen) return;
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
    this.#calm.stir();
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
    this.#flight = null;
    this.#view = viewOf(map);
    this.#options.events.onView(this.#view);
    this.#attempt(this.#ground.levelsInView());
    this.#attempt(this.#arrange());
    this.#detailSoon();
  }

  /** The drawn cell on the screen at a point of the container: on the ground, or the column in front of it. */
  #cellOn(point: { readonly x: number; readonly y: number }): number {
    const map = this.#map;
    const drawing = this.#drawing;
    if (!map || !drawing || !this.#shows('hexagons')) return -1;
    const { index } = drawing.picture;
    if (this.#columns) {
      return columnOn(rayAt(map, point, tallestM(drawing)), {
        columnAt: (lng, lat) => columnAt(index, lng, lat),
        at: (lng, lat) => index.at(lng, lat),
        heightM: (cell) => columnHeightM(drawing, cell),
      });
    }
    const { lng, lat } = map.unproject([point.x, point.y]);
    return index.at(lng, lat);
  }

  /** The filled division at a point, when divisions are what is looked at. */
  #divisionOn(point: { readonly x: number; readonly y: number }): number | null {
    const fill = this.#divisionFill;
    if (!this.#map || !fill || !this.#shows('divisions') || this.#shows('hexagons')) return null;
    return divisionAt(this.#map, fill, point);
  }

  #onPointer({ lngLat, point }: MapMouseEvent): void {
    if (this.#pen) {
      this.#pen.onMove(lngLat.lng, lngLat.lat);
      return;
    }
    const drawing = this.#drawing;
    const moving = this.#map?.isMoving() === true;
    if (!this.#shows('hexagons')) {
      const id = moving ? null : this.#divisionOn(point);
      this.#options.events.onHoverDivision?.(id === null ? null : { id, x: point.x, y: point.y });
    }
    const cell = drawing && !moving ? this.#cellOn(point) : -1;
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
      unknown: drawing.unknown?.rows[row] === 1 && drawing.n[row] === 0,
      facility: this.#map && this.#shows('facilities') ? facilityAt(this.#map, point, this.#locale) : null,
    });
  }

  #leave(): void {
    if (this.#hovered < 0) return;
    this.#hovered = -1;
    this.#showLayers();
    this.#options.events.onHover(null);
  }

  #onClick({ lngLat, point }: MapMouseEvent): void {
    if (this.#pen) {
      this.#pen.onClick(lngLat.lng, lngLat.lat);
      return;
    }
    const division = this.#divisionOn(point);
    this.#options.events.onPick(division === null ? this.#pickAt(point) : { kind: 'division', id: division });
  }

  #pickAt(point: { readonly x: number; readonly y: number }): MapSelection {
    const picture = this.#drawing?.picture;
    const cell = this.#cellOn(point);
    return picture && cell >= 0 ? this.#pickOf(picture, cell) : { kind: 'none' };
  }

  #pickOf(picture: Picture, cell: number): MapSelection {
    const row = picture.rows === null ? cell : picture.rows[cell]!;
    return { kind: 'cell', resolution: picture.resolution, h3: h3At(picture.table, row) };
  }

  /** Enter selects the cell in the middle, arrows go on to its neighbours; with nothing selected arrows pan (MapLibre). */
  readonly #onKey = (event: KeyboardEvent): void => {
    const map = this.#map;
    if (!map || event.target !== map.getCanvas()) return;
    if (!isPlainKey(event)) return;
    const picture = this.#drawing?.picture;
    if (!picture) return;
    if (event.key === 'Enter') {
      const { clientWidth, clientHeight } = map.getCanvas();
      this.#options.events.onPick(this.#pickAt({ x: clientWidth / 2, y: clientHeight / 2 }));
      return;
    }
    const selection = this.#selection;
    const ring = this.#selectedRing;
    if (selection.kind !== 'cell' || selection.resolution !== picture.resolution || !ring) return;
    const next = neighbourByKey(event.key, ring, picture.index, map.getBearing());
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
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

/** MapLibre takes attributions as HTML; ours are plain text from a file. */
const asHtmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Root unit of the page against its 16 px at 1920 × 1080. */
const rootUnit = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
