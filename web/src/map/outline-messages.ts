import type { Outlines } from '../layers/outlines.ts';

export interface OutlineRequest {
  readonly id: number;
  /** Cells to outline; null takes the request back if it has not begun. */
  readonly h3: BigUint64Array | null;
}

export type OutlineReply =
  | { readonly id: number; readonly ok: true; readonly outlines: Outlines }
  | { readonly id: number; readonly ok: false; readonly error: string };
