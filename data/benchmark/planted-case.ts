import { z } from 'zod';
import type { EventStream } from '../../core/evaluate/event-stream.ts';
import { NO_PLACE } from '../../core/sense/distinct-problems.ts';
import type { PlantedEvent } from '../../core/stats/event-metrics.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import { benchmarkCalendar } from './calendar.ts';

/** `*_events.json`: the stream. One text per occurrence day: `cell, delay in days[, count[, place in the cell]]` separated by `;`. */
export const PlantedEventsFile = z.looseObject({
  id: z.string(),
  startDate: z.string(),
  cells: z.array(z.string()),
  eventsPerDay: z.array(z.string()),
  calibrationDays: z.tuple([z.number().int(), z.number().int()]),
  testDays: z.tuple([z.number().int(), z.number().int()]),
  regimeEventsPerCellDay: z.number(),
});

const Footprint = z.looseObject({
  id: z.string(),
  cells: z.array(z.number().int()),
  onset: z.number().int(),
  end: z.number().int(),
  kappa: z.number(),
  size: z.number().int(),
  profile: z.string(),
  baselineExpected: z.number(),
  excessExpected: z.number(),
  excessRealised: z.number(),
});

/** `*_truth.json`: what was planted, and footprints where nothing was. */
export const PlantedTruthFile = z.looseObject({
  id: z.string(),
  inputFile: z.string(),
  outbreaks: z.array(Footprint),
  placebos: z.array(Footprint),
});

export type PlantedFootprint = z.infer<typeof Footprint> & PlantedEvent;

export interface PlantedCase {
  readonly stream: EventStream;
  readonly outbreaks: readonly PlantedFootprint[];
  readonly placebos: readonly PlantedFootprint[];
  readonly regime: number;
}

/** Reads the pair of files of a planted case; both are `unknown` from outside. */
export function plantedCase(files: { readonly events: unknown; readonly truth: unknown }): PlantedCase {
  const events = PlantedEventsFile.parse(files.events);
  const truth = PlantedTruthFile.parse(files.truth);
  const epochDay = parseIsoDate(events.startDate);
  const days = events.eventsPerDay.length;
  const rows = events.eventsPerDay.flatMap((text, day) =>
    parseDay(text, { day, cells: events.cells.length, id: events.id }),
  );
  const stream: EventStream = {
    name: events.id,
    cells: events.cells,
    epochDay,
    days,
    dayClass: benchmarkCalendar({ epochDay, days }).dayClass,
    occurredDay: Uint16Array.from(rows, (row) => row.day),
    cell: Uint32Array.from(rows, (row) => row.cell),
    delayDays: Uint8Array.from(rows, (row) => row.delay),
    n: Uint16Array.from(rows, (row) => row.count),
    ...(rows.some((row) => row.place !== undefined) ? { place: Uint32Array.from(rows, (row) => placeKey(row)) } : {}),
    calibration: { firstDay: events.calibrationDays[0], lastDay: events.calibrationDays[1] },
    test: { firstDay: events.testDays[0], lastDay: events.testDays[1] },
  };
  return { stream, outbreaks: truth.outbreaks, placebos: truth.placebos, regime: events.regimeEventsPerCellDay };
}

/** Most places a cell may number; keys of places stay whole numbers of 32 bits. */
const MOST_PLACES = 4096;

const placeKey = ({ cell, place }: { readonly cell: number; readonly place: number | undefined }): number =>
  place === undefined ? NO_PLACE : cell * MOST_PLACES + place;

function parseDay(text: string, given: { day: number; cells: number; id: string }) {
  if (text === '') return [];
  return text.split(';').map((entry) => {
    const [cell, delay, count = 1, place] = entry.split(',').map(Number);
    const whole = [cell, delay, count, place ?? 0].every((value) => Number.isInteger(value) && value! >= 0);
    if (!whole || cell! >= given.cells || delay! > 255 || count < 1 || (place ?? 0) >= MOST_PLACES)
      throw new Error(
        `${given.id}: day ${given.day}: "${entry}" is not "cell,delay[,count[,place]]" with a cell below ${given.cells}`,
      );
    return { day: given.day, cell: cell!, delay: delay!, count, place };
  });
}
