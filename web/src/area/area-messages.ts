import type { Area } from '../../../core/geo/area/area.ts';
import type { IdRange } from '../../../core/grid/id-range.ts';
import type { AreaFound } from './area-cells.ts';
import type { Outline } from './outlines.ts';

export type AreaRequest =
  /** Once, before anything is asked. */
  | {
      readonly kind: 'grid';
      readonly h3: BigUint64Array;
      readonly division: Uint32Array;
      readonly finest: number;
      readonly coarsest: number;
    }
  | {
      readonly kind: 'area';
      readonly id: number;
      /** Of requests for the same purpose that wait, only the newest is worth an answer. */
      readonly purpose: AreaPurpose;
      readonly area: Area;
      /** The divisions its parts name, as far as the snapshot has them. */
      readonly divisions: Readonly<Record<string, IdRange>>;
    };

/** What filters; what a hand is drawing; what is about to become the filter. */
export type AreaPurpose = 'filter' | 'draft' | 'take';

/** Cells to count, outlines to draw. */
export interface AreaAnswer extends AreaFound {
  /** By part; none for divisions. */
  readonly outlines: readonly (readonly Outline[])[];
}

export type AreaReply =
  | { readonly id: number; readonly ok: true; readonly answer: AreaAnswer }
  | { readonly id: number; readonly ok: false; readonly error: string };
