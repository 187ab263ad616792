import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { EMPTY, MAX_LEVEL, type SourceName } from './base-style.ts';
import { type Division, type LevelZoom, labelPoints, levelZooms, maskAround, readDivisions } from './divisions.ts';
import { seamsOf } from './seams.ts';

export interface GroundOptions {
  readonly manifest: Manifest;
  readonly load: (path: string) => Promise<Uint8Array>;
  /** Zooms at which levels appear are known: the style is made again. */
  readonly onZooms: () => void;
}

/** What lies around the hexagons: study area, water, divisions, their names and borders. Its data outlives the map it is shown on. */
export class Ground {
  readonly data: Partial<Record<SourceName, FeatureCollection>> = {};
  zooms: readonly LevelZoom[] = [];
  divisions: readonly Division[] = [];

  readonly #options: GroundOptions;
  /** Levels under way or there: whoever asks again waits for the same answer. */
  readonly #levels = new Map<number, Promise<void>>();
  #map: MapLibreMap | null = null;
  #asked = false;
  #focus: number | null = null;
  #seamLevel = 1;
  #seamsWanted = false;
  #closed = false;

  constructor(options: GroundOptions) {
    this.#options = options;
  }

  attach(map: MapLibreMap | null): void {
    this.#map = map;
  }

  close(): void {
    this.#closed = true;
    this.#map = null;
  }

  studyArea(): Promise<void> {
    return this.#place('study-area', 'study-area.geojson');
  }

  /** Names and outlines: what follows the first map. */
  async rest(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    await Promise.all([
      this.#place('water', 'water.geojson'),
      this.#place('facilities', 'facilities.geojson'),
      this.#loadDivisions(),
      this.level(1),
    ]);
  }

  level(level: number): Promise<void> {
    if (level < 1 || level > MAX_LEVEL) return Promise.resolve();
    const known = this.#levels.get(level);
    if (known) return known;
    const loading = this.#loadGeoJson(`divisions/${level}.geojson`).then(
      (data) => {
        if (data && !this.#closed) this.#setData(`level-${level}`, data);
      },
      (error: unknown) => {
        this.#levels.delete(level); // asked again, it is loaded again
        throw error;
      },
    );
    this.#levels.set(level, loading);
    return loading;
  }

  async levelsInView(): Promise<void> {
    const zoom = this.#map?.getZoom() ?? 0; // no map: only what is always shown
    await Promise.all(this.zooms.filter(({ lines }) => zoom >= lines - 0.3).map(({ level }) => this.level(level)));
  }

  async focus(divisionId: number | null): Promise<void> {
    this.#focus = divisionId;
    await this.#showFocus();
  }

  /** Borders two divisions of the level share; made when somebody wants to see them. */
  async seams(level: number, wanted: boolean): Promise<void> {
    if (level === this.#seamLevel && wanted === this.#seamsWanted) return;
    this.#seamLevel = level;
    this.#seamsWanted = wanted;
    if (!wanted) return;
    await this.level(level);
    const divisions = this.data[`level-${level}`];
    if (divisions && level === this.#seamLevel && !this.#closed) this.#setData('seams', seamsOf(divisions));
  }

  async #loadDivisions(): Promise<void> {
    this.divisions = readDivisions(await this.#options.load('divisions.arrow'));
    if (this.#closed) return;
    const { bounds, divisionLevels } = this.#options.manifest;
    const levels = divisionLevels
      .filter(({ level }) => level >= 1 && level <= MAX_LEVEL)
      .map(({ level }) => ({
        level,
        areasKm2: this.divisions.filter((division) => division.level === level).map((division) => division.areaKm2),
      }));
    this.zooms = levelZooms(levels, (bounds[1] + bounds[3]) / 2);
    this.#setData('labels', labelPoints(this.divisions));
    this.#options.onZooms();
    await Promise.all([this.levelsInView(), this.#focus === null ? null : this.#showFocus()]);
  }

  async #showFocus(): Promise<void> {
    const id = this.#focus;
    const level = id === null ? undefined : this.divisions[id]?.level;
    if (id === null || level === undefined) {
      this.#setData('focus', EMPTY);
      this.#setData('mask', EMPTY);
      return;
    }
    await this.level(level);
    const below = this.level(level + 1);
    if (this.#focus === id) {
      const found = this.data[`level-${level}`]?.features.find((feature) => feature.properties?.id === id);
      if (found && isArea(found)) {
        this.#setData('focus', { type: 'FeatureCollection', features: [found] });
        this.#setData('mask', { type: 'FeatureCollection', features: [maskAround(found.geometry)] });
      }
    }
    await below;
  }

  async #place(name: SourceName, path: string): Promise<void> {
    const data = await this.#loadGeoJson(path);
    if (data && !this.#closed) this.#setData(name, data);
  }

  async #loadGeoJson(path: string): Promise<FeatureCollection | null> {
    const { manifest, load } = this.#options;
    if (!manifest.files.some((file) => file.path === path)) return null;
    const parsed = JSON.parse(new TextDecoder().decode(await load(path))) as FeatureCollection | Feature;
    return parsed.type === 'FeatureCollection' ? parsed : { type: 'FeatureCollection', features: [parsed] };
  }

  #setData(name: SourceName, data: FeatureCollection): void {
    this.data[name] = data;
    const source = this.#map?.getSource(name);
    if (source && 'setData' in source) (source as { setData(data: FeatureCollection): void }).setData(data);
  }
}

const isArea = (feature: Feature): feature is Feature<Polygon | MultiPolygon> =>
  feature.geometry?.type === 'Polygon' || feature.geometry?.type === 'MultiPolygon';
