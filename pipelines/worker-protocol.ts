import type { CategoryEntry } from '../core/contract/manifest.ts';
import type { Mapping, Profile } from '../core/contract/profile.ts';
import type { PackedShapes } from '../core/geo/division-index.ts';
import type { MultiPolygon } from '../core/geo/polygon.ts';
import type { ExitCode } from './errors.ts';
import type { IncidentBatch } from './steps/incident-batch.ts';
import type { IngestResult } from './steps/ingest-file.ts';

/** The typed pair of messages between the run and its worker threads. */
export interface WorkerSetup {
  readonly shapes: PackedShapes | null;
  readonly ingest: {
    readonly profile: Profile;
    readonly categories: readonly CategoryEntry[];
    readonly mapping: Mapping;
    readonly keys: Float64Array;
    readonly coarseDivision: Uint32Array;
    readonly idKey: Uint8Array;
  } | null;
}

export interface IngestTask {
  readonly kind: 'ingest';
  readonly number: number;
  readonly path: string;
  readonly feedIndex: number;
  /** Position among all input files in the order of their names: part of every row's identity. */
  readonly fileIndex: number;
}
export interface GridTask {
  readonly kind: 'grid';
  readonly number: number;
  readonly polygons: MultiPolygon;
  readonly finest: number;
}
export type Task = IngestTask | GridTask;

export type FromWorker =
  | { readonly kind: 'batch'; readonly task: number; readonly batch: IncidentBatch }
  | { readonly kind: 'ingested'; readonly task: number; readonly result: IngestResult }
  | { readonly kind: 'grid'; readonly task: number; readonly keys: Float64Array }
  | {
      readonly kind: 'failed';
      readonly task: number;
      readonly message: string;
      readonly stack: string;
      readonly known: { readonly exitCode: ExitCode; readonly problems: readonly string[] } | null;
    };
