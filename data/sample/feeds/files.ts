import { join } from 'node:path';
import { toGcj02 } from '../../../core/geo/gcj02.ts';
import { civilOf, dayOf, isoDate, monthKey } from '../../../core/time/local-date.ts';
import type { SourceKey } from '../catalogue/types.ts';
import type { City } from '../city.ts';
import { DIRT } from '../dirt.ts';
import { encodeGb18030 } from '../io/gb18030.ts';
import { fileSink, gzipSink } from '../io/sink.ts';
import { workbook } from '../io/xlsx.ts';
import { type Random, random } from '../random.ts';
import { count, type FileTally, fileTally } from '../truth.ts';
import { COMPLAINT_HEADER, complaintRow } from './complaint-rows.ts';
import { insideWithMargin } from './delivery.ts';
import { DISPUTE_HEADER, DISPUTE_SHEET, disputeRow } from './dispute-rows.ts';
import { policeRow } from './police-rows.ts';
import { DATUM_MISTAKE_CHANNEL, type Report } from './report.ts';

/** A file is written some days after its period; what is closed by then is closed in it. */
const EXPORT_DAYS_AFTER = 5;

export interface DeliveryFile {
  readonly tally: FileTally;
  /** First day on which the file no longer learns of a closing. */
  readonly exportDay: number;
  readonly endDay: number;
  readonly write: (report: Report) => void;
  readonly close: () => number;
}

/** What goes wrong with whole deliveries; month keys `2025-07`, null = does not happen. */
export interface Mishaps {
  readonly missingPoliceMonth: string | null;
  readonly datumMistakeMonth: string | null;
}

export function mishaps(city: City): Mishaps {
  const first = civilOf(city.firstDay);
  const last = civilOf(city.endDay - 1);
  const months = (last.year - first.year) * 12 + last.month - first.month + 1;
  if (months < 6) return { missingPoliceMonth: null, datumMistakeMonth: null };
  const monthAt = (share: number): string => {
    const index = first.year * 12 + first.month - 1 + Math.floor(months * share);
    return monthKey(dayOf(Math.floor(index / 12), (index % 12) + 1, 1));
  };
  return { missingPoliceMonth: monthAt(0.35), datumMistakeMonth: monthAt(0.62) };
}

/** Opens the file of a source that covers a day; null = this delivery never came. */
export function openFile(
  city: City,
  source: SourceKey,
  day: number,
  folder: string,
  bad: Mishaps,
): DeliveryFile | null {
  const period = source === 'dispute' ? quarterOf(day) : monthOf(day);
  if (source === 'police' && period.key === bad.missingPoliceMonth) return null;
  const name = fileName(source, period.key);
  const tally = fileTally(name, source);
  const draw = random(city.options.seed, 'rows', name);
  const exportDay = Math.min(period.endDay + EXPORT_DAYS_AFTER, city.endDay);
  const path = join(folder, name);
  const context = { city, path, tally, exportDay, draw, datumMistake: period.key === bad.datumMistakeMonth };
  const writer = WRITERS[source](context);
  return {
    tally,
    exportDay,
    endDay: period.endDay,
    write: (report) => written(report, tally, writer.row),
    close: writer.close,
  };
}

interface Context {
  readonly city: City;
  readonly path: string;
  readonly tally: FileTally;
  readonly exportDay: number;
  readonly draw: Random;
  readonly datumMistake: boolean;
}
/** `row` makes a row and returns how to put it into the file: a duplicate is put twice. */
type Writer = (context: Context) => { row: (report: Report) => () => void; close: () => number };

const isOpen = (report: Report, { exportDay }: Context): boolean =>
  report.bounces.length > 0 || (report.closed.day >= exportDay && report.dirt !== 'closed-before-occurred');

const WRITERS: Record<SourceKey, Writer> = {
  hotline: (context) => {
    const sink = fileSink(context.path);
    sink.write(encodeGb18030(`${COMPLAINT_HEADER.join(',')}\r\n`));
    return {
      row: (report) => {
        const gcj02 = isDatumMistake(context, report);
        const row = complaintRow(context.city, report, { open: isOpen(report, context), gcj02 }, context.draw);
        const copies = report.dirt === 'duplicate-id' ? 2 : 1;
        if (gcj02) context.tally.datumMistakes += copies;
        if (row.hasIdNumber) context.tally.idNumbers += copies;
        const bytes = encodeGb18030(row.text);
        return () => sink.write(bytes);
      },
      close: sink.close,
    };
  },
  police: (context) => {
    const sink = gzipSink(context.path);
    const encoder = new TextEncoder();
    return {
      row: (report) => {
        const bytes = encoder.encode(policeRow(report, { open: isOpen(report, context) }, context.draw));
        // fflate keeps the array it is given: a copy for the second time.
        return () => sink.write(bytes.slice());
      },
      close: sink.close,
    };
  },
  dispute: (context) => {
    const book = workbook(context.path, DISPUTE_SHEET);
    book.row(DISPUTE_HEADER.map((text) => ({ kind: 'word', text })));
    return {
      row: (report) => {
        const cells = disputeRow(report, { open: isOpen(report, context) }, context.draw);
        return () => book.row(cells);
      },
      close: book.close,
    };
  },
};

/** Puts the row, twice if it is a duplicate, and counts what a reader must find. */
function written(report: Report, tally: FileTally, row: (report: Report) => () => void): void {
  const put = row(report);
  put();
  tally.rows++;
  if (report.before) count(report.before.rejected, 'superseded');
  const { dirt } = report;
  if (dirt === null) return;
  if (dirt === 'duplicate-id') {
    put();
    tally.rows++;
  }
  // The command centre's contract refuses calls from outside; the others keep them without a place.
  const verdict = dirt === 'coordinate-outside' && report.source === 'police' ? 'rejected' : DIRT[dirt];
  if (verdict === 'rejected') count(tally.rejected, dirt);
  else if (verdict === 'unlocated') count(tally.unlocated, dirt);
  else if (verdict === 'unmapped') tally.unmapped++;
  else count(tally.warnings, dirt);
}

function isDatumMistake({ city, datumMistake }: Context, report: Report): boolean {
  if (!datumMistake || report.channel !== DATUM_MISTAKE_CHANNEL || report.dirt?.startsWith('coordinate-')) return false;
  return insideWithMargin(city, toGcj02(report));
}

function fileName(source: SourceKey, period: string): string {
  switch (source) {
    case 'hotline':
      return `complaints-${period}.csv`;
    case 'police':
      return `police-${period}.ndjson.gz`;
    case 'dispute':
      return `disputes-${period}.xlsx`;
    default:
      return source satisfies never;
  }
}

interface Period {
  readonly key: string;
  readonly endDay: number;
}

function monthOf(day: number): Period {
  const { year, month } = civilOf(day);
  return { key: isoDate(day).slice(0, 7), endDay: month === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, month + 1, 1) };
}

function quarterOf(day: number): Period {
  const { year, month } = civilOf(day);
  const quarter = Math.ceil(month / 3);
  return {
    key: `${year}-Q${quarter}`,
    endDay: quarter === 4 ? dayOf(year + 1, 1, 1) : dayOf(year, quarter * 3 + 1, 1),
  };
}
