import type { LiveResult } from './live-job.ts';

export type LiveRequest =
  /** Cells of a resolution, in grid order; asked once a resolution. */
  | { readonly kind: 'grid'; readonly resolution: number; readonly h3: BigUint64Array }
  | { readonly kind: 'counts'; readonly id: number; readonly resolution: number; readonly n: Float64Array }
  /** The outer and inner borders of a set of cells. */
  | { readonly kind: 'border'; readonly id: number; readonly h3: BigUint64Array };

export type Ring = readonly (readonly [number, number])[];
export type LiveAnswer = LiveResult | { readonly kind: 'border'; readonly rings: readonly Ring[] };
export type LiveReply =
  | { readonly id: number; readonly ok: true; readonly answer: LiveAnswer }
  | { readonly id: number; readonly ok: false; readonly error: string };
