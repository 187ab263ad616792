import { describe, expect, it } from 'vitest';
import { type Box, familyOf, type LayoutInput, layoutOf, PANELS } from '../../../../web/src/rooms/wall/layout.ts';
import { linesOf, pitchOf, readableM, remFor } from '../../../../web/src/rooms/wall/type-size.ts';
import { formatOptions, parseOptions } from '../../../../web/src/rooms/wall/wall-options.ts';

const CANVASES = [
  [1920, 1080],
  [3840, 2160],
  [3840, 1080],
  [5760, 1080],
  [5760, 2160],
  [11520, 3240],
  [4160, 2430],
] as const;
const PLAIN = { family: null, tiles: null, rem: null };
/** Neighbours touch when they share an edge; they overlap when both have area there. */
const overlap = (a: Box, b: Box) =>
  Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) > 0.5 &&
  Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) > 0.5;
const SIDE = ['headline', 'alerts', 'pair', 'movers', 'strip', 'sources', 'title', 'status'] as const;

function check(input: LayoutInput): void {
  const { boxes, seams, rem } = layoutOf(input);
  expect(PANELS).toHaveLength(7);
  for (const id of [...SIDE, 'map', 'caption', 'legend'] as const) {
    const { x, y, w, h } = boxes[id];
    expect([x >= 0, y >= 0, x + w <= input.width + 0.5, y + h <= input.height + 0.5], id).toEqual([
      true,
      true,
      true,
      true,
    ]);
    // A panel holds a title and three lines, and the shortest of its lines.
    if ((PANELS as readonly string[]).includes(id)) expect([h > 9 * rem, w > 20 * rem], id).toEqual([true, true]);
    if (id === 'map') continue;
    for (const seam of seams.x) expect(x < seam && x + w > seam, `${id} crosses x ${seam}`).toBe(false);
    for (const seam of seams.y) expect(y < seam && y + h > seam, `${id} crosses y ${seam}`).toBe(false);
  }
  const all = [...SIDE, 'map'] as const;
  all.forEach((a, i) => {
    for (const b of all.slice(i + 1)) expect(overlap(boxes[a], boxes[b]), `${a} over ${b}`).toBe(false);
  });
}

describe('layout of a wall', () => {
  it.each(CANVASES)('%i × %i: everything inside, nothing over another', (width, height) => {
    check({ width, height, ...PLAIN });
  });

  it.each([
    [3840, 1080, 2, 1],
    [5760, 1080, 3, 1],
    [3840, 2160, 2, 2],
    [5760, 2160, 3, 2],
    [5760, 3240, 3, 3],
    [11520, 3240, 6, 3],
    [1920, 2160, 1, 2],
  ])('%i × %i of %i × %i tiles: nothing readable crosses a seam', (width, height, columns, rows) => {
    check({ width, height, ...PLAIN, tiles: { columns, rows } });
  });

  it('chooses the family by the aspect ratio', () => {
    const family = ([width, height]: readonly [number, number]) => familyOf({ width, height });
    expect(CANVASES.map(family)).toEqual(['desk', 'desk', 'wide', 'ribbon', 'wide', 'wide', 'desk']);
    expect(layoutOf({ width: 1920, height: 1080, ...PLAIN, family: 'wide' }).family).toBe('wide');
  });

  it('type grows with the canvas, and with the distance up to what the canvas holds', () => {
    const at = (rem: number | null) => layoutOf({ width: 3840, height: 2160, family: null, tiles: null, rem });
    expect(at(null).rem).toBe(36);
    expect(at(null).capped).toBe(false);
    expect(at(44).rem).toBe(44);
    expect(at(20).rem).toBe(36);
    expect(at(200)).toMatchObject({ rem: 36 * 1.7, capped: true });
  });
});

describe('type size', () => {
  it('is the table of the design notes: 22 arc-minutes', () => {
    // 6 m on a 46" 1080p tile: 73 px in the table, which rounds D/156; D/150 is a little more.
    expect(remFor({ distanceM: 6, pitchMm: 0.53 })).toBeCloseTo(75.5, 1);
    expect(remFor({ distanceM: 3, pitchMm: 2.5 })).toBe(24);
    expect(readableM(75.47, 0.53)).toBeCloseTo(6, 2);
    expect(readableM(100, 1, 'headline')).toBe(10);
    expect(readableM(100, 1, 'least')).toBe(22);
    expect(pitchOf({ diagonalInch: 46, width: 1920, height: 1080 })).toBeCloseTo(0.53, 2);
  });

  it('counts lines so that none is missing', () => {
    expect(linesOf('一'.repeat(40), 21)).toBe(2);
    expect(linesOf('一'.repeat(41), 21)).toBe(3);
    expect(linesOf('', 10)).toBe(1);
  });
});

describe('address of a wall', () => {
  it('gives back what it was made from', () => {
    const options = parseOptions(
      '?tiles=6x3&distance=8&pitch=0.6&tour=off&theme=light&seams=on&family=wide&clock=2026-11-16T08:00',
    );
    expect(options).toMatchObject({
      tiles: { columns: 6, rows: 3 },
      viewing: { distanceM: 8, pitchMm: 0.6 },
      tour: false,
      theme: 'light',
      family: 'wide',
      refused: [],
    });
    expect(parseOptions(formatOptions(options))).toEqual(options);
    expect(formatOptions(parseOptions(''))).toBe('');
  });

  it('falls back for every damaged key and names it', () => {
    const options = parseOptions('?tiles=6x9&distance=-1&pitch=0.6&tour=maybe&theme=pink&clock=noon&family=tower');
    expect(options).toMatchObject({ tiles: null, viewing: null, tour: true, theme: 'dark', clock: null, family: null });
    expect(options.refused.map((text) => text.split('=')[0]).sort()).toEqual(
      ['clock', 'distance', 'pitch', 'family', 'theme', 'tiles', 'tour'].sort(),
    );
  });
});
