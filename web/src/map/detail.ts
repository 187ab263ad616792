import type { Map as MapLibreMap } from 'maplibre-gl';
import { dotPlaces, perDotOf } from '../layers/dot-layer.ts';
import type { Ring } from '../layers/dotted-layer.ts';
import { ringOf } from '../layers/outlines.ts';
import type { CellCounts } from './contract.ts';
import { type Drawing, specialCells } from './drawing.ts';
import type { Picture, PictureSource } from './picture-source.ts';
import { cellWidthPx } from './resolution.ts';
import { withheldCells } from './withheld.ts';

/** Single counts are drawn as dots once a cell of the finest resolution is this wide, CSS pixels. */
const DOTS_FROM_PX = 44;
/** More dotted outlines than this would be a pattern of their own. */
const MOST_RINGS = 4000;

/** What is drawn above or beside the fill, made when the picture is at rest. */
export interface Detail {
  readonly rings: readonly Ring[];
  readonly hatched: number;
  readonly dots: { readonly places: Float64Array; readonly perDot: number } | null;
}
export const NO_DETAIL: Detail = { rings: [], hatched: 0, dots: null };

export interface DetailInput {
  readonly drawing: Drawing;
  readonly counts: CellCounts | null;
  readonly map: MapLibreMap;
  readonly pictures: PictureSource;
  readonly finest: number;
  /** Dots are wanted. */
  readonly dots: boolean;
}

/** Dotted outlines of what is kept back, and dots of single counts. */
export async function detailOf(input: DetailInput): Promise<Detail> {
  const { drawing, counts } = input;
  const { hatched, suppressed } = specialCells(drawing);
  const rings: Ring[] = suppressed.slice(0, MOST_RINGS).map((cell) => ringOf(drawing.picture.outlines, cell));
  if (!drawing.classes && counts) rings.push(...(await withheldRings(counts, drawing.picture, input)));
  return { rings, hatched, dots: dotsOf(input) };
}

async function withheldRings(
  counts: CellCounts,
  { resolution }: Picture,
  { map, pictures }: DetailInput,
): Promise<Ring[]> {
  const look = () => withheldCells(counts, resolution, (at) => pictures.ready(at));
  let found = look();
  if (found.missing.length > 0) {
    await Promise.all(found.missing.map((at) => pictures.table(at)));
    found = look();
  }
  const bounds = map.getBounds();
  const rings: Ring[] = [];
  for (const { resolution: at, row } of found.cells) {
    if (rings.length >= MOST_RINGS) break;
    const outlines = pictures.ready(at)?.outlines;
    if (!outlines || row < 0) continue;
    const ring = ringOf(outlines, row);
    if (ring.some((corner) => bounds.contains([corner[0], corner[1]]))) rings.push(ring);
  }
  return rings;
}

function dotsOf({ drawing, map, finest, dots }: DetailInput): Detail['dots'] {
  const { picture, classes, n } = drawing;
  if (classes || picture.resolution !== finest || !dots) return null;
  if (cellWidthPx(finest, { zoom: map.getZoom(), lat: map.getCenter().lat }) < DOTS_FROM_PX) return null;
  const cells: { cell: number; n: number }[] = [];
  for (let cell = 0; cell < picture.outlines.starts.length - 1; cell++) {
    const count = n[picture.rows === null ? cell : picture.rows[cell]!]!;
    if (count > 0) cells.push({ cell, n: count });
  }
  const perDot = perDotOf(cells.reduce((most, { n: count }) => Math.max(most, count), 1));
  return { places: dotPlaces(picture.outlines, cells, perDot), perDot };
}
