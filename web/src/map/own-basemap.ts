import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { basemapOf } from './basemap.ts';
import type { VectorBasemap, VectorInput } from './vector-basemap.ts';

export interface OwnBasemapOptions {
  readonly manifest: Manifest;
  /** Of the present theme and language. */
  readonly input: () => VectorInput;
  /** HTML. */
  readonly attribution: () => string;
  /** The map whose style is loaded; null = none is at the moment. */
  readonly map: () => MapLibreMap | null;
  /** It is there: the style is made again. */
  readonly onOpened: () => void;
  readonly onFailed: (cause: unknown) => void;
}

/** The city's own base map, and the code that draws it: loaded after the first map, and only where there is one. It outlives the map it is drawn on. */
export class OwnBasemap {
  readonly #options: OwnBasemapOptions;
  #vector: VectorBasemap | null = null;
  #asked = false;
  #failed = false;
  #closed = false;

  constructor(options: OwnBasemapOptions) {
    this.#options = options;
  }

  get drawn(): boolean {
    return this.#vector !== null;
  }

  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    const basemap = basemapOf(this.#options.manifest.basemap, location.href);
    if (basemap.kind !== 'pmtiles') return;
    try {
      const { openVectorBasemap } = await import('./vector-basemap.ts');
      const vector = await openVectorBasemap(basemap.url, this.#options.attribution);
      if (this.#closed) return;
      this.#vector = vector;
      // Without a loaded style, after a rebuild, it is attached when there is one.
      const map = this.#options.map();
      if (map) this.attach(map);
      this.#options.onOpened();
    } catch (cause) {
      this.fail(cause);
    }
  }

  attach(map: MapLibreMap): void {
    this.#vector?.attach(map, this.#options.input());
  }

  restyle(map: MapLibreMap): void {
    this.#vector?.restyle(map, this.#options.input());
  }

  /** Said once: a server that is gone fails for every tile. */
  fail(cause: unknown): void {
    if (this.#failed || this.#closed) return;
    this.#failed = true;
    this.#options.onFailed(cause);
  }

  close(): void {
    this.#closed = true;
  }
}
