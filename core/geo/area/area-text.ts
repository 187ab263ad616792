import {
  AREA_LIMITS,
  AREA_OPS,
  type Area,
  type AreaOp,
  type AreaPart,
  type LngLat,
  type Shape,
  vertexCount,
} from './area.ts';
import { shapeProblem } from './shape-problem.ts';

/**
 * An area as one short word for a link: parts joined by `~`, then `!` and the name when it has one. A part is a letter for the
 * operation (u ∪, n ∩, d −), a letter for the kind and its numbers; coordinates are steps of 0.00001° from the point before,
 * zigzag, in base-32 digits. Nothing but A–Z a–z 0–9 - _ . ~ ! stands in it, so an address does not swell; the name may have anything.
 */
export function formatArea({ name, parts }: Area): string {
  const text = parts.map(({ op, shape }) => `${OP_LETTERS[op]}${shapeText(shape)}`).join('~');
  return name === '' ? text : `${text}!${name}`;
}

/** null = damaged, or beyond AREA_LIMITS. What it returns formats to the same text. */
export function parseArea(text: string): Area | null {
  const at = text.indexOf('!');
  const name = at < 0 ? '' : text.slice(at + 1);
  if (!NAME.test(name) || (at >= 0 && name === '')) return null;
  const coded = at < 0 ? text : text.slice(0, at);
  if (coded.length > AREA_LIMITS.text) return null;
  const parts: AreaPart[] = [];
  for (const word of coded.split('~')) {
    const part = parsePart(word);
    if (!part) return null;
    parts.push(part);
  }
  const area: Area = { name, parts };
  const sound =
    parts.length <= AREA_LIMITS.parts && parts[0]?.op === 'union' && vertexCount(area) <= AREA_LIMITS.vertices;
  return sound && formatArea(area) === text ? area : null;
}

const OP_LETTERS: Readonly<Record<AreaOp, string>> = { union: 'u', intersection: 'n', difference: 'd' };

/** Printable, and no space at either end. */
const NAME = new RegExp(`^(?!\\s)[^\\p{C}]{0,${AREA_LIMITS.nameLength}}(?<!\\s)$`, 'u');

/** As it may stand in an area; empty when nothing is left. */
export function cleanName(text: string): string {
  return [...text.replace(/\p{C}/gu, '').trim()].slice(0, AREA_LIMITS.nameLength).join('').trim();
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'polygon':
      return `p${shape.rings.map(pointsText).join('.')}`;
    case 'box':
      return `b${pointsText([
        [shape.west, shape.south],
        [shape.east, shape.north],
      ])}`;
    case 'circle':
      return `c${pointsText([shape.centre])}.${shape.radiusM}`;
    case 'line':
      return `l${pointsText(shape.points)}.${shape.widthM}`;
    case 'division':
      return `g${encodeURIComponent(shape.code).replace(/[!~.]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)}`;
    case 'disk':
      return `h${shape.cell}.${shape.k}`;
    default:
      return shape satisfies never;
  }
}

function parsePart(word: string): AreaPart | null {
  const op = AREA_OPS.find((name) => OP_LETTERS[name] === word[0]);
  const shape = parseShape(word.slice(1, 2), word.slice(2));
  return op && shape && shapeProblem(shape) === null ? { op, shape } : null;
}

function parseShape(letter: string, body: string): Shape | null {
  const dot = body.lastIndexOf('.');
  const [before, after] = dot < 0 ? [body, ''] : [body.slice(0, dot), body.slice(dot + 1)];
  switch (letter) {
    case 'p': {
      const rings = body.split('.').map(parsePoints);
      return rings.every((ring) => ring !== null) ? { kind: 'polygon', rings } : null;
    }
    case 'b': {
      const [low, high, more] = parsePoints(body) ?? [];
      if (!low || !high || more) return null;
      return { kind: 'box', west: low[0], south: low[1], east: high[0], north: high[1] };
    }
    case 'c': {
      const [centre, more] = parsePoints(before) ?? [];
      const radiusM = whole(after);
      return centre && !more && radiusM !== null ? { kind: 'circle', centre, radiusM } : null;
    }
    case 'l': {
      const points = parsePoints(before);
      const widthM = whole(after);
      return points && widthM !== null ? { kind: 'line', points, widthM } : null;
    }
    case 'g': {
      const code = decoded(body);
      return code !== null && /^[^\p{C}]{1,64}$/u.test(code) ? { kind: 'division', code } : null;
    }
    case 'h': {
      const k = whole(after);
      return k !== null ? { kind: 'disk', cell: before, k } : null;
    }
    default:
      return null;
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const whole = (text: string): number | null => (/^(0|[1-9]\d{0,6})$/.test(text) ? Number(text) : null);

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function pointsText(points: readonly LngLat[]): string {
  let text = '';
  let [lng, lat] = [0, 0];
  for (const point of points) {
    const [x, y] = [Math.round(point[0] * 1e5), Math.round(point[1] * 1e5)];
    text += integerText(x - lng) + integerText(y - lat);
    [lng, lat] = [x, y];
  }
  return text;
}

/** Zigzag, five bits a digit, the lowest first; digits 32 … 63 say that another follows. */
function integerText(value: number): string {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let text = '';
  while (rest >= 32) {
    text += DIGITS[32 + (rest % 32)];
    rest = Math.floor(rest / 32);
  }
  return text + DIGITS[rest];
}

function parsePoints(text: string): readonly LngLat[] | null {
  const points: LngLat[] = [];
  const sums: [number, number] = [0, 0];
  let axis: 0 | 1 = 0;
  let value = 0;
  let unit = 1;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    if (digit < 0 || unit > 2 ** 30) return null;
    value += (digit % 32) * unit;
    unit *= 32;
    if (digit >= 32) continue;
    sums[axis] += value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    if (axis === 1) points.push([sums[0] / 1e5, sums[1] / 1e5]);
    axis = axis === 0 ? 1 : 0;
    value = 0;
    unit = 1;
  }
  return axis === 0 && unit === 1 && points.length > 0 ? points : null;
}
