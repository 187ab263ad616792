/**
 * The seam between the desk (React, queries) and the map (an imperative island). The desk hands over plain values and
 * typed arrays; the map answers with events. Neither imports the other's insides.
 */
import type { Manifest } from '../../../core/contract/manifest.ts';

export type Theme = 'light' | 'dark';
export type Locale = 'zh-CN' | 'en';

/** Counts of incidents per cell under the present filters. */
export type CellCounts =
  /** Index = row of `grid/r<resolution>.arrow`; the first map, before the query engine is up, and while filters move. `withheld` as in `DenseCounts`; absent = none. */
  | { readonly kind: 'coarse'; readonly resolution: number; readonly n: Uint32Array; readonly withheld?: number }
  /** Sparse, ascending `cellId`; `res` = finest resolution at which the row may be shown (facts.res). */
  | { readonly kind: 'finest'; readonly cellId: Uint32Array; readonly res: Uint8Array; readonly n: Uint32Array };

/** Class breaks of a resolution, locked over the period: class i holds breaks[i] <= n < breaks[i + 1]; the last is open. */
export interface StepScale {
  readonly resolution: number;
  readonly breaks: readonly number[];
}

/** Class of a cell at which nobody looked: hatched. */
export const NO_DATA_CLASS = 0xffff_fffe;
/** Class of a cell whose value is kept back (below k): a dotted outline. */
export const SUPPRESSED_CLASS = 0xffff_ffff;

/** Classes instead of counts: what fills the hexagons while it is set. */
export interface CellFill {
  /** Resolution that is drawn at every zoom; null = the map chooses as it does for counts. */
  readonly resolution: number | null;
  /** The map draws nothing finer. */
  readonly finest: number;
  /** null = not known yet: no hexagon is filled. So is every hexagon while another resolution is drawn. */
  readonly cells: {
    readonly resolution: number;
    /** By row of the grid: 0 = not filled, k = `colours[k - 1]`, NO_DATA_CLASS, SUPPRESSED_CLASS. */
    readonly classes: Uint32Array;
    /** `#rrggbb` */
    readonly colours: readonly string[];
    /**
     * By class from 1: which one a coarser cell takes among those of the cells in it (the greatest). Without it, hexagons of another
     * resolution are not filled.
     */
    readonly strength?: readonly number[];
  } | null;
}

/** Classes of the divisions of one level. */
export interface DivisionFill {
  readonly level: number;
  /** By division id: 0 = not filled, k = `colours[k - 1]`, NO_DATA_CLASS. */
  readonly classes: Uint32Array;
  readonly colours: readonly string[];
}

/** Layers the reader may show, dim and put in order; names of places always lie on top. */
export const MAP_LAYER_IDS = ['divisions', 'hexagons', 'dots', 'outlines', 'seams', 'facilities', 'names'] as const;
export type MapLayerId = (typeof MAP_LAYER_IDS)[number];
export interface LayerChoice {
  readonly id: MapLayerId;
  readonly visible: boolean;
  /** 0.1 … 1 */
  readonly opacity: number;
}

/** An outline above the hexagons: casing and line are two of these. */
export interface MapOutline {
  readonly ring: readonly (readonly [number, number])[];
  readonly colour: string;
  readonly widthPx: number;
}

/** An element of the page that stands on a place of the map. */
export interface MapPin {
  readonly element: HTMLElement;
  readonly lng: number;
  readonly lat: number;
}

/** Takes what the pointer does on the map while something is drawn there. WGS 84 degrees. */
export interface MapPen {
  readonly onClick: (lng: number, lat: number) => void;
  readonly onMove: (lng: number, lat: number) => void;
  readonly onDouble: () => void;
}

export interface CameraView {
  readonly lng: number;
  readonly lat: number;
  readonly zoom: number;
  /** Degrees from straight down, 0 … 60; absent = 0. */
  readonly pitch?: number;
  /** Degrees clockwise from north, −180 … 180; absent = 0. */
  readonly bearing?: number;
}

export type MapSelection =
  | { readonly kind: 'none' }
  | { readonly kind: 'cell'; readonly resolution: number; readonly h3: string }
  | { readonly kind: 'division'; readonly id: number };

export interface MapEvents {
  /** After the camera came to rest. */
  readonly onView: (view: CameraView) => void;
  /** The resolution the map draws now; the desk answers with `setScale` for it. */
  readonly onResolution: (resolution: number) => void;
  /** A click on a cell (also an empty one inside the study area), or outside all cells. */
  readonly onPick: (selection: MapSelection) => void;
  readonly onHover: (
    cell: {
      readonly h3: string;
      readonly resolution: number;
      readonly n: number;
      readonly x: number;
      readonly y: number;
      /** Nobody looked here: no count, not 0. */
      readonly unknown?: boolean;
      /** Name of the facility under the pointer. */
      readonly facility?: string | null;
    } | null,
  ) => void;
  /** While divisions are what is filled; null = outside all of them. */
  readonly onHoverDivision?: (division: { readonly id: number; readonly x: number; readonly y: number } | null) => void;
  /** First frame with hexagons on screen. */
  readonly onFirstMap: () => void;
  /** What `legend()` says beyond the classes has changed. */
  readonly onDetail?: () => void;
  readonly onError: (error: Error) => void;
}

export interface CityMapOptions {
  readonly container: HTMLElement;
  readonly manifest: Manifest;
  /** Resolves a logical path of the snapshot to its bytes (hash-checked by the loader). */
  readonly load: (path: string) => Promise<Uint8Array>;
  readonly view: CameraView | null;
  readonly theme: Theme;
  readonly locale: Locale;
  readonly events: MapEvents;
  /** Device pixels a CSS pixel; left out = as the screen has. */
  readonly pixelRatio?: number;
  /** Buttons to zoom; left out = there are. */
  readonly controls?: boolean;
  /** Smooth edges of hexagons; left out = smooth. Without it each pixel shows exactly one cell. */
  readonly antialias?: boolean;
}

/** Where the camera goes: a view, or all of a box. */
export type FlightTarget = CameraView | { readonly bounds: readonly [number, number, number, number] };

export interface CityMap {
  setCounts(counts: CellCounts): void;
  /** Per resolution; until one is set for the drawn resolution the map derives a quantile scale from the counts it shows. */
  setScale(scale: StepScale): void;
  /** null = counts again. */
  setFill(fill: CellFill | null): void;
  /** 1 by finest cell id where nobody looked in the period shown; null = everywhere somebody did. */
  setUnknown(finest: Uint8Array | null): void;
  setDivisionFill(fill: DivisionFill | null): void;
  /** Bottom first. */
  setLayers(layers: readonly LayerChoice[]): void;
  /** Hexagons as columns, as high as their class. */
  setColumns(columns: boolean): void;
  /** Level whose shared borders are the seams. */
  setSeamLevel(level: number): void;
  setOutlines(outlines: readonly MapOutline[]): void;
  setPins(pins: readonly MapPin[]): void;
  /** Outlines of the chosen area; apart from `setOutlines`, which others set. */
  setArea(outlines: readonly MapOutline[]): void;
  /** While set, clicks and moves go to it: nothing is picked or hovered. */
  setPen(pen: MapPen | null): void;
  /** CSS pixels from the container's upper left corner. */
  project(lng: number, lat: number): { readonly x: number; readonly y: number };
  unproject(x: number, y: number): { readonly lng: number; readonly lat: number };
  /** Called in every frame in which the camera moves. */
  onCamera(listener: () => void): () => void;
  setSelection(selection: MapSelection): void;
  /** Division level whose outlines are emphasised, and the division whose inside is in focus (null = city). */
  setFocus(divisionId: number | null): void;
  setTheme(theme: Theme): void;
  setLocale(locale: Locale): void;
  flyTo(target: FlightTarget): void;
  /** Puts the camera there in the next frame, without a flight. */
  jumpTo(view: CameraView): void;
  /** null before the map is mounted. */
  camera(): CameraView | null;
  /** The mark of the hovered cell on a cell of the drawn resolution, as if the pointer were there; null = no mark. */
  markCell(h3: string | null): void;
  /** The classes as drawn now, for the legend: one scale for both. */
  legend(): {
    readonly resolution: number;
    readonly breaks: readonly number[];
    readonly colours: readonly string[];
    readonly withheld: number;
    /** Cells drawn with the hatch, and dotted outlines drawn. */
    readonly hatched: number;
    readonly dotted: number;
    readonly hatch: string;
    /** Incidents one dot stands for; null = no dots at this zoom. */
    readonly perDot: number | null;
  };
  /** Incidents in the counts that are not shown at this resolution because their place is withheld to a coarser cell. */
  readonly resolution: number;
  /** What is on the map, drawn at so many device pixels per CSS pixel; fewer where the machine cannot. Without marks and legend. */
  picture(pixelRatio: number): Promise<{ readonly canvas: HTMLCanvasElement; readonly pixelRatio: number }>;
  destroy(): void;
}
