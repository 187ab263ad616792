import { type Column, tableFromIPC } from '@uwdata/flechette';
import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { zoomAt } from './resolution.ts';

/** What the map needs of `divisions.arrow`; index = division id. */
export interface Division {
  readonly name: string;
  readonly nameEn: string | null;
  readonly level: number;
  readonly lng: number;
  readonly lat: number;
  readonly areaKm2: number;
}

export function readDivisions(bytes: Uint8Array): Division[] {
  const table = tableFromIPC(bytes);
  const column = (name: string) => {
    const found = table.getChild(name) as Column<unknown> | undefined;
    if (!found) throw new Error(`divisions.arrow has no column ${name}`);
    return found;
  };
  const [name, nameEn, level] = [column('name'), column('name_en'), column('level')];
  const [lng, lat, areaKm2] = [column('lng'), column('lat'), column('area_km2')];
  return Array.from({ length: table.numRows }, (_, id) => ({
    name: name.at(id) as string,
    nameEn: nameEn.at(id) as string | null,
    level: level.at(id) as number,
    lng: lng.at(id) as number,
    lat: lat.at(id) as number,
    areaKm2: areaKm2.at(id) as number,
  }));
}

/** Label points of every level below the city; both names travel along, so that a change of language needs no new data. */
export const labelPoints = (divisions: readonly Division[]): FeatureCollection<Point> => ({
  type: 'FeatureCollection',
  features: divisions.flatMap((division, id): Feature<Point>[] =>
    division.level === 0
      ? []
      : [
          {
            type: 'Feature',
            id,
            properties: {
              level: division.level,
              zh: drawable(division.name),
              en: drawable(division.nameEn ?? division.name),
              area: division.areaKm2,
            },
            geometry: { type: 'Point', coordinates: [division.lng, division.lat] },
          },
        ],
  ),
});

/**
 * The tiny-sdf inside MapLibre 5.24.1 takes the sign of a glyph's left bearing wrong, so that glyphs whose ink begins
 * far right of their origin are cut off whole: the full-width opening brackets. Half-width ones stand in for the pairs.
 */
export const drawable = (name: string): string =>
  name.replace(
    /[（［〔【「『《〈）］〕】」』》〉]/g,
    (bracket) => '([[[[[<<)]]]]]>>'['（［〔【「『《〈）］〕】」』》〉'.indexOf(bracket)]!,
  );

export interface LevelZoom {
  readonly level: number;
  /** Outlines appear from here on … */
  readonly lines: number;
  /** … and names from here on, when the typical division is wide enough for one. */
  readonly labels: number;
}

/** Typical division of a level, from its median area. Level 1 is always shown. */
export function levelZooms(
  levels: readonly { readonly level: number; readonly areasKm2: readonly number[] }[],
  lat: number,
): LevelZoom[] {
  return levels.map(({ level, areasKm2 }) => {
    const sorted = [...areasKm2].sort((a, b) => a - b);
    const widthM = Math.sqrt(sorted[sorted.length >> 1] ?? 1) * 1000;
    if (level === 1) return { level, lines: 0, labels: Math.min(0, zoomAt(widthM, 40, lat)) };
    return { level, lines: zoomAt(widthM, 44, lat), labels: zoomAt(widthM, 92, lat) };
  });
}

type Area = Polygon | MultiPolygon;

/** Everything but the division: the world with its outer rings cut out (its holes stay dark). */
export function maskAround(area: Area): Feature<MultiPolygon> {
  const polygons: Position[][][] = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  const world: Position[] = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ];
  const outer = polygons.map((rings) => rings[0]!);
  const holes = polygons.flatMap((rings) => rings.slice(1)).map((ring) => [ring]);
  return {
    type: 'Feature',
    properties: {},
    geometry: { type: 'MultiPolygon', coordinates: [[world, ...outer], ...holes] },
  };
}
