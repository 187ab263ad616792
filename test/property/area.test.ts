import booleanPointInPolygon from '@turf/boolean-point-in-polygon';
import fc from 'fast-check';
import { cellToChildren, cellToLatLng, gridDisk } from 'h3-js';
import { describe, expect, test } from 'vitest';
import type { Area, Shape } from '../../core/geo/area/area.ts';
import { formatArea, parseArea } from '../../core/geo/area/area-text.ts';
import { groundDistanceM } from '../../core/geo/area/ground.ts';
import { idsOfRanges } from '../../core/grid/id-range.ts';
import { cellsInArea } from '../../web/src/area/area-cells.ts';
import { DEFAULT_LINK, formatLink, parseLink } from '../../web/src/state/permalink.ts';
import { areas, circles, lines, madeAreaGrid, polygons, shapes } from '../support/made-areas.ts';

const grid = madeAreaGrid();
const h3 = Array.from(grid.h3, (index) => index.toString(16));
const centres = h3.map((cell) => {
  const [lat, lng] = cellToLatLng(cell);
  return [lng, lat] as const;
});
const divisionRange = (code: string) => ({ id: code.length, end: code.length + 2 });
const alone = (shape: Shape): Area => ({ name: '', parts: [{ op: 'union', shape }] });
const idsIn = (area: Area): number[] => [...idsOfRanges(cellsInArea(area, grid, divisionRange).ranges)];
const idsWhere = (test: (centre: readonly [number, number]) => boolean): number[] =>
  centres.flatMap((centre, id) => (test(centre) ? [id] : []));

describe('an area is the cells whose centre lies inside', () => {
  test('for 1,000 random polygons, as turf says of every centre', () => {
    let most = 0;
    fc.assert(
      fc.property(polygons, (shape) => {
        const polygon = {
          type: 'Polygon' as const,
          coordinates: shape.rings.map((ring) => [...ring, ring[0]!].map((p) => [...p])),
        };
        const expected = idsWhere((centre) => booleanPointInPolygon([...centre], polygon));
        most = Math.max(most, expected.length);
        expect(idsIn(alone(shape))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
    expect(most).toBeGreaterThan(500);
  });

  test('circles', () => {
    fc.assert(
      fc.property(circles, (shape) => {
        const [lng, lat] = shape.centre;
        expect(idsIn(alone(shape))).toEqual(idsWhere(([x, y]) => groundDistanceM(lng, lat, x, y) <= shape.radiusM));
      }),
      { numRuns: 300 },
    );
  });

  test('bands around a line: near one of many points on it, or surely not', () => {
    fc.assert(
      fc.property(lines, (shape) => {
        const chosen = new Set(idsIn(alone(shape)));
        const { points, widthM } = shape;
        const stops = points.slice(1).flatMap(([bx, by], i) => {
          const [ax, ay] = points[i]!;
          return Array.from(
            { length: 201 },
            (_, s) => [ax + ((bx - ax) * s) / 200, ay + ((by - ay) * s) / 200] as const,
          );
        });
        for (const id of [0, 1, 2, 3, 4, 5].map((i) => (i * 733 + points.length * 97) % centres.length)) {
          const [x, y] = centres[id]!;
          const nearest = Math.min(...stops.map(([lng, lat]) => groundDistanceM(lng, lat, x, y)));
          // Stops lie at most 260 m apart; half of that is what the nearest of them may be off.
          if (nearest <= widthM) expect(chosen.has(id)).toBe(true);
          if (nearest > widthM + 140) expect(chosen.has(id)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a disk is what h3 puts below its cells', () => {
    const disks = shapes.filter((shape) => shape.kind === 'disk');
    const row = new Map(h3.map((cell, id) => [cell, id]));
    fc.assert(
      fc.property(disks, (shape) => {
        const { cell, k } = shape as Extract<Shape, { kind: 'disk' }>;
        const below = gridDisk(cell, k).flatMap((member) => cellToChildren(member, 9));
        const expected = below.flatMap((child) => row.get(child) ?? []).sort((a, b) => a - b);
        expect(idsIn(alone(shape))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('parts are combined from first to last', () => {
    fc.assert(
      fc.property(areas, (area) => {
        let chosen = new Set<number>();
        for (const { op, shape } of area.parts) {
          const own = new Set(idsIn(alone(shape)));
          if (op === 'union') chosen = new Set([...chosen, ...own]);
          else chosen = new Set([...chosen].filter((id) => own.has(id) === (op === 'intersection')));
        }
        const found = cellsInArea(area, grid, divisionRange);
        expect([...idsOfRanges(found.ranges)]).toEqual([...chosen].sort((a, b) => a - b));
        expect(found.cells).toBe(chosen.size);
      }),
      { numRuns: 200 },
    );
  });

  test('an incident counts when all of the cell its place is published to lies inside; else it is told when part of it does', () => {
    fc.assert(
      fc.property(areas, fc.integer({ min: 5, max: 8 }), (area, resolution) => {
        const { ranges, inPart } = cellsInArea(area, grid, divisionRange);
        const chosen = new Set(idsOfRanges(ranges));
        const starts = grid.tree.starts(resolution);
        for (let row = 0; row + 1 < starts.length; row++) {
          const ids = Array.from({ length: starts[row + 1]! - starts[row]! }, (_, i) => starts[row]! + i);
          const inside = ids.filter((id) => chosen.has(id)).length;
          const rows = (list: typeof ranges, rule: (res: number) => boolean) =>
            ids.filter((id) => list.some((range) => id >= range.id && id < range.end && rule(range.res))).length;
          const counted = rows(ranges, (res) => res <= resolution);
          const told = rows(inPart, (res) => res === resolution);
          const whole = inside === ids.length;
          expect({ counted, told }).toEqual({
            counted: whole ? ids.length : 0,
            told: inside > 0 && !whole ? ids.length : 0,
          });
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('an area in a link', () => {
  test('reads back as it was written', () => {
    fc.assert(
      fc.property(areas, (area) => {
        const text = formatArea(area);
        expect(parseArea(text)).toEqual(area);
        const link = { ...DEFAULT_LINK, area: text };
        expect(parseLink(formatLink(link))).toEqual(link);
      }),
      { numRuns: 1000 },
    );
  });

  test('damage is refused, never thrown', () => {
    fc.assert(
      fc.property(areas, fc.nat(), fc.string({ maxLength: 3 }), (area, at, noise) => {
        const letters = [...formatArea(area)];
        const cut = at % letters.length;
        const before = letters.slice(0, cut).join('');
        for (const damaged of [noise, before, before + noise + letters.slice(cut + 1).join('')]) {
          const read = parseArea(damaged);
          if (read) expect(formatArea(read)).toBe(damaged);
          expect(parseLink(`area=${encodeURIComponent(damaged)}`).area).toBe(read ? damaged : null);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
