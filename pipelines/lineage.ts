import type { Manifest } from '../core/contract/manifest.ts';
import type { BuildInput } from './build-input.ts';
import { sha256 } from './io/atomic.ts';

type Sources = Pick<BuildInput, 'loaded' | 'inputs' | 'set' | 'water' | 'facilities' | 'places' | 'basemap'>;

/** Everything a snapshot is made from, by content: equal lineage, equal snapshot. */
export function lineage(sources: Sources, code: string): Manifest['from'] {
  const { loaded, inputs, set, water, facilities, places, basemap } = sources;
  const { profile } = loaded;
  return {
    inputs: [
      ...inputs.map(({ feed, name, bytes, sha256: hash }) => ({ feed, name, bytes, sha256: hash })),
      ...set.files.map((file) => entry('divisions', file.name, file.bytes)),
      ...(places ? [{ feed: 'gazetteer', name: places.name, bytes: places.bytes.length, sha256: places.hash }] : []),
      ...(water ? [entry('water', profile.water as string, water)] : []),
      ...(basemap ? [basemap.input] : []),
      ...(facilities ? [entry('facilities', profile.facilities as string, facilities)] : []),
    ],
    config: loaded.hash,
    code,
  };
}

function entry(feed: string, name: string, bytes: Uint8Array): Manifest['from']['inputs'][number] {
  return { feed, name, bytes: bytes.length, sha256: sha256(bytes) };
}
