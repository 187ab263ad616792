import { WebMercatorViewport } from '@deck.gl/core';
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { CellIndex } from './cell-index.ts';
import { COVER } from './picture-source.ts';

/** Half a pixel at a time: a column is met where its side begins, not somewhere inside it. */
const STEP_PX = 0.5;

interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Ray {
  /** Where the line of sight is at `topM` metres, and where it meets the ground; degrees. */
  readonly top: readonly [number, number];
  readonly ground: readonly [number, number];
  readonly topM: number;
  readonly steps: number;
}

/** Line of sight through a point of the screen, as deck.gl draws. */
export function rayAt(map: MapLibreMap, { x, y }: Point, topM: number): Ray {
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  const { lng, lat } = map.getCenter();
  const viewport = new WebMercatorViewport({
    width,
    height,
    longitude: lng,
    latitude: lat,
    zoom: map.getZoom(),
    pitch: map.getPitch(),
    bearing: map.getBearing(),
  });
  const [topLng = lng, topLat = lat] = viewport.unproject([x, y], { targetZ: topM });
  const ground = map.unproject([x, y]);
  const foot = viewport.project([topLng, topLat, 0]);
  const lengthPx = Math.hypot((foot[0] ?? x) - x, (foot[1] ?? y) - y);
  return {
    top: [topLng, topLat],
    ground: [ground.lng, ground.lat],
    topM,
    steps: Math.max(1, Math.ceil(lengthPx / STEP_PX)),
  };
}

/** The cell whose column stands at a place: columns leave the same gap to their neighbours as flat cells. −1 = in the gap. */
export function columnAt(index: CellIndex, lng: number, lat: number): number {
  const cell = index.at(lng, lat);
  if (cell < 0) return -1;
  const [x, y] = index.centre(cell);
  return index.at(x + (lng - x) / COVER, y + (lat - y) / COVER) === cell ? cell : -1;
}

/** The first column the line of sight meets, from the eye down; where it meets none, the cell on the ground. */
export function columnOn(
  { top, ground, topM, steps }: Ray,
  cells: {
    /** The cell whose column stands at a place, −1 = none. */
    columnAt(lng: number, lat: number): number;
    at(lng: number, lat: number): number;
    heightM(cell: number): number;
  },
): number {
  for (let i = 0; i < steps; i++) {
    const share = i / steps;
    const cell = cells.columnAt(top[0] + (ground[0] - top[0]) * share, top[1] + (ground[1] - top[1]) * share);
    if (cell >= 0 && cells.heightM(cell) >= topM * (1 - share)) return cell;
  }
  return cells.at(ground[0], ground[1]);
}
