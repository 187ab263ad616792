import type { CategoryEntry } from '../core/contract/manifest.ts';
import type { Mapping, Profile } from '../core/contract/profile.ts';
import type { PackedShapes } from '../core/geo/division-index.ts';
import type { GazetteerEntry } from '../core/geo/gazetteer.ts';
import type { MultiPolygon } from '../core/geo/polygon.ts';
import type { FaceLattice } from '../core/grid/face-lattice.ts';
import type { WallInput, WallTables } from '../core/privacy/wall-tables.ts';
import type { ExitCode } from './errors.ts';
import type { SenseJob, SenseJobResult } from './sense/jobs.ts';
import type { Division } from './steps/divisions.ts';
import type { PartSummary } from './steps/part.ts';

/** The typed pair of messages between the run and its worker threads. Large arrays are shared, not copied. */
export interface WorkerSetup {
  readonly shapes: PackedShapes | null;
  readonly ingest: {
    readonly profile: Profile;
    readonly categories: readonly CategoryEntry[];
    readonly mapping: Mapping;
    readonly keys: Float64Array;
    readonly lattices: readonly FaceLattice[];
    readonly cellDivision: Uint32Array;
    readonly pure: Uint8Array;
    readonly coarseDivision: Uint32Array;
    readonly divisions: readonly Pick<Division, 'id' | 'level' | 'code' | 'name' | 'parent'>[];
    /** Known places of the profile; empty without a gazetteer. */
    readonly places: readonly GazetteerEntry[];
    readonly idKey: Uint8Array;
    readonly folder: string;
  } | null;
}

export interface IngestTask {
  readonly kind: 'ingest';
  readonly number: number;
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mtimeNs: string;
  readonly feedIndex: number;
  /** Name of the part in the store: hash of the file and of everything that decides how it is read. */
  readonly key: string;
}
export interface GridTask {
  readonly kind: 'grid';
  readonly number: number;
  readonly polygons: MultiPolygon;
  readonly finest: number;
}
export interface SenseTask {
  readonly kind: 'sense';
  readonly number: number;
  readonly job: SenseJob;
}
export interface WallTask {
  readonly kind: 'wall';
  readonly number: number;
  readonly input: WallInput;
}
export type Task = IngestTask | GridTask | SenseTask | WallTask;

export type FromWorker =
  | { readonly kind: 'ingested'; readonly task: number; readonly summary: PartSummary }
  | { readonly kind: 'grid'; readonly task: number; readonly keys: Float64Array }
  | { readonly kind: 'wall'; readonly task: number; readonly tables: WallTables }
  | { readonly kind: 'sensed'; readonly task: number; readonly result: SenseJobResult }
  | {
      readonly kind: 'failed';
      readonly task: number;
      readonly message: string;
      readonly stack: string;
      readonly known: { readonly exitCode: ExitCode; readonly problems: readonly string[] } | null;
    };
