import { type Coverage, STATE_LETTERS } from '../contract/coverage.ts';
import { DELIVERED, type Filling } from './delivery.ts';

/** What `coverage.json` says of every source, by week and by day, in the words of `delivery.ts`. */
export interface SourceDelivery {
  readonly filling: readonly Filling[];
  /** One array a source, one `DELIVERED` a week of the window; `division` = level-1 id, 0 = the city. */
  readonly weeks: (division: number) => readonly Uint8Array[];
  /** The same by day of the window. */
  readonly days: (division: number) => readonly Uint8Array[];
}

export interface DeliveryFrame {
  readonly firstDay: number;
  readonly endDay: number;
  /** Mondays. */
  readonly weeks: readonly { readonly firstDay: number }[];
}

/**
 * A week that was delivered thin is there in part, and so is a first week that the window cuts; a missing one, one before the first
 * record and one after the newest is not there. A division that the report has no row for goes with the source as a whole.
 */
export function sourceDelivery(report: Coverage, frame: DeliveryFrame): SourceDelivery {
  const rowOf = new Map(report.divisions.map((id, i) => [id, i + 1]));
  const weeksOf = (division: number): Uint8Array[] =>
    report.sources.map(({ states }) => {
      const letters = states[rowOf.get(division) ?? 0] ?? '';
      return Uint8Array.from(frame.weeks, ({ firstDay }, w) => {
        const state = stateOf(letters[w]);
        return state === DELIVERED.all && firstDay < frame.firstDay ? DELIVERED.part : state;
      });
    });
  const daysOf = (division: number): Uint8Array[] => {
    return report.sources.map((source) => {
      const row = rowOf.get(division) ?? 0;
      const notes = source.notes[row];
      const missing = new Map(notes?.week.map((w, i) => [w, notes.missingDays[i] as number]));
      const offset = (frame.weeks[0]?.firstDay ?? frame.firstDay) - frame.firstDay; // no weeks, no days
      const days = Uint8Array.from({ length: Math.max(0, frame.endDay - frame.firstDay) }, (_, t) => {
        const w = Math.floor((t - offset) / 7);
        const state = stateOf((source.states[row] ?? '')[w]);
        if (state !== DELIVERED.part) return state;
        const bit = 1 << ((((t - offset) % 7) + 7) % 7);
        return ((missing.get(w) ?? 0) & bit) !== 0 ? DELIVERED.none : DELIVERED.part;
      });
      for (const span of source.spans) {
        if (span.kind === 'high') continue;
        for (let day = Math.max(span.firstDay, frame.firstDay); day < Math.min(span.endDay, frame.endDay); day++)
          days[day - frame.firstDay] =
            span.kind === 'silent' ? DELIVERED.none : Math.max(days[day - frame.firstDay] as number, DELIVERED.part);
      }
      // A thin week whose missing days are named is whole on its other days.
      for (let t = 0; t < days.length; t++) {
        const w = Math.floor((t - offset) / 7);
        const named = (missing.get(w) ?? 0) !== 0;
        const inSpan = source.spans.some(
          (span) => span.kind !== 'high' && frame.firstDay + t >= span.firstDay && frame.firstDay + t < span.endDay,
        );
        if (days[t] === DELIVERED.part && named && !inSpan) days[t] = DELIVERED.all;
      }
      return days;
    });
  };
  return {
    filling: report.sources.map(({ freshness, delay, fillingDays }) => ({
      asOfDay: freshness.asOfDay,
      completeness: delay.kind === 'learned' ? delay.completeness : null,
      fillingDays,
    })),
    weeks: weeksOf,
    days: daysOf,
  };
}

function stateOf(letter: string | undefined): number {
  if (letter === undefined) return DELIVERED.none; // outside the weeks of the report
  const state = STATE_LETTERS[letter as keyof typeof STATE_LETTERS];
  switch (state) {
    case 'delivered':
    case 'zero':
      return DELIVERED.all;
    case 'thin':
      return DELIVERED.part;
    case 'missing':
    case 'not-yet':
    case 'before-first':
      return DELIVERED.none;
    default:
      return state satisfies never;
  }
}
