import { kindsOf, TAG_KEYS, type Tags } from '../../tiles/rules.ts';
import { InputError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { joinRings, type Member, polygonsFrom } from './assemble-rings.ts';
import { emitParts, type Shape } from './feature-parts.ts';
import { NodeIndex } from './node-index.ts';
import { type OsmRelation, type OsmWay, readOsm } from './osm-file.ts';
import type { Box, LngLat, Sink } from './tile-feature.ts';

export interface OsmInput {
  readonly path: string;
  /** Nodes outside are not kept. */
  readonly box: Box;
  readonly signal?: AbortSignal | undefined;
}

export interface OsmCounts {
  readonly nodes: number;
  readonly ways: number;
  readonly relations: number;
  /** Areas whose outline does not close within the extract: not drawn. */
  readonly openAreas: number;
}

const KEYS = [...TAG_KEYS];
/** Keys that make a closed way an area and not a ring road. */
const AREA_KEYS = [
  'building',
  'landuse',
  'leisure',
  'natural',
  'water',
  'amenity',
  'office',
  'tourism',
  'shop',
  'aeroway',
];

/**
 * An OSM extract → features. Two passes: first the multipolygons, to know which ways they are made of; then nodes, ways and
 * relations in the order of the file. In memory: 16 bytes a node inside the box, and the ways of multipolygons.
 *
 * @throws InputError for a damaged file, or one whose nodes do not come first
 */
export async function readOsmFeatures(input: OsmInput, sink: Sink, progress: Progress): Promise<OsmCounts> {
  const report = (stage: string) => (done: number, total: number) => progress({ stage, done, total, unit: 'bytes' });
  const { path, signal, box } = input;
  const wanted = new Map<number, Member | null>();
  await readOsm({
    path,
    signal,
    tags: { node: false, way: false, relation: KEYS },
    onBytes: report('osm relations'),
    onElement: (element) => {
      if (element.type !== 'relation' || !isDrawn(element)) return;
      for (const { type, ref } of element.members) if (type === 'way') wanted.set(ref, null);
    },
  });
  const nodes = new NodeIndex();
  const counts = { ways: 0, relations: 0, openAreas: 0 };
  let closed = false;
  await readOsm({
    path,
    signal,
    tags: { node: KEYS, way: KEYS, relation: KEYS },
    onBytes: report('osm features'),
    onElement: (element) => {
      if (element.type === 'node') {
        if (closed) throw unsorted(path);
        const { lng, lat, tags } = element;
        if (!(lng >= box[0] && lat >= box[1] && lng <= box[2] && lat <= box[3])) return;
        nodes.add(element.id, { lng, lat });
        if (tags) emitAll({ kind: 'point', points: [[lng, lat]] }, tags, sink);
        return;
      }
      if (!closed) nodes.close();
      closed = true;
      if (element.type === 'way') {
        counts.ways++;
        if (wanted.has(element.id)) wanted.set(element.id, memberOf(element, nodes));
        if (element.tags) emitWay(element, element.tags, nodes, sink);
      } else if (isDrawn(element)) {
        counts.relations++;
        if (!emitRelation(element, wanted, sink)) counts.openAreas++;
      }
    },
  });
  return { nodes: nodes.size, ...counts };
}

const unsorted = (path: string) =>
  new InputError(path, ['nodes stand behind ways: sort it first, osmium sort in.osm.pbf -o sorted.osm.pbf 请先排序']);

const isDrawn = ({ tags }: OsmRelation): boolean => tags?.type === 'multipolygon' && kindsOf(tags, 'area').length > 0;

function emitAll(shape: Shape, tags: Tags, sink: Sink): void {
  for (const kind of kindsOf(tags, shape.kind)) emitParts(shape, kind, tags, sink);
}

function emitWay(way: OsmWay, tags: Tags, nodes: NodeIndex, sink: Sink): void {
  const ring = way.refs.length >= 4 && way.refs[0] === way.refs[way.refs.length - 1];
  const isArea =
    ring && (tags.area === 'yes' || (tags.area !== 'no' && AREA_KEYS.some((key) => tags[key] !== undefined)));
  const area = isArea || (ring && (tags.waterway === 'riverbank' || tags.waterway === 'dock'));
  if (kindsOf(tags, area ? 'area' : 'line').length === 0) return;
  if (!area) {
    const lines = runsOf(way.refs, nodes);
    if (lines.length > 0) emitAll({ kind: 'line', lines }, tags, sink);
    return;
  }
  const { points } = memberOf(way, nodes);
  if (points.length >= 4) emitAll({ kind: 'area', polygons: [[points]] }, tags, sink);
}

/** Runs of nodes that are known: a way that leaves the extract is cut there. */
function runsOf(refs: readonly number[], nodes: NodeIndex): LngLat[][] {
  const runs: LngLat[][] = [];
  let run: LngLat[] = [];
  for (const ref of refs) {
    const point = nodes.at(ref);
    if (point) run.push(point);
    else {
      if (run.length > 1) runs.push(run);
      run = [];
    }
  }
  if (run.length > 1) runs.push(run);
  return runs;
}

/** Empty when a node of it is not known: a ring through it would be another one. */
function memberOf(way: OsmWay, nodes: NodeIndex): Member {
  const points: LngLat[] = [];
  for (const ref of way.refs) {
    const point = nodes.at(ref);
    if (!point) return { refs: [], points: [] };
    points.push(point);
  }
  return { refs: way.refs, points };
}

/** @returns false when it has no outline that closes */
function emitRelation(relation: OsmRelation, ways: ReadonlyMap<number, Member | null>, sink: Sink): boolean {
  const ringsOf = (inner: boolean) =>
    joinRings(
      relation.members.flatMap(({ type, ref, role }) => {
        const way = type === 'way' && (role === 'inner') === inner ? ways.get(ref) : null;
        return way ? [way] : [];
      }),
    );
  const polygons = polygonsFrom(ringsOf(false), ringsOf(true));
  if (polygons.length === 0) return false;
  emitAll({ kind: 'area', polygons }, relation.tags ?? {}, sink); // isDrawn has seen its tags
  return true;
}
