import type { Converter } from './crs.ts';
import { decimalsOf, type PointCounts, type PointSummary } from './point-counter.ts';
import { boundsOf, type MultiPolygon, type Ring } from './polygon.ts';

/**
 * Many rows on exactly one point: an address with a lasting problem, or the point a geocoder (or a clerk) takes when it knows no better?
 * The second makes a false hot spot and must be read at the precision it truly has.
 *
 * What tells them apart: an address has one text (in a few spellings), one division and its own mix of problems; a default point has many
 * texts, many divisions or the mix of the whole feed, lies on the middle of a division, or is written with fewer decimals. No single sign
 * decides but rows that name several divisions: one point cannot lie in three. What the signs leave open is `undecided`: kept where it is, and reported.
 */
export const PILE_UP_REASONS = {
  'one-place-text': { zh: '地址文本基本一致', en: 'one place text' },
  'many-place-texts': { zh: '地址文本各不相同', en: 'many different place texts' },
  'one-division': { zh: '自带区划一致', en: 'one own division' },
  'many-divisions': { zh: '自带区划分属多处', en: 'rows name several divisions' },
  'on-division-centre': { zh: '落在区划中心点', en: 'lies on the middle of a division' },
  'mix-of-the-feed': { zh: '类别构成与整个来源相同', en: 'has the mix of categories of the whole feed' },
  'mix-of-its-own': { zh: '类别构成集中', en: 'has a mix of categories of its own' },
  'coarse-decimals': { zh: '坐标小数位明显偏少', en: 'written with fewer decimals than the feed' },
  'one-day': { zh: '集中在一两天', en: 'all within two days' },
  'large-share': { zh: '占来源的百分之一以上', en: 'more than 1 % of the feed' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type PileUpReason = keyof typeof PILE_UP_REASONS;

export interface DivisionCentre {
  readonly division: number;
  readonly kind: 'label' | 'centroid' | 'box' | 'vertices';
  /** WGS 84 degrees. */
  readonly lng: number;
  readonly lat: number;
}

export interface PileUp {
  /** As written. */
  readonly x: number;
  readonly y: number;
  readonly rows: number;
  readonly verdict: 'address' | 'default-point' | 'undecided';
  readonly reasons: readonly PileUpReason[];
  /** `default-point`: smallest division that its rows can be said to lie in; 0 (the city) where they cannot be placed. Else null. */
  readonly division: number | null;
  /** Null outside the domain of the coordinates, or without divisions. */
  readonly nearestCentre: (DivisionCentre & { readonly distanceM: number }) | null;
  /** Effective number 1 / Σ share²; null where fewer than half of the rows say it. */
  readonly places: number | null;
  readonly owns: number | null;
  /** Total variation between the categories of the point and of the rest of the feed, less what chance alone makes at this number of rows; null where the feed has fewer than three effective categories. */
  readonly mixDistance: number | null;
  readonly decimals: number;
  readonly firstDay: number;
  readonly lastDay: number;
}

export interface PileUpContext {
  readonly read: Converter;
  /** `DivisionIndex.at` */
  readonly divisionAt: (lng: number, lat: number) => number | null;
  /** Per division id its parent; null for the city, id 0. */
  readonly parentOf: readonly (number | null)[];
  readonly centres: readonly DivisionCentre[];
  readonly minRows: number;
}

/**
 * A division's centre as a geocoder would give it is a number copied, not measured. At 15 m, discs around the four centres of the sample
 * city's 13,000 divisions covered nearly 2 % of its built-up area: 11 of 1,166 shared points lay in one by chance.
 */
const CENTRE_M = 2;
const ONE_TEXT = 4;
const MANY_TEXTS = 8;
/** Two divisions in equal parts are an address on their border. */
const MANY_DIVISIONS = 2.5;
const MIX_LIKE = 0.2;
const MIX_OWN = 0.4;
const COARSE_DECIMALS = 3;
const USUAL_COARSE_SHARE = 0.2;
const LARGE_SHARE = 0.01;
const CONSISTENT_SHARE = 0.95;
const METRES_PER_DEG = 111_195;

/** Verdict for every point with at least `minRows` rows, largest first. Cost: points × centres. */
export function pileUps(counts: PointCounts, context: PileUpContext): PileUp[] {
  const feedMix = new Map(counts.categories);
  const points = counts.decimals.reduce((sum, [, n]) => sum + n, 0);
  const coarse = counts.decimals.reduce((sum, [written, n]) => (written <= COARSE_DECIMALS ? sum + n : sum), 0);
  const coarseIsUnusual = coarse < points * USUAL_COARSE_SHARE;
  return counts.summaries
    .filter((summary) => summary.rows >= context.minRows)
    .map((summary) => judge(summary, { feedMix, feedRows: counts.rows, coarseIsUnusual }, context));
}

interface FeedSigns {
  readonly feedMix: ReadonlyMap<number, number>;
  readonly feedRows: number;
  readonly coarseIsUnusual: boolean;
}

function judge(point: PointSummary, feed: FeedSigns, context: PileUpContext): PileUp {
  const at = new Float64Array(2);
  context.read(point.x, point.y, at);
  const [lng, lat] = at as unknown as [number, number];
  const nearest = nearestCentre(lng, lat, context.centres);
  const decimals = Math.max(decimalsOf(point.x), decimalsOf(point.y));
  const places = point.placeRows * 2 >= point.rows ? effective(point.places, point.placeRows) : null;
  const owns = point.ownRows * 2 >= point.rows ? effective(point.owns, point.ownRows) : null;
  const mixDistance = distanceOfMix(point, feed);
  const signs: Signs = {
    oneText: places !== null && places < ONE_TEXT,
    manyTexts: places !== null && places >= MANY_TEXTS,
    textsKnown: places !== null,
    oneDivision: owns !== null && owns < MANY_DIVISIONS,
    manyDivisions: owns !== null && owns >= MANY_DIVISIONS,
    onCentre: nearest !== null && nearest.distanceM <= CENTRE_M,
    feedLike: mixDistance !== null && mixDistance <= MIX_LIKE,
    ownMix: mixDistance !== null && mixDistance >= MIX_OWN,
    coarse: feed.coarseIsUnusual && decimals <= COARSE_DECIMALS,
    large: point.rows > feed.feedRows * LARGE_SHARE,
  };
  const verdict = verdictOf(signs);
  return {
    x: point.x,
    y: point.y,
    rows: point.rows,
    verdict,
    reasons: reasonsOf(signs, point),
    division: verdict === 'default-point' ? precisionOf(point, signs, { lng, lat, decimals, nearest }, context) : null,
    nearestCentre: nearest,
    places,
    owns,
    mixDistance,
    decimals,
    firstDay: point.firstDay,
    lastDay: point.lastDay,
  };
}

interface Signs {
  readonly oneText: boolean;
  readonly manyTexts: boolean;
  readonly textsKnown: boolean;
  readonly oneDivision: boolean;
  readonly manyDivisions: boolean;
  readonly onCentre: boolean;
  readonly feedLike: boolean;
  readonly ownMix: boolean;
  readonly coarse: boolean;
  readonly large: boolean;
}

/** The rule, first match wins. */
function verdictOf(is: Signs): PileUp['verdict'] {
  if (is.oneText) {
    // The address of the hall or the firm, written for whatever has no place of its own.
    if (is.manyDivisions) return is.feedLike ? 'default-point' : 'undecided';
    return is.feedLike && (is.onCentre || is.large) ? 'undecided' : 'address';
  }
  if (is.manyDivisions) return is.ownMix && !is.manyTexts ? 'undecided' : 'default-point';
  if (is.onCentre) return is.ownMix && !is.manyTexts ? 'undecided' : 'default-point';
  if (is.coarse && is.feedLike) return 'default-point';
  if (is.coarse) return 'undecided';
  // An estate or a market has many texts too; its division is one, and only its mix of problems may speak for it.
  if (is.manyTexts) return is.ownMix ? 'address' : is.feedLike && !is.oneDivision ? 'default-point' : 'undecided';
  if (is.ownMix) return 'address';
  if (is.feedLike) return 'undecided';
  return is.textsKnown || is.oneDivision ? 'address' : 'undecided';
}

function reasonsOf(is: Signs, point: PointSummary): PileUpReason[] {
  const found: [boolean, PileUpReason][] = [
    [is.oneText, 'one-place-text'],
    [is.manyTexts, 'many-place-texts'],
    [is.oneDivision, 'one-division'],
    [is.manyDivisions, 'many-divisions'],
    [is.onCentre, 'on-division-centre'],
    [is.feedLike, 'mix-of-the-feed'],
    [is.ownMix, 'mix-of-its-own'],
    [is.coarse, 'coarse-decimals'],
    [point.lastDay - point.firstDay <= 1, 'one-day'],
    [is.large, 'large-share'],
  ];
  return found.filter(([holds]) => holds).map(([, reason]) => reason);
}

/** 1 / Σ share²: 1 for one value, n for n equal ones. */
function effective(counts: readonly (readonly [number, number])[], rows: number): number {
  const squares = counts.reduce((sum, [, n]) => sum + n * n, 0);
  // Values beyond those listed are rare: each counts as one row.
  const unlisted = rows - counts.reduce((sum, [, n]) => sum + n, 0);
  return (rows * rows) / (squares + unlisted);
}

function distanceOfMix(point: PointSummary, { feedMix, feedRows }: FeedSigns): number | null {
  const own = new Map(point.categories);
  const restRows = feedRows - point.rows;
  if (restRows <= 0) return null;
  let distance = 0;
  let chance = 0;
  let squares = 0;
  for (const [category, rows] of feedMix) {
    const here = own.get(category) ?? 0; // a category that is not listed did not occur
    const rest = (rows - here) / restRows;
    squares += rest * rest;
    distance += Math.abs(here / point.rows - rest) / 2;
    // Mean absolute deviation of a binomial share.
    chance += Math.sqrt((2 * rest * (1 - rest)) / (Math.PI * point.rows)) / 2;
  }
  return 1 / squares < 3 ? null : Math.max(0, distance - chance);
}

function precisionOf(
  point: PointSummary,
  is: Signs,
  where: { lng: number; lat: number; decimals: number; nearest: PileUp['nearestCentre'] },
  { parentOf, divisionAt }: PileUpContext,
): number {
  const centre = is.onCentre && where.nearest ? where.nearest.division : null;
  if (is.oneDivision || is.manyDivisions) {
    const own = smallestHolding(point, parentOf);
    // The middle of a part of that division says more than its rows do.
    return centre !== null && chain(centre, parentOf).includes(own) ? centre : own;
  }
  if (centre !== null) return centre;
  if (!is.coarse) return 0;
  const half = 10 ** -where.decimals / 2;
  let common: number[] | null = null;
  for (const [east, north] of [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const) {
    const corner = divisionAt(where.lng + east * half, where.lat + north * half);
    const up = corner === null ? [0] : chain(corner, parentOf);
    common = common ? common.filter((id) => up.includes(id)) : up;
  }
  return common?.[0] ?? 0;
}

/** Deepest division that holds nearly all rows' own divisions. */
function smallestHolding(point: PointSummary, parentOf: readonly (number | null)[]): number {
  const held = new Map<number, number>();
  for (const [own, rows] of point.owns) {
    for (const id of chain(own, parentOf)) held.set(id, (held.get(id) ?? 0) + rows); // a sum starts at nothing
  }
  const enough = [...held].filter(([, rows]) => rows >= point.ownRows * CONSISTENT_SHARE);
  return enough.reduce(
    (deepest, [id]) => (chain(id, parentOf).length > chain(deepest, parentOf).length ? id : deepest),
    0,
  );
}

/** The division and its ancestors, deepest first. */
function chain(id: number, parentOf: readonly (number | null)[]): number[] {
  const found: number[] = [];
  for (let at: number | null = id; at !== null; at = parentOf[at] ?? null) found.push(at);
  return found;
}

function nearestCentre(lng: number, lat: number, centres: readonly DivisionCentre[]): PileUp['nearestCentre'] {
  if (Number.isNaN(lng)) return null;
  const squeeze = Math.cos((lat * Math.PI) / 180);
  let best: DivisionCentre | null = null;
  let bestM = Infinity;
  for (const centre of centres) {
    const metres = METRES_PER_DEG * Math.hypot((centre.lng - lng) * squeeze, centre.lat - lat);
    if (metres < bestM) {
      best = centre;
      bestM = metres;
    }
  }
  return best ? { ...best, distanceM: bestM } : null;
}

/**
 * The points that programs take for the middle of a division: label point, centroid of its area, middle of its box, mean of its
 * vertices. WGS 84 degrees.
 */
export function divisionCentres(
  divisions: readonly {
    readonly id: number;
    readonly polygons: MultiPolygon;
    readonly label: { readonly lng: number; readonly lat: number };
  }[],
): DivisionCentre[] {
  return divisions.flatMap(({ id, polygons, label }) => {
    if (polygons.length === 0) return [];
    const [west, south, east, north] = boundsOf(polygons);
    return [
      { division: id, kind: 'label', ...label },
      { division: id, kind: 'centroid', ...centroid(polygons) },
      { division: id, kind: 'box', lng: (west + east) / 2, lat: (south + north) / 2 },
      { division: id, kind: 'vertices', ...vertexMean(polygons) },
    ] satisfies DivisionCentre[];
  });
}

function centroid(polygons: MultiPolygon): { lng: number; lat: number } {
  // About the first vertex: areas of far-away triangles would cancel badly.
  const [lng0, lat0] = (polygons[0] as readonly Ring[])[0] as unknown as [number, number];
  let area = 0;
  let sumX = 0;
  let sumY = 0;
  for (const polygon of polygons) {
    polygon.forEach((ring, index) => {
      const part = ringMoments(ring, lng0, lat0);
      const sign = (index === 0 ? 1 : -1) * Math.sign(part.area);
      area += sign * part.area;
      sumX += sign * part.x;
      sumY += sign * part.y;
    });
  }
  return { lng: lng0 + sumX / area, lat: lat0 + sumY / area };
}

function ringMoments(ring: Ring, lng0: number, lat0: number): { area: number; x: number; y: number } {
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const x1 = (ring[i] as number) - lng0;
    const y1 = (ring[i + 1] as number) - lat0;
    const x2 = (ring[j] as number) - lng0;
    const y2 = (ring[j + 1] as number) - lat0;
    const cross = x1 * y2 - x2 * y1;
    area += cross / 2;
    x += ((x1 + x2) * cross) / 6;
    y += ((y1 + y2) * cross) / 6;
  }
  return { area, x, y };
}

function vertexMean(polygons: MultiPolygon): { lng: number; lat: number } {
  let n = 0;
  let lng = 0;
  let lat = 0;
  for (const polygon of polygons) {
    const ring = polygon[0] as Ring;
    for (let i = 0; i < ring.length; i += 2) {
      lng += ring[i] as number;
      lat += ring[i + 1] as number;
      n++;
    }
  }
  return { lng: lng / n, lat: lat / n };
}
