import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isoDate } from '../../core/time/local-date.ts';
import { CATALOGUE } from './catalogue/index.ts';
import type { SourceKey } from './catalogue/types.ts';
import { type City, makeCity } from './city.ts';
import { type BounceLog, bounceLog } from './feeds/bounce-log.ts';
import { correction, desk } from './feeds/delivery.ts';
import { type DeliveryFile, type Mishaps, mishaps, openFile } from './feeds/files.ts';
import type { Report } from './feeds/report.ts';
import { writeDivisions } from './geography/write-divisions.ts';
import type { CityOptions, Effects } from './options.ts';
import { planPlants } from './plants/index.ts';
import type { Plant } from './plants/plant.ts';
import { type Realised, tallyEpisodes } from './process/realised.ts';
import { simulate } from './process/simulate.ts';
import { random } from './random.ts';
import type { Span } from './split.ts';
import { accepted, count, type FileTally, Truth } from './truth.ts';

const SOURCES: readonly SourceKey[] = ['hotline', 'police', 'dispute'];
const RECEIPT = 'city.json';

export interface Generated {
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Makes the sample city: `<out>` with three sources and three levels of divisions, `<out>-truth` with what was planted.
 * Written beside the final name and renamed at the end: an interrupted run leaves an earlier city untouched.
 */
export async function generateCity(options: CityOptions, effects: Effects = {}): Promise<Generated> {
  const out = resolve(options.out);
  refuseStrangers(out);
  removeLeftovers(out);
  const folder = `${out}.tmp-${process.pid}`;
  const truthFolder = `${out}-truth.tmp-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  mkdirSync(truthFolder, { recursive: true });
  try {
    const made = await make(options, folder, truthFolder, effects);
    replace(truthFolder, `${out}-truth`);
    replace(folder, out);
    return made;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    rmSync(truthFolder, { recursive: true, force: true });
    throw error;
  }
}

async function make(options: CityOptions, folder: string, truthFolder: string, effects: Effects): Promise<Generated> {
  effects.onProgress?.({ stage: 'divisions', done: 0, total: 1 });
  effects.signal?.throwIfAborted();
  const city = makeCity(options);
  const divisionFiles = writeDivisions(folder, city.divisions);
  effects.onProgress?.({ stage: 'plants', done: 0, total: 1 });
  effects.signal?.throwIfAborted();
  const plants = planPlants(city);
  const bad = mishaps(city);
  const feeds = await writeFeeds(city, plants, { folder, bad }, effects);
  const receipt = {
    seed: options.seed,
    incidents: options.incidents,
    weeks: options.weeks,
    firstDay: isoDate(city.firstDay),
    lastDay: options.lastDay,
    files: [...divisionFiles, ...feeds.written].sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  writeFileSync(join(folder, RECEIPT), text);
  writeFileSync(join(truthFolder, 'truth.json'), truthText(city, plants, bad, feeds));
  writeFileSync(join(truthFolder, 'bounces.csv'), feeds.bounces.csv());
  return {
    files: receipt.files.length + 1,
    rows: feeds.tallies.reduce((sum, tally) => sum + tally.rows, 0),
    bytes: receipt.files.reduce((sum, file) => sum + file.bytes, Buffer.byteLength(text)),
  };
}

interface Feeds {
  readonly tallies: FileTally[];
  readonly written: { file: string; rows: number; bytes: number }[];
  /** First reports delivered per source, and per plant. */
  readonly incidents: Record<string, number>;
  readonly planted: Record<string, number>;
  readonly notYetReported: number;
  readonly realised: ReadonlyMap<string, Realised>;
  readonly bounces: BounceLog;
}

async function writeFeeds(
  city: City,
  plants: readonly Plant[],
  target: { folder: string; bad: Mishaps },
  effects: Effects,
): Promise<Feeds> {
  const office = desk(city, plants);
  const episodes = tallyEpisodes(plants);
  const bounces = bounceLog(city);
  const draw = random(city.options.seed, 'corrections');
  const open = new Map<SourceKey, { file: DeliveryFile | null; month: string }>();
  const feeds = { tallies: [] as FileTally[], written: [] as Feeds['written'], incidents: {}, planted: {} };
  const finish = (file: DeliveryFile | null): void => {
    if (file) feeds.written.push({ file: file.tally.file, rows: file.tally.rows, bytes: file.close() });
  };
  try {
    for (const { day, incidents } of simulate(city, plants)) {
      effects.signal?.throwIfAborted();
      episodes.take(incidents);
      office.take(incidents);
      for (const source of SOURCES) {
        const current = open.get(source);
        if (current && (current.file ? day < current.file.endDay : isoDate(day).startsWith(current.month))) continue;
        finish(current?.file ?? null);
        const file = openFile(city, source, day, target.folder, target.bad);
        if (file) feeds.tallies.push(file.tally);
        open.set(source, { file, month: isoDate(day).slice(0, 7) });
      }
      for (const report of office.due(day)) deliver(report, day);
      if ((day - city.firstDay) % 7 === 6) {
        effects.onProgress?.({ stage: 'weeks', done: (day - city.firstDay + 1) / 7, total: city.options.weeks });
        await new Promise(setImmediate);
      }
    }
  } finally {
    for (const { file } of open.values()) finish(file);
  }
  return { ...feeds, notYetReported: office.unknown(), realised: episodes.of, bounces };

  function deliver(report: Report, day: number): void {
    const file = open.get(report.source)?.file ?? null;
    file?.write(report);
    if (report.version === 1 && file) {
      count(feeds.incidents, report.source);
      if (report.incident.plant) count(feeds.planted, report.incident.plant);
    }
    if (report.dirt !== null) return;
    const next = { ...report, version: report.version + 1, before: file?.tally ?? null };
    const [bounce, ...later] = report.bounces;
    if (bounce) {
      // The next version says who has it now; a refusal after the last day is not known yet.
      const sent = { ...next, office: bounce.to, bounces: later, handedDay: bounce.day };
      if (bounce.day < city.endDay) bounces.add(report, bounce);
      office.again(sent, bounce.day);
      return;
    }
    const exportDay = file?.exportDay ?? day + 1;
    if (report.closed.day >= exportDay) {
      office.again(next, report.closed.day);
      return;
    }
    const corrected = correction(next, draw);
    if (corrected) office.again(corrected.report, day + corrected.daysLater);
  }
}

function truthText(city: City, plants: readonly Plant[], bad: Mishaps, feeds: Feeds): string {
  const planted = plants.map(({ id, kind, truth }) => {
    const realised = feeds.realised.get(id);
    return { id, kind, ...truth, ...(realised ? { realised } : {}), delivered: feeds.planted[id] ?? 0 }; // nothing came
  });
  const files = feeds.tallies
    .map((tally) => ({ ...tally, accepted: accepted(tally) }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const { incidents, weeks, seed, lastDay } = city.options;
  const { training, calibration, test } = city.split;
  const truth = Truth.parse({
    note: 'What was planted, for evaluation only: the pipeline never reads this folder.',
    options: { incidents, weeks, seed, lastDay },
    split: { training: spanText(training), calibration: spanText(calibration), test: spanText(test) },
    categories: CATALOGUE.length,
    incidents: feeds.incidents,
    notYetReported: feeds.notYetReported,
    deliveries: bad,
    files,
    bounces: feeds.bounces.totals(),
    plants: planted,
  });
  return `${JSON.stringify(truth, null, 1)}\n`;
}

function spanText({ firstDay, endDay }: Span): { firstDay: string; endDay: string } {
  return { firstDay: isoDate(firstDay), endDay: isoDate(endDay) };
}

/** Only an empty folder or an earlier city is replaced. */
function refuseStrangers(out: string): void {
  if (!existsSync(out)) return;
  const names = readdirSync(out);
  if (names.length > 0 && !names.includes(RECEIPT)) {
    throw new Error(`${out} holds files that are not a sample city (no ${RECEIPT}); choose an empty folder`);
  }
}

/** Of runs that were killed. */
function removeLeftovers(out: string): void {
  const parent = dirname(out);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(out)}.tmp-`) || name.startsWith(`${basename(out)}-truth.tmp-`)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function replace(from: string, to: string): void {
  const aside = `${from}-old`;
  if (existsSync(to)) renameSync(to, aside);
  renameSync(from, to);
  rmSync(aside, { recursive: true, force: true });
}
