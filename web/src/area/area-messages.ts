import type { Area } from '../../../core/geo/area/area.ts';
import type { IdRange } from '../../../core/grid/id-range.ts';
import type { AreaFound } from './area-cells.ts';

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

export type AreaPurpose = 'filter' | 'draft';

export type AreaReply =
  | { readonly id: number; readonly ok: true; readonly found: AreaFound }
  | { readonly id: number; readonly ok: false; readonly error: string };
