import { type CellAlert, type EventMetrics, eventMetrics, netPod, type PlantedEvent } from '../stats/event-metrics.ts';
import type { EventStream } from './event-stream.ts';

export interface PlantedTruth<Event extends PlantedEvent = PlantedEvent> {
  readonly stream: EventStream;
  readonly outbreaks: readonly Event[];
  /** Footprints and periods drawn like the outbreaks, with nothing planted: what matching by chance brings. */
  readonly placebos: readonly Event[];
}

export interface PlantedScore extends EventMetrics {
  readonly placeboPod: number | null;
  readonly netPod: number | null;
}

/** Scores the alerts of the test days against what was planted and against the placebos. */
export function plantedScore(truth: PlantedTruth, alerts: readonly CellAlert[]): PlantedScore {
  const { stream, outbreaks, placebos } = truth;
  const days = stream.test.lastDay - stream.test.firstDay + 1;
  const size = { alerts, days, cellCount: stream.cells.length };
  const found = eventMetrics({ ...size, events: outbreaks });
  const placeboPod = eventMetrics({ ...size, events: placebos }).pod;
  return { ...found, placeboPod, netPod: netPod({ pod: found.pod, placeboPod }) };
}
