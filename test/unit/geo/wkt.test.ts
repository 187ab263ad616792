import { describe, expect, it } from 'vitest';
import { wktPoint } from '../../../core/geo/wkt.ts';

function read(text: string): [number, number, number] {
  const out = new Float64Array(2).fill(Number.NaN);
  const bytes = new TextEncoder().encode(`…${text}…`);
  return [wktPoint(bytes, 3, bytes.length - 3, out), out[0] as number, out[1] as number];
}

describe('a point in Well-Known Text', () => {
  it.each([
    ['POINT (-122.42123667754045 37.79896367700326)', -122.42123667754045, 37.79896367700326],
    ['POINT(120 30)', 120, 30],
    ['  point  (  1.5   -2 )  ', 1.5, -2],
    ['POINT Z (1 2 3)', 1, 2],
    ['POINT ZM (1 2 3 4)', 1, 2],
    ['POINT (1e2 2)', 100, 2],
  ])('%s is read', (text, x, y) => expect(read(text)).toEqual([1, x, y]));

  it.each(['', '   ', 'POINT EMPTY', 'point empty '])('"%s" is no place, not a mistake', (text) =>
    expect(read(text)[0]).toBe(0),
  );

  it.each([
    'POINT (1)',
    'POINT (1 2',
    'POINT 1 2',
    'POINT (1,2)',
    'POINT (1 2 3 4 5)',
    'POINT (a b)',
    'POINT ()',
    'POINT',
    'LINESTRING (1 2, 3 4)',
    'SRID=4326;POINT (1 2)',
    'POINT (1 2) x',
    'POINT (1 2) (3)',
    '(1 2)',
    'POINT (1 Infinity)',
  ])('%s cannot be read', (text) => expect(read(text)[0]).toBe(-1));
});
