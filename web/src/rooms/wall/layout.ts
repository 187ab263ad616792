/**
 * Where everything stands on a wall, computed from the canvas alone: no measuring, no scaling, so a pick on the map is where the
 * finger is. CSS pixels throughout.
 */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Screens that are spliced; nothing readable crosses the seams between them. */
export interface Tiles {
  readonly columns: number;
  readonly rows: number;
}

export const FAMILIES = ['desk', 'wide', 'ribbon'] as const;
export type Family = (typeof FAMILIES)[number];
/** At most seven, and the map is the room. */
export const PANELS = ['map', 'headline', 'alerts', 'pair', 'movers', 'strip', 'sources'] as const;
export type PanelId = (typeof PANELS)[number];
/** Not panels: the name of the room with the clock, the line of the tour, and what lies on the map. */
export type BlockId = PanelId | 'title' | 'status' | 'caption' | 'legend';

export interface Layout {
  readonly family: Family;
  /** Root unit: body text is 1 rem. */
  readonly rem: number;
  readonly boxes: Readonly<Record<BlockId, Box>>;
  /** Positions of the seams. */
  readonly seams: { readonly x: readonly number[]; readonly y: readonly number[] };
  /** A larger root was asked for than the canvas can hold. */
  readonly capped: boolean;
}

export interface LayoutInput {
  readonly width: number;
  readonly height: number;
  /** null = by aspect ratio. */
  readonly family: Family | null;
  /** null = one screen. */
  readonly tiles: Tiles | null;
  /** Root unit that reading needs (`type-size.ts`); null = by the canvas. */
  readonly rem: number | null;
}

/** Rows of tiles that panels can keep inside; a wall of more is no wall that stands in an office. */
export const MOST_TILE_ROWS = 3;

export function familyOf({ width, height }: { readonly width: number; readonly height: number }): Family {
  const aspect = width / height;
  return aspect > 3.6 ? 'ribbon' : aspect >= 2 ? 'wide' : 'desk';
}

/** Sizes in rem. */
const GAP = 0.75;
const HEAD = 3.25;
/** What a canvas of one screen holds: lines of body text top to bottom, and the width of the narrowest. */
const LINES = 60;
const LEAST_WIDTH = 104;
/** Text is not set larger than this share of the usual, or panels hold nothing any more. */
const MOST_GROWTH = 1.7;

export function layoutOf(input: LayoutInput): Layout {
  const { width, height, tiles } = input;
  const family = input.family ?? familyOf(input);
  const spliced = tiles && tiles.columns * tiles.rows > 1 ? tiles : null;
  const usual = spliced ? tiledRem(input, spliced) : Math.min(height / LINES, width / LEAST_WIDTH);
  const rem = Math.max(1, Math.min(Math.max(usual, input.rem ?? 0), usual * MOST_GROWTH));
  const boxes = spliced ? tiledBoxes(input, spliced, rem) : freeBoxes(input, family, rem);
  return {
    family,
    rem,
    boxes: { ...boxes, ...onMap(boxes.map, spliced && { w: width / spliced.columns, h: height / spliced.rows }, rem) },
    seams: {
      x: seamsOf(width, spliced?.columns ?? 1),
      y: seamsOf(height, spliced?.rows ?? 1),
    },
    capped: (input.rem ?? 0) > rem + 0.01,
  };
}

const seamsOf = (length: number, parts: number): number[] =>
  Array.from({ length: parts - 1 }, (_, i) => ((i + 1) * length) / parts);

const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

type Panels = Readonly<Record<PanelId | 'title' | 'status', Box>>;

/** One screen, or one picture on many that need no care: columns beside the map, the weeks below it. */
function freeBoxes({ width, height }: LayoutInput, family: Family, rem: number): Panels {
  const gap = GAP * rem;
  const inner = { x: gap, y: gap, w: width - 2 * gap, h: height - 2 * gap };
  const side = (least: number, share: number, most: number) =>
    Math.min(between(least * rem, share * width, most * rem), 0.3 * width);
  if (family === 'desk') {
    const [left, right] = [side(26, 0.25, 34), side(30, 0.28, 38)];
    const [l, m, r] = columns(inner, [left, inner.w - left - right - 2 * gap, right], gap);
    const [map, strip] = rows(m!, [4.1, 1], gap);
    return {
      ...headed(l!, 'title', ['headline', 'pair', 'sources'], [5.4, 6.3, 3.7], rem),
      ...headed(r!, 'status', ['alerts', 'movers'], [3, 2], rem),
      map: map!,
      strip: strip!,
    } as Panels;
  }
  if (family === 'wide') {
    const [first, second, third] = [side(26, 0.17, 36), side(30, 0.2, 44), side(26, 0.16, 36)];
    const middle = inner.w - first - second - third - 3 * gap;
    const [l, m, a, b] = columns(inner, [first, middle, second, third], gap);
    const [map, strip] = rows(m!, [4.1, 1], gap);
    return {
      ...headed(l!, 'title', ['headline', 'pair'], [5, 6], rem),
      ...headed(b!, 'status', ['movers', 'sources'], [5, 4], rem),
      alerts: a!,
      map: map!,
      strip: strip!,
    } as Panels;
  }
  const [a, b, c] = [side(32, 0.13, 46), side(34, 0.14, 48), side(40, 0.19, 66)];
  const [first, second, m, third] = columns(inner, [a, b, inner.w - a - b - c - 3 * gap, c], gap);
  const [map, strip] = rows(m!, [4.1, 1], gap);
  const [pair, movers] = rows(second!, [1, 1.1], gap);
  return {
    ...headed(first!, 'title', ['headline', 'sources'], [1.7, 1], rem),
    ...headed(third!, 'status', ['alerts'], [1], rem),
    pair: pair!,
    movers: movers!,
    map: map!,
    strip: strip!,
  } as Panels;
}

/** Panels that share a tile, and the room one of them needs: rem. */
function tiledRem({ width, height }: LayoutInput, { columns: across, rows: down }: Tiles): number {
  const [w, h] = [width / across, height / down];
  const most = across < 3 ? Math.ceil(6 / Math.max(1, across === 1 ? 1 : down)) : Math.ceil(3 / down);
  const need =
    most === 1 ? { w: 34, h: 22 } : most === 2 ? { w: 60, h: 30 } : most === 3 ? { w: 62, h: 46 } : { w: 92, h: 46 };
  return Math.min(height / LINES, w / need.w, h / need.h);
}

/** Every panel inside one tile. The map takes whole tiles in the middle; where there are only two columns, the first. */
function tiledBoxes({ width, height }: LayoutInput, { columns: across, rows: down }: Tiles, rem: number): Panels {
  const gap = GAP * rem;
  const [w, h] = [width / across, height / down];
  const tile = (column: number, row: number, spanX = 1, spanY = 1): Box => ({
    x: column * w + gap,
    y: row * h + gap,
    w: spanX * w - 2 * gap,
    h: spanY * h - 2 * gap,
  });
  const out: Partial<Record<BlockId, Box>> = {};
  if (across >= 3) {
    out.map = tile(1, 0, across - 2, down);
    fill(out, { title: 'title', panels: ['headline', 'pair', 'movers'] }, (row) => tile(0, row), down, rem);
    fill(out, { title: 'status', panels: ['alerts', 'strip', 'sources'] }, (row) => tile(across - 1, row), down, rem);
  } else if (across === 2) {
    out.map = tile(0, 0, 1, down);
    const panels = ['alerts', 'strip', 'headline', 'sources', 'pair', 'movers'] as const;
    fill(out, { title: 'both', panels }, (row) => tile(1, row), down, rem);
  } else {
    out.map = tile(0, 0, 1, down - 1);
    const panels = ['alerts', 'strip', 'headline', 'sources', 'pair', 'movers'] as const;
    fill(out, { title: 'both', panels }, () => tile(0, down - 1), 1, rem);
  }
  return out as Panels;
}

interface Column {
  readonly title: 'title' | 'status' | 'both';
  readonly panels: readonly PanelId[];
}

/** Deals the panels of a column over its tiles, top ones first, and heads the first tile. */
function fill(
  out: Partial<Record<BlockId, Box>>,
  { title, panels }: Column,
  tile: (row: number) => Box,
  down: number,
  rem: number,
): void {
  let next = 0;
  for (let row = 0; row < down; row++) {
    const count = Math.ceil((panels.length - next) / (down - row));
    let room = tile(row);
    if (row === 0) {
      const [head, rest] = [{ ...room, h: HEAD * rem }, below(room, HEAD * rem)];
      if (title === 'both') {
        const [left, right] = columns(head, [head.w / 2, head.w / 2 - GAP * rem], GAP * rem);
        out.title = left!;
        out.status = right!;
      } else out[title] = head;
      room = rest;
    }
    const boxes = dealt(room, count, GAP * rem);
    panels.slice(next, next + count).forEach((id, i) => {
      out[id] = boxes[i]!;
    });
    next += count;
  }
}

/** Heights of six panels in three columns: the list of alerts is the longest. */
const SIX = [
  [1.9, 1],
  [1.5, 1],
  [1, 1.1],
] as const;

/** One whole; two side by side; three as one beside two; more in three columns. */
function dealt(room: Box, count: number, gap: number): Box[] {
  if (count <= 1) return [room];
  const halves = columns(room, [(room.w - gap) / 2, (room.w - gap) / 2], gap);
  if (count === 2) return halves;
  if (count === 3) return [halves[0]!, ...rows(halves[1]!, [1, 1], gap)];
  const third = (room.w - 2 * gap) / 3;
  return columns(room, [third, third, third], gap)
    .flatMap((column, i) => rows(column, SIX[i]!, gap))
    .slice(0, count);
}

/** Rem below the legend. */
const SCALE_BAR = 2.5;

/** What lies on the map stands inside the tile of its corner. */
function onMap(
  map: Box,
  tile: { readonly w: number; readonly h: number } | null,
  rem: number,
): { caption: Box; legend: Box } {
  const gap = GAP * rem;
  const w = Math.min(map.w, tile ? tile.w - 2 * gap : map.w);
  const h = Math.min(map.h, tile ? tile.h - 2 * gap : map.h);
  const caption = {
    x: map.x + gap,
    y: map.y + gap,
    w: Math.min(36 * rem, w - 2 * gap),
    h: Math.min(11 * rem, 0.34 * h),
  };
  // Over two rows of tiles the caption stands in another one, and the legend has its own to itself.
  const alone = tile !== null && map.h > 1.5 * tile.h;
  const legendH = Math.min(21 * rem, alone ? h - SCALE_BAR * rem : 0.66 * h);
  return {
    caption,
    legend: {
      x: map.x + gap,
      y: map.y + map.h - legendH - SCALE_BAR * rem,
      w: Math.min(21 * rem, w - 2 * gap),
      h: legendH,
    },
  };
}

function headed(
  column: Box,
  head: 'title' | 'status',
  panels: readonly PanelId[],
  weights: readonly number[],
  rem: number,
): Partial<Record<BlockId, Box>> {
  const boxes = rows(below(column, HEAD * rem), weights, GAP * rem);
  return {
    [head]: { ...column, h: HEAD * rem },
    ...Object.fromEntries(panels.map((id, i) => [id, boxes[i]!])),
  };
}

const below = (box: Box, head: number): Box => ({ ...box, y: box.y + head, h: box.h - head });

function columns(box: Box, widths: readonly number[], gap: number): Box[] {
  let x = box.x;
  return widths.map((w) => {
    const made = { ...box, x, w };
    x += w + gap;
    return made;
  });
}

function rows(box: Box, weights: readonly number[], gap: number): Box[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const room = box.h - gap * (weights.length - 1);
  let y = box.y;
  return weights.map((weight) => {
    const made = { ...box, y, h: (room * weight) / sum };
    y += made.h + gap;
    return made;
  });
}
