import type { Layer } from '@deck.gl/core';
import { type ColumnMesh, columnLayer, columnMesh } from '../layers/column-layer.ts';
import { dotLayer } from '../layers/dot-layer.ts';
import { dottedLayer } from '../layers/dotted-layer.ts';
import { type HexagonsLayer, hexagonLayer } from '../layers/hexagon-layer.ts';
import { type Mark, markLayer } from '../layers/mark-layer.ts';
import type { LayerChoice, MapLayerId, Theme } from './contract.ts';
import type { Detail } from './detail.ts';
import { type Drawing, paintedClass } from './drawing.ts';
import { anchorOf } from './layer-order.ts';
import { PALETTES } from './palette.ts';
import type { Picture } from './picture-source.ts';
import { edgeMetres } from './resolution.ts';

/** A class of a column is so many edges of its cell high. */
const COLUMN_STEP = 0.9;

export interface SceneInput {
  readonly drawing: Drawing;
  readonly detail: Detail;
  readonly marks: readonly Mark[];
  /** Nothing is marked before the first map: its shader is compiled after it, and before anybody points at a cell. */
  readonly marksMayWait: boolean;
  readonly choices: readonly LayerChoice[];
  readonly columns: boolean;
  readonly theme: Theme;
  /** Root unit of the page against its 16 px at 1920 × 1080. */
  readonly unit: number;
  /** Place of the map the hatch is anchored to. */
  readonly anchor: readonly [number, number];
}

/** The deck.gl layers of what is drawn, bottom first within each part of the map's order. */
export function sceneOf(input: SceneInput): { readonly hexagons: HexagonsLayer; readonly layers: (Layer | null)[] } {
  const { drawing, detail, choices, theme, unit } = input;
  const { picture, vertexColours, version } = drawing;
  const palette = PALETTES[theme];
  const choice = (id: MapLayerId) => choices.find((layer) => layer.id === id) ?? { visible: true, opacity: 1 };
  const { visible, opacity } = choice('hexagons');
  const beforeId = anchorOf('hexagons');
  const hexagons = hexagonLayer({
    id: `hexagons-${picture.resolution}`,
    buffers: picture.buffers,
    colours: visible ? vertexColours : noColours(vertexColours.length),
    version: visible ? version : -1,
    beforeId,
    opacity,
    hatchAnchor: input.anchor,
  });
  const dots = choice('dots');
  const layers = [
    hexagons,
    // Below columns the flat cells keep their hatch.
    input.columns && visible ? columnsOf(drawing, opacity) : null,
    detail.rings.length > 0 && visible
      ? dottedLayer({
          id: 'withheld',
          rings: detail.rings,
          colour: rgbOf(palette.withheld),
          widthPx: 1.8 * unit,
          beforeId,
        })
      : null,
    detail.dots && dots.visible
      ? dotLayer({
          places: detail.dots.places,
          colour: rgbOf(palette.dot),
          rim: rgbOf(palette.halo),
          radiusPx: 1.7 * unit,
          opacity: dots.opacity,
          beforeId: anchorOf('dots'),
        })
      : null,
    input.marksMayWait && input.marks.length === 0 ? null : markLayer(input.marks, anchorOf('marks')),
  ];
  return { hexagons, layers };
}

/** Made for the picture they belong to, forgotten with it. */
const meshes = new WeakMap<Picture, ColumnMesh>();

function columnsOf(drawing: Drawing, opacity: number) {
  const { picture, vertexColours } = drawing;
  const mesh = meshes.get(picture) ?? columnMesh(picture.mesh);
  meshes.set(picture, mesh);
  return columnLayer({
    id: `columns-${picture.resolution}`,
    mesh,
    colours: vertexColours,
    flatStarts: picture.outlines.starts,
    heightOf: (cell) => columnHeightM(drawing, cell),
    opacity,
    beforeId: anchorOf('hexagons'),
  });
}

/** Metres; as high as the class, so that height says what colour says. 0 = no class: nothing, hatched, kept back. */
export function columnHeightM(drawing: Drawing, cell: number): number {
  const { picture } = drawing;
  const painted = paintedClass(drawing, picture.rows === null ? cell : picture.rows[cell]!);
  return painted <= classesOf(drawing) ? painted * COLUMN_STEP * edgeMetres(picture.resolution) : 0;
}

/** Metres of the highest class. */
export const tallestM = (drawing: Drawing): number =>
  classesOf(drawing) * COLUMN_STEP * edgeMetres(drawing.picture.resolution);

const classesOf = ({ classes, fillColours, colours }: Drawing) => (classes ? fillColours : colours).length;

/** One array for ever: hidden hexagons keep their buffers, and who asks where they are still finds them. */
let hiddenColours = new Uint8Array();
function noColours(length: number): Uint8Array {
  if (hiddenColours.length < length) hiddenColours = new Uint8Array(length);
  return hiddenColours.subarray(0, length);
}

function rgbOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
