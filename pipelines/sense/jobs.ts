import type { RiskRules } from '../../core/contract/risk-rules.ts';
import { type ClusterJob, type ClusterReplay, clusterReplay } from '../../core/sense/cluster-replay.ts';
import { type HotspotInput, type HotspotResult, hotspotMaps } from '../../core/sense/hotspot-maps.ts';
import { type PlaceFacts, placeIndex } from '../../core/sense/place-index.ts';
import { type AssessedChunk, assessChunk, type SeriesChunk } from '../../core/sense/series-chunk.ts';
import { Random } from '../../core/stats/random.ts';

/** The heavy parts of sensing, each a pure function of what it is given: on any thread, in any order, the same result. */
export type SenseJob =
  | { readonly kind: 'series'; readonly chunk: SeriesChunk }
  | { readonly kind: 'hotspots'; readonly input: HotspotInput }
  | { readonly kind: 'clusters'; readonly input: ClusterJob }
  | {
      readonly kind: 'places';
      readonly facts: PlaceFacts;
      readonly rules: Pick<RiskRules, 'weights' | 'severityWeights'>;
      readonly seed: number;
    };

export type SenseJobResult =
  | { readonly kind: 'series'; readonly assessed: AssessedChunk }
  | { readonly kind: 'hotspots'; readonly result: HotspotResult }
  | { readonly kind: 'clusters'; readonly replay: ClusterReplay }
  | { readonly kind: 'places'; readonly index: ReturnType<typeof placeIndex> };

export function runSenseJob(job: SenseJob): SenseJobResult {
  switch (job.kind) {
    case 'series':
      return { kind: 'series', assessed: assessChunk(job.chunk) };
    case 'hotspots':
      return { kind: 'hotspots', result: hotspotMaps(job.input) };
    case 'clusters':
      return { kind: 'clusters', replay: clusterReplay(job.input) };
    case 'places':
      return { kind: 'places', index: placeIndex(job.facts, job.rules, new Random(job.seed)) };
    default:
      return job satisfies never;
  }
}
