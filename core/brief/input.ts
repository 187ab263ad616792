import type { Coverage } from '../contract/coverage.ts';
import type { Ledger } from '../contract/ledger.ts';
import type { Manifest } from '../contract/manifest.ts';
import type { Alerts, Sense } from '../contract/sense.ts';

/** What a brief is made from: published tables as plain columns, and the ledger. Null = the snapshot has none. */
export interface BriefInput {
  /** Index into `manifest.weeks`. */
  readonly week: number;
  readonly manifest: Manifest;
  readonly divisions: DivisionColumns;
  /** `cube/week.arrow` */
  readonly cube: WeekCubeColumns;
  readonly coverage: Coverage | null;
  readonly series: SeriesColumns | null;
  readonly alerts: Alerts | null;
  readonly sense: Sense | null;
  /** Null = not read (yet): what needs days is then `pending`. */
  readonly daily: DailyCounts | null;
  readonly ledger: Ledger;
}

/** Pre-order: the subtree of `id` is [id, end). Id 0 is the city. */
export interface DivisionColumns {
  readonly count: number;
  readonly code: readonly string[];
  readonly name: readonly string[];
  readonly nameEn: readonly (string | null)[];
  readonly level: ArrayLike<number>;
  readonly parent: readonly (number | null)[];
  readonly end: ArrayLike<number>;
}

export const NO_DIVISION = 0xffffffff;
export interface WeekCubeColumns {
  /** Level-1 division, 0 = city but no division, `NO_DIVISION` = unlocated. */
  readonly division: ArrayLike<number>;
  readonly week: ArrayLike<number>;
  readonly source: ArrayLike<number>;
  readonly group: ArrayLike<number>;
  readonly n: ArrayLike<number>;
}

/** `sense/series-index.arrow` and `sense/series.arrow`; NaN = null. */
export interface SeriesColumns {
  readonly index: {
    readonly division: ArrayLike<number>;
    readonly category: ArrayLike<number>;
    readonly step: ArrayLike<number>;
    readonly firstPeriod: ArrayLike<number>;
    readonly firstRow: ArrayLike<number>;
    readonly endRow: ArrayLike<number>;
    readonly dispersion: ArrayLike<number>;
  };
  readonly rows: {
    readonly observed: ArrayLike<number>;
    readonly expected: ArrayLike<number>;
    readonly lower: ArrayLike<number>;
    readonly upper: ArrayLike<number>;
    readonly alarm: ArrayLike<number>;
    readonly filling: ArrayLike<number>;
  };
}

/** Incidents of the whole city by source and day, read from the facts of the days that are compared. */
export interface DailyCounts {
  /** Spans of days that were read, half-open; outside nothing is known. */
  readonly spans: readonly { readonly firstDay: number; readonly endDay: number }[];
  /** By source id, then day. A day inside the spans without a row is 0. */
  readonly counts: ReadonlyMap<number, ReadonlyMap<number, number>>;
}
