import { classFillColours, hexagonColours, type Unknown } from '../layers/hexagon-colours.ts';
import { classColours } from '../layers/ramp.ts';
import { classOf, quantileBreaks } from '../layers/step-scale.ts';
import { type CellFill, NO_DATA_CLASS, type StepScale, SUPPRESSED_CLASS, type Theme } from './contract.ts';
import type { GridTable } from './grid-table.ts';
import { PALETTES } from './palette.ts';
import type { Picture } from './picture-source.ts';
import { strongestClasses } from './strongest.ts';

/** Classes of a scale the map makes itself. */
const CLASSES = 6;

/** What is on screen: static cells, what they show, and the one scale that hexagons and legend share. */
export interface Drawing {
  readonly picture: Picture;
  readonly n: Uint32Array;
  readonly withheld: number;
  readonly breaks: readonly number[];
  readonly colours: readonly string[];
  /** By row of the picture's table; null = counts are drawn. Of a coarser resolution than the fill: the strongest class in the cell. */
  readonly classes: Uint32Array | null;
  readonly fillColours: readonly string[];
  readonly unknown: Unknown | null;
  readonly vertexColours: Uint8Array;
  readonly version: number;
}

export interface DrawingInput {
  readonly picture: Picture;
  readonly n: Uint32Array;
  readonly withheld: number;
  readonly scale: StepScale | undefined;
  readonly fill: CellFill | null;
  /** Table of the resolution of the fill, if it has been read. */
  readonly fillTable: GridTable | undefined;
  /** By row of the picture's table. */
  readonly unknown: Uint8Array | null;
  readonly theme: Theme;
  readonly version: number;
}

export function drawingOf(input: DrawingInput): Drawing {
  const { picture, n, withheld, scale, fill, theme, version } = input;
  const breaks = scale?.breaks ?? quantileBreaks(n, CLASSES);
  const colours = classColours(theme, breaks.length);
  const { hatch } = PALETTES[theme];
  const unknown = input.unknown && { rows: input.unknown, colour: hatch };
  const { starts } = picture.outlines;
  const { rows } = picture;
  const classes = fill && fillClasses(fill, picture, input.fillTable);
  const fillColours = fill?.cells?.colours ?? [];
  const vertexColours = classes
    ? classFillColours({ starts, rows, classes, colours: fillColours, noData: NO_DATA_CLASS, hatch })
    : hexagonColours({ starts, n, rows, breaks, colours, unknown });
  return { picture, n, withheld, breaks, colours, classes, fillColours, unknown, vertexColours, version };
}

/** Class by row of the picture; none is filled while the fill does not say anything about this resolution. */
function fillClasses({ cells }: CellFill, { resolution, table }: Picture, from: GridTable | undefined): Uint32Array {
  const length = table.h3.length;
  if (cells?.resolution === resolution && cells.classes.length === length) return cells.classes;
  if (cells?.strength && cells.resolution > resolution && from && table.ranges)
    return strongestClasses({ classes: cells.classes, strength: cells.strength, from, to: table.ranges });
  return new Uint32Array(length);
}

/** Class of a row as it is painted: 0 = nothing, k = the k-th colour. */
export function paintedClass(drawing: Drawing, row: number): number {
  const { classes, n, breaks } = drawing;
  return classes ? classes[row]! : classOf(n[row]!, breaks) + 1;
}

/** Colour the cell is filled with; null = not filled. A hatched cell has the colour of its stripes. */
export function paintedColour(drawing: Drawing, row: number, theme: Theme): string | null {
  const painted = paintedClass(drawing, row);
  if (painted === NO_DATA_CLASS) return PALETTES[theme].hatch;
  if (painted === 0 && !drawing.classes && drawing.unknown?.rows[row] === 1) return PALETTES[theme].hatch;
  const colours = drawing.classes ? drawing.fillColours : drawing.colours;
  return colours[painted - 1] ?? null;
}

/** How many of the drawn cells are hatched, and which are kept back. */
export function specialCells({ picture, classes, unknown, n }: Drawing): {
  readonly hatched: number;
  readonly suppressed: readonly number[];
} {
  let hatched = 0;
  const suppressed: number[] = [];
  if (!classes && !unknown) return { hatched, suppressed };
  const cells = picture.outlines.starts.length - 1;
  for (let cell = 0; cell < cells; cell++) {
    const row = picture.rows === null ? cell : picture.rows[cell]!;
    if (classes ? classes[row] === NO_DATA_CLASS : unknown?.rows[row] === 1 && n[row] === 0) hatched++;
    else if (classes?.[row] === SUPPRESSED_CLASS) suppressed.push(cell);
  }
  return { hatched, suppressed };
}
