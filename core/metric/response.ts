/**
 * 为: what became of the reports that came in. Of a cohort received in a window that ended long enough ago, how many were closed within
 * the span. Sources publish no deadline, so the span is the same for all; a report whose source says nothing of its handling is neither
 * open nor closed and stays out of the share.
 */
export const RESPONSE_HOURS = 7 * 24;

/** Columns of `facts`, one entry a report. */
export interface HandledReports {
  readonly day: ArrayLike<number>;
  readonly source: ArrayLike<number>;
  readonly stage: ArrayLike<number>;
  /** Hours from occurred to closed; NaN = not closed, or the source does not say. */
  readonly closeHours: ArrayLike<number>;
  /** Division id; NaN = unlocated. */
  readonly division: ArrayLike<number>;
}

export interface ResponseQuestion {
  readonly sources: ReadonlySet<number>;
  /** Days received, half-open. */
  readonly firstDay: number;
  readonly endDay: number;
  /** Id ranges of the areas, half-open. */
  readonly areas: readonly { readonly id: number; readonly end: number }[];
}

export interface AreaResponse {
  readonly id: number;
  readonly received: number;
  /** Of the received, those whose source tells of their handling. */
  readonly told: number;
  readonly closedWithin: number;
}

const UNKNOWN_STAGE = 0;

/** Counts of each area, in the order of the question; several files are added up by `addResponses`. */
export function responses(reports: HandledReports, question: ResponseQuestion): readonly AreaResponse[] {
  const { sources, firstDay, endDay, areas } = question;
  const out = areas.map(({ id }) => ({ id, received: 0, told: 0, closedWithin: 0 }));
  for (let i = 0; i < reports.day.length; i++) {
    const day = reports.day[i] as number;
    if (day < firstDay || day >= endDay || !sources.has(reports.source[i] as number)) continue;
    const division = reports.division[i] as number;
    const at = areas.findIndex(({ id, end }) => division >= id && division < end);
    const area = out[at];
    if (!area) continue;
    const hours = reports.closeHours[i] as number;
    area.received++;
    if (reports.stage[i] !== UNKNOWN_STAGE || !Number.isNaN(hours)) area.told++;
    if (hours <= RESPONSE_HOURS) area.closedWithin++;
  }
  return out;
}

/** Sums of the same areas over several files. */
export function addResponses(parts: readonly (readonly AreaResponse[])[]): readonly AreaResponse[] {
  const first = parts[0] ?? [];
  return first.map((area, at) => ({
    id: area.id,
    received: parts.reduce((sum, part) => sum + (part[at]?.received ?? 0), 0), // every part has all areas
    told: parts.reduce((sum, part) => sum + (part[at]?.told ?? 0), 0),
    closedWithin: parts.reduce((sum, part) => sum + (part[at]?.closedWithin ?? 0), 0),
  }));
}
