import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Polygon, Position } from 'geojson';
import { merge } from 'topojson-client';
import type { Polygon as Member, MultiPolygon as Members, Topology } from 'topojson-specification';
import { type Outline, outlinesOfTopology, placeByTurf } from './place-by-turf.ts';
import type { PlaceOf } from './truth.ts';

const OBJECT = 'VILLAGE_MOI_1060831';
const fileIn = (input: string): string => join(input, 'villages_cunli.topo.json');

export const villagesOf = (input: string): Outline[] => outlinesOfTopology(fileIn(input), OBJECT);

/**
 * District and village of a point; the district alone for the few points in a slit between villages of one district, that is a hole of
 * the united district in which no village lies.
 */
export function tainanPlaces(input: string): PlaceOf & { readonly inSeveral: () => number } {
  const villages = villagesOf(input);
  const inVillage = placeByTurf(villages, ({ properties }) => [properties.TOWNCODE!, properties.VILLCODE!]);
  const slits = slitsOf(input, villages);
  const placeOf: PlaceOf = (lng, lat) =>
    inVillage(lng, lat) ?? slits.find(({ hole }) => booleanPointInPolygon([lng, lat], hole))?.district ?? null;
  return Object.assign(placeOf, { inSeveral: inVillage.inSeveral });
}

interface Slit {
  readonly district: readonly [string];
  readonly hole: Polygon;
}

function slitsOf(input: string, villages: readonly Outline[]): Slit[] {
  const topology = JSON.parse(readFileSync(fileIn(input), 'utf8')) as Topology;
  const object = topology.objects[OBJECT] as {
    geometries: ((Member | Members) & { properties: Record<string, string> })[];
  };
  const districts = new Set(object.geometries.map((geometry) => geometry.properties.TOWNCODE!));
  const corners = villages.map(firstCorner);
  return [...districts].flatMap((district) => {
    const united = merge(
      topology,
      object.geometries.filter((geometry) => geometry.properties.TOWNCODE === district),
    );
    const holes = united.coordinates
      .flatMap(([, ...rest]) => rest)
      .map((ring): Polygon => ({ type: 'Polygon', coordinates: [ring] }));
    const empty = holes.filter(
      (hole) => !corners.some((corner) => booleanPointInPolygon(corner, hole, { ignoreBoundary: true })),
    );
    return empty.map((hole): Slit => ({ district: [district], hole }));
  });
}

function firstCorner({ geometry }: Outline): Position {
  return geometry.type === 'Polygon' ? geometry.coordinates[0]![0]! : geometry.coordinates[0]![0]![0]!;
}
