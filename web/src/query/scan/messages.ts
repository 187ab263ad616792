import type { FileEntry } from '../../../../core/contract/manifest.ts';
import type { SnapshotProblem } from '../../snapshot/problem.ts';
import type { ClockUnit } from '../../time/clock.ts';
import type { Filters } from '../filters.ts';
import type { CellRange } from '../queries.ts';
import type { GroupBy, GroupPart, GroupWindows } from './groups.ts';
import type { ScanSizes, Share } from './layout.ts';
import type { SeriesPart } from './series.ts';

/** What a panel may ask of the scan. Equal questions are one. */
export type ScanQuestion =
  /** Every standing view at once. `resolution` = of the cells; null = no cells; the finest one is answered sparse. */
  | { readonly kind: 'tally'; readonly filters: Filters; readonly resolution: number | null }
  /** How many (cell, window) pairs hold each count: for class breaks that stay while a window slides. */
  | {
      readonly kind: 'windows';
      readonly filters: Filters;
      readonly resolution: number;
      /** Weeks. */
      readonly length: number;
    }
  /** Counts by cell and day or week, of all weeks: playback.  */
  | { readonly kind: 'series'; readonly filters: Filters; readonly resolution: number; readonly unit: ClockUnit }
  /** Rows of the table: by one key, in up to three windows. The weeks of the filters are not looked at. */
  | { readonly kind: 'groups'; readonly filters: Filters; readonly by: GroupBy; readonly windows: GroupWindows }
  /** Incidents of one cell by week, source and category. */
  | { readonly kind: 'cell'; readonly filters: Filters; readonly cell: CellRange };

/** One share's part of an answer. */
export type ShareAnswer =
  | {
      readonly kind: 'tally';
      readonly weeks: Uint32Array;
      readonly kinds: {
        readonly source: Uint8Array;
        readonly category: Uint16Array;
        readonly location: Uint8Array;
        readonly n: Uint32Array;
        readonly city: Uint32Array;
      };
      readonly divisions: Uint32Array;
      readonly hours: Uint32Array;
      readonly cells: ShareCells | null;
    }
  | { readonly kind: 'windows'; readonly value: readonly number[]; readonly times: readonly number[] }
  | { readonly kind: 'series'; readonly part: SeriesPart }
  | { readonly kind: 'groups'; readonly part: GroupPart }
  | { readonly kind: 'cell'; readonly rows: CellRows };

export type ShareCells =
  | {
      readonly kind: 'coarse';
      readonly resolution: number;
      /** Row of the grid of the first count. */
      readonly firstRow: number;
      readonly n: Uint32Array;
      readonly withheld: number;
    }
  /** Ascending. */
  | { readonly kind: 'finest'; readonly cellId: Uint32Array; readonly res: Uint8Array; readonly n: Uint32Array };

/** As the rows of `queries.cellSummary`. */
export interface CellRows {
  readonly week: Uint16Array;
  readonly source: Uint8Array;
  readonly category: Uint16Array;
  readonly n: Uint32Array;
}

/** Page → worker. */
export type ScanRequest =
  | { readonly kind: 'open'; readonly sizes: ScanSizes; readonly share: Share }
  | { readonly kind: 'grid'; readonly resolution: number; readonly endId: Uint32Array }
  /** Fetch and check these, then hand them out. */
  | { readonly kind: 'fetch'; readonly id: number; readonly file: FileEntry }
  /** The files of a period, checked; the worker keeps its share. */
  | { readonly kind: 'period'; readonly id: number; readonly files: readonly ArrayBuffer[] }
  | { readonly kind: 'ask'; readonly id: number; readonly question: ScanQuestion };

/** Worker → page. */
export type ScanReply =
  | { readonly kind: 'fetched'; readonly id: number; readonly bytes: ArrayBuffer }
  | { readonly kind: 'not-fetched'; readonly id: number; readonly problem: SnapshotProblem }
  | { readonly kind: 'added'; readonly id: number; readonly rows: number; readonly bytesHeld: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ShareAnswer }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly fatal: boolean };
