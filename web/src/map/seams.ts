import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';

/**
 * Borders that two divisions of a level share, one feature a pair. Neighbours come from one topology, so a shared edge has the
 * same two end points in both; an edge that only one division has (the rim of the city, a lake's shore) is no seam.
 * Cost: linear in the corners.
 */
export function seamsOf(divisions: FeatureCollection): FeatureCollection<MultiLineString> {
  const owner = new Map<string, number>();
  const pairs = new Map<string, { readonly a: number; readonly b: number; readonly edges: [Position, Position][] }>();
  for (const feature of divisions.features) {
    const id = feature.properties?.id as unknown;
    if (typeof id !== 'number') continue;
    for (const ring of ringsOf(feature)) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const [from, to] = [ring[i]!, ring[i + 1]!];
        const key = edgeKey(from, to);
        const other = owner.get(key);
        if (other === undefined) owner.set(key, id);
        else if (other !== id) {
          const pair = `${Math.min(id, other)}-${Math.max(id, other)}`;
          const known = pairs.get(pair) ?? { a: Math.min(id, other), b: Math.max(id, other), edges: [] };
          known.edges.push([from, to]);
          pairs.set(pair, known);
        }
      }
    }
  }
  return {
    type: 'FeatureCollection',
    features: [...pairs.values()].map(({ a, b, edges }) => ({
      type: 'Feature',
      properties: { a, b },
      geometry: { type: 'MultiLineString', coordinates: chains(edges) },
    })),
  };
}

function ringsOf({ geometry }: Feature): Position[][] {
  if (geometry?.type === 'Polygon') return (geometry as Polygon).coordinates;
  if (geometry?.type === 'MultiPolygon') return (geometry as MultiPolygon).coordinates.flat();
  return [];
}

const pointKey = (point: Position) => `${point[0]},${point[1]}`;
const edgeKey = (a: Position, b: Position) => [pointKey(a), pointKey(b)].sort().join(' ');

/** Edges that follow each other in the order they were walked are one line. */
function chains(edges: readonly (readonly [Position, Position])[]): Position[][] {
  const lines: Position[][] = [];
  for (const [from, to] of edges) {
    const last = lines.at(-1);
    if (last && pointKey(last.at(-1)!) === pointKey(from)) last.push(to);
    else lines.push([from, to]);
  }
  return lines;
}
