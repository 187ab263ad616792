import { amocArea } from '../../../core/stats/amoc.ts';
import { type CellAlert, eventMetrics, type PlantedEvent } from '../../../core/stats/event-metrics.ts';
import type { JsonObject, OracleMethod, Tolerance } from '../oracle-case.ts';

interface EventInput {
  readonly days: number;
  readonly nCells: number;
  readonly outbreaks: readonly PlantedEvent[];
  readonly alerts: readonly CellAlert[];
}

/** Expected field → field of ours; every expected field must be known here. */
const EVENT_FIELDS: Readonly<Record<string, keyof ReturnType<typeof eventMetrics>>> = {
  POD: 'pod',
  detected: 'detected',
  delayDays: 'delayDays',
  medianDelayDetected: 'medianDelayDetected',
  restrictedMeanDelay: 'restrictedMeanDelay',
  proportionSaved: 'proportionSaved',
  episodes: 'episodes',
  trueEpisodes: 'trueEpisodes',
  falseEpisodes: 'falseEpisodes',
  falseAlarmRatio: 'falseAlarmRatio',
  falseEpisodesPer7Days: 'falseEpisodesPer7Days',
  cellDaySensitivity: 'cellDaySensitivity',
  cellDaySpecificity: 'cellDaySpecificity',
  cellDayPPV: 'cellDayPpv',
  firstAlertSpatial: 'firstAlertSpatial',
};

const methodStarts = (data: JsonObject, text: string): boolean =>
  typeof data.method === 'string' && data.method.startsWith(text);

export const EVALUATE_METHODS: readonly OracleMethod[] = [
  {
    name: 'event metrics',
    takes: (data) => methodStarts(data, 'Early-warning verification'),
    run: ({ data }, findings) => {
      const input = data.input as unknown as EventInput;
      const expected = data.expected as JsonObject;
      const found = eventMetrics({
        events: input.outbreaks,
        alerts: input.alerts,
        days: input.days,
        cellCount: input.nCells,
      });
      for (const [field, value] of Object.entries(expected)) {
        const ours = EVENT_FIELDS[field];
        if (ours === undefined) findings.holds(field, false, null, 'a field that is known');
        else findings.near(field, found[ours], value, data.tolerance as Tolerance);
      }
    },
  },
  {
    name: 'AMOC partial area',
    takes: (data) => methodStarts(data, 'Normalised partial area under the AMOC curve'),
    run: ({ data }, findings) => {
      const points = data.input as unknown as Parameters<typeof amocArea>[0];
      const { partialArea } = data.expected as { partialArea: number };
      findings.near('partialArea', amocArea(points), partialArea, data.tolerance as Tolerance);
    },
  },
];
