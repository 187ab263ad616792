import type { Coverage } from '../../core/contract/coverage.ts';
import type { FileEntry } from '../../core/contract/manifest.ts';
import { RISK_INDICATORS } from '../../core/contract/risk-rules.ts';
import { ALL_CATEGORIES, type NotAssessable, Sense, type SenseCalendar } from '../../core/contract/sense.ts';
import type { ClusterReplay } from '../../core/sense/cluster-replay.ts';
import type { HotspotResult } from '../../core/sense/hotspot-maps.ts';
import { SERIES_ALPHA } from '../../core/sense/series-chunk.ts';
import {
  DAILY_RULES,
  type SeriesRules,
  seriesKnowledge,
  seriesPlan,
  WEEKLY_RULES,
} from '../../core/sense/series-plan.ts';
import { rollUp, type SeriesTree, seriesTree } from '../../core/sense/series-set.ts';
import { type SourceDelivery, sourceDelivery } from '../../core/sense/source-delivery.ts';
import { publishedCalendar } from '../../core/time/published-calendar.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import type { Duck } from '../io/duck.ts';
import { SENSE_WEEK_PLAN, type SenseSpans } from '../sql/plan.ts';
import type { TimeFrame } from '../steps/aggregate.ts';
import type { ArtifactWriter } from '../steps/artifact-writer.ts';
import type { Division } from '../steps/divisions.ts';
import type { FinestGrid } from '../steps/grid.ts';
import { type ClusterRule, type ClusterStreamPlan, clusterStreams, DETECTOR, STREAM_DAYS } from './clusters.ts';
import { type PlanCounts, runPlan, type SenseCounts, senseCounts } from './counts.ts';
import { divisionPersons, resolutionFor, senseGrid } from './grid.ts';
import {
  EMERGING_WEEKS,
  type HotspotMap,
  hotspotInputs,
  hotspotTable,
  MAP_WEEKS,
  type SenseGrid,
  WINDOWS,
} from './hotspots.ts';
import type { SenseJob } from './jobs.ts';
import { placeKinds, type RankedKind, riskTable } from './places.ts';
import { reportingNotices } from './reporting.ts';
import { runSenseJobs } from './run-jobs.ts';
import { type SenseFrame, senseFrame } from './sense-frame.ts';
import { type SensedSeries, type SeriesSide, sensedSeries, seriesChunks, seriesTables, type Table } from './series.ts';

export interface SenseInput {
  /** The view `incident` stands for all units; null = there is no incident, and no view. */
  readonly duck: Duck | null;
  readonly loaded: Pick<LoadedProfile, 'profile' | 'categories' | 'days' | 'risk' | 'alertRules'>;
  readonly divisions: readonly Division[];
  readonly grid: FinestGrid;
  readonly frame: TimeFrame;
  readonly coverage: Coverage;
  readonly writer: ArtifactWriter;
  readonly signal: AbortSignal | undefined;
}

/** A cluster stream as alerts read it: the best of every replayed day, and from which score on it speaks. */
export interface SensedStream extends ClusterReplay {
  /** Level-1 category id. */
  readonly category: number;
  readonly resolution: 7 | 8;
  /** H3 indexes; rows of `grid/r<resolution>.arrow`, which the candidates' cells point to. */
  readonly cells: readonly string[];
  /** Days since 1970-01-01 of day 0 of the candidates' days. */
  readonly firstDay: number;
}

/** What sensing found, in memory, for the alert engine; the files say the same. */
export interface Sensed {
  readonly frame: SenseFrame;
  readonly delivery: SourceDelivery;
  readonly tree: SeriesTree;
  readonly weekly: readonly SensedSeries[];
  readonly daily: readonly SensedSeries[];
  readonly streams: readonly SensedStream[];
  readonly hotspots: readonly { readonly category: number; readonly result: HotspotResult }[];
  readonly hotspotGrid: SenseGrid | null;
  /** Cells of resolution 8; null = nothing was sensed. */
  readonly cells: SenseGrid | null;
  readonly places: readonly RankedKind[];
  /** What was counted; `counts.week` is source × street × week × category, whole window. */
  readonly counts: SenseCounts | null;
  readonly document: Sense;
}

/** Fewer incidents than this are sensed on this thread: starting others would cost more. */
const WORTH_THREADS = 20_000;
const SEED = 20_260_101;

/** Counts, series, hot spots, clusters, places → files of kind `sense` and their contents. Same counts, same bytes, on any threads. */
export async function sense(input: SenseInput): Promise<{ readonly files: FileEntry[]; readonly sensed: Sensed }> {
  const { loaded, divisions, coverage, frame, duck } = input;
  const { categories } = loaded;
  const tree = seriesTree(divisions, categories);
  const delivery = sourceDelivery(coverage, frame);
  if (!duck || frame.weeks.length === 0)
    return publish(input, nothing(tree, delivery, senseFrame(frame, delivery.filling, [])));
  const week = await runPlan(duck, SENSE_WEEK_PLAN);
  const bySource = sourceTotals(tree, week, loaded.profile.sources.length);
  const total = bySource.map((counts) => counts[tree.categories.length - 1] as number);
  const incidents = total.reduce((sum, n) => sum + n, 0);
  const own = senseFrame(
    frame,
    delivery.filling,
    total.map((n) => (incidents > 0 ? n / incidents : 0)),
  );
  const counts: SenseCounts = { week, ...(await senseCounts(duck, spansOf(own, loaded.risk.spanWeeks))) };
  const weekly = side(tree, counts.week, 'street', own, bySource, delivery, 'week', WEEKLY_RULES);
  const daily = side(tree, counts.day, 'district', own, bySource, delivery, 'day', DAILY_RULES);
  const grids = lazyGrids(input);

  const code = (id: number): string | undefined => categories[id]?.code;
  const weeklyChunks = seriesChunks(weekly, loaded.days, loaded.profile.sources, code);
  const dailyChunks = seriesChunks(daily, loaded.days, loaded.profile.sources, code);
  const mapGrid = grids[hotspotResolution(counts.cellWeek, own, grids[8]().cells.length)]();
  const maps = own.settledEnd > 0 ? hotspotInputs(counts.cellWeek, categories, own, mapGrid, weekly) : [];
  const streams = clusterStreams(
    counts.cluster,
    categories,
    { firstDay: Math.max(own.firstDay, own.asOfDay + 1 - STREAM_DAYS), asOfDay: own.asOfDay },
    grids,
    loaded.days,
    clusterRule(loaded.alertRules),
  );
  const jobs: SenseJob[] = [
    ...streams.map(({ job }) => ({ kind: 'clusters', input: job }) as const),
    ...[...weeklyChunks, ...dailyChunks].map((chunk) => ({ kind: 'series', chunk }) as const),
    ...maps.map((map) => ({ kind: 'hotspots', input: map.input }) as const),
  ];
  const options = { signal: input.signal, here: incidents < WORTH_THREADS };
  const results = await runSenseJobs(jobs, options);
  const replays = results.flatMap((result) => (result.kind === 'clusters' ? [result.replay] : []));
  const assessed = results.flatMap((result) => (result.kind === 'series' ? [result.assessed] : []));
  const mapResults = results.flatMap((result) => (result.kind === 'hotspots' ? [result.result] : []));

  const allMap = mapResults[maps.findIndex((map) => map.category === ALL_CATEGORIES)];
  const places = await rankedPlaces(input, counts, own, weekly, grids[8](), mapGrid, allMap, options);
  return publish(input, {
    frame: own,
    delivery,
    tree,
    weekly: sensedSeries(weekly, assessed.slice(0, weeklyChunks.length)),
    daily: sensedSeries(daily, assessed.slice(weeklyChunks.length)),
    leftOut: weekly.plan.leftOut,
    streams,
    replays,
    maps,
    mapResults,
    mapGrid,
    cells: grids[8](),
    places,
    counts,
    reporting: await reportingNotices({
      duck,
      divisions,
      sources: loaded.profile.sources,
      window: { firstDay: own.firstDay, endDay: own.weeks[own.settledEnd]?.firstDay ?? own.endDay },
    }),
  });
}

/** Everything the files and `Sensed` are made of. */
interface Found {
  readonly frame: SenseFrame;
  readonly delivery: SourceDelivery;
  readonly tree: SeriesTree;
  readonly weekly: readonly SensedSeries[];
  readonly daily: readonly SensedSeries[];
  readonly leftOut: number;
  readonly streams: readonly ClusterStreamPlan[];
  readonly replays: readonly ClusterReplay[];
  readonly maps: readonly HotspotMap[];
  readonly mapResults: readonly HotspotResult[];
  readonly mapGrid: SenseGrid | null;
  readonly cells: SenseGrid | null;
  readonly places: Places;
  readonly counts: SenseCounts | null;
  readonly reporting: Sense['reporting'] | null;
}

interface Places {
  readonly why: NotAssessable;
  readonly kinds: Sense['risk']['kinds'];
  readonly ranked: readonly RankedKind[];
}

function nothing(tree: SeriesTree, delivery: SourceDelivery, frame: SenseFrame): Found {
  return {
    frame,
    delivery,
    tree,
    weekly: [],
    daily: [],
    leftOut: 0,
    streams: [],
    replays: [],
    maps: [],
    mapResults: [],
    mapGrid: null,
    cells: null,
    places: { why: 'too-few-periods', kinds: [], ranked: [] },
    counts: null,
    reporting: null,
  };
}

function clusterRule({ rules }: LoadedProfile['alertRules']): ClusterRule {
  const given = rules.find(({ id }) => id === 'cluster-scan')?.parameters;
  const number = (name: keyof ClusterRule): number => {
    const value = given?.[name];
    if (value === undefined) throw new Error(`alert rule cluster-scan has no parameter ${name}`);
    return value;
  };
  return {
    falseEpisodeDays: number('falseEpisodeDays'),
    leastObserved: number('leastObserved'),
    longestWindowDays: number('longestWindowDays'),
  };
}

/** Weeks before those of the maps that new levels are compared with, on the first evening of the replay. */
const LEVEL_WEEKS_MORE = 26;
/** Days before the index's first week whose reports a report may repeat: closures take their time. */
const REPEAT_PAST_DAYS = 120;

function spansOf(frame: SenseFrame, spanWeeks: number): SenseSpans {
  const week = (position: number): number => frame.weeks[Math.max(0, position)]?.firstDay ?? frame.endDay; // past the last week: its end
  const riskFirstDay = week(frame.settledEnd - spanWeeks);
  return {
    firstWeek: frame.firstWeek + Math.max(0, frame.settledEnd - MAP_WEEKS - LEVEL_WEEKS_MORE),
    endWeek: frame.firstWeek + frame.settledEnd,
    clusterFirstDay: Math.max(frame.firstDay, frame.asOfDay + 1 - STREAM_DAYS),
    riskFirstDay,
    riskEndDay: week(frame.settledEnd),
    repeatFirstDay: Math.max(0, riskFirstDay - REPEAT_PAST_DAYS),
  };
}

/** Reports by source and position of the category, whole window, whole city. */
function sourceTotals(tree: SeriesTree, counts: PlanCounts, sources: number): Float64Array[] {
  const width = tree.categories.length;
  const totals = Array.from({ length: sources }, () => new Float64Array(width));
  const [source, category] = [counts.column('source'), counts.column('category')];
  for (let i = 0; i < counts.length; i++) {
    const own = totals[source[i] as number] as Float64Array;
    const n = counts.n[i] as number;
    const id = category[i] as number;
    own[width - 1] = (own[width - 1] as number) + n;
    for (const at of [tree.groupAt[id] as number, tree.classAt[id] as number])
      if (at >= 0) own[at] = (own[at] as number) + n;
  }
  return totals;
}

function side(
  tree: SeriesTree,
  counts: PlanCounts,
  place: 'street' | 'district',
  frame: SenseFrame,
  bySource: readonly Float64Array[],
  delivery: SourceDelivery,
  step: 'week' | 'day',
  rules: SeriesRules,
): SeriesSide {
  const week = step === 'week';
  const firstDay = week ? (frame.weeks[0] as { firstDay: number }).firstDay : frame.firstDay;
  const rolled = rollUp(
    tree,
    {
      division: counts.column(place),
      period: counts.column(step),
      category: counts.column(week ? 'category' : 'group'),
      n: counts.n,
    },
    week
      ? { firstPeriod: frame.firstWeek, periods: frame.weeks.length }
      : { firstPeriod: frame.firstDay, periods: frame.endDay - frame.firstDay },
  );
  return {
    step,
    firstDay,
    counts: rolled,
    knowledge: seriesKnowledge(rolled, bySource, delivery, { name: step, firstDay }),
    plan: seriesPlan(rolled, rules),
  };
}

function lazyGrids({ grid, divisions }: SenseInput): { readonly 7: () => SenseGrid; readonly 8: () => SenseGrid } {
  const made = new Map<number, SenseGrid>();
  const at = (resolution: 7 | 8) => (): SenseGrid => {
    const before = made.get(resolution);
    if (before) return before;
    const now = senseGrid(grid, divisions, resolution);
    made.set(resolution, now);
    return now;
  };
  return { 7: at(7), 8: at(8) };
}

/** By the events of all categories in the shorter window. */
function hotspotResolution(counts: PlanCounts, frame: SenseFrame, r8: number): 7 | 8 {
  const week = counts.column('week');
  const from = frame.firstWeek + frame.settledEnd - WINDOWS[0].weeks;
  let events = 0;
  for (let i = 0; i < counts.length; i++)
    if ((week[i] as number) >= from && (week[i] as number) < frame.firstWeek + frame.settledEnd)
      events += counts.n[i] as number;
  return resolutionFor(events, { r8 });
}

async function rankedPlaces(
  input: SenseInput,
  counts: SenseCounts,
  frame: SenseFrame,
  weekly: SeriesSide,
  cells: SenseGrid,
  mapGrid: SenseGrid,
  allMap: HotspotResult | undefined,
  options: { readonly signal: AbortSignal | undefined; readonly here: boolean },
): Promise<Places> {
  const hot = allMap?.hotWeeks ?? null;
  const rules = input.loaded.risk;
  const { kinds, why } = placeKinds({
    counts,
    frame,
    divisions: input.divisions,
    categories: input.loaded.categories,
    grid: input.grid,
    cells,
    persons: divisionPersons(input.divisions),
    weekly,
    rules,
    hotWeeks: hot && (mapGrid.resolution === 8 ? hot : Uint8Array.from(mapGrid.fromR8, (row) => hot[row] as number)),
  });
  const results = await runSenseJobs(
    kinds.map((kind, i) => ({ kind: 'places', facts: kind.facts, rules, seed: SEED + i }) as const),
    options,
  );
  const ranked: RankedKind[] = [];
  const said = kinds.map((kind, i) => {
    const result = results[i];
    const index = result?.kind === 'places' ? result.index : null;
    const assessed = index?.kind === 'assessed' ? index.index : null;
    if (assessed) ranked.push({ kind, index: assessed });
    return {
      unit: kind.unit,
      level: kind.level,
      places: kind.ids.length,
      why: index?.kind === 'not-assessable' ? index.why : ('assessed' as const),
      robustness: assessed?.robustness?.spearman ?? null,
      choice: assessed?.robustness?.choice ?? null,
    };
  });
  return { why, kinds: said, ranked };
}

async function publish(input: SenseInput, found: Found): Promise<{ files: FileEntry[]; sensed: Sensed }> {
  const { writer } = input;
  const series = [...found.weekly, ...found.daily];
  const tables = seriesTables(series);
  const write = (path: string, table: Table): Promise<FileEntry> =>
    writer.write({ path, rows: table.rows, kind: 'sense', grade: 'desk' }, table.bytes);
  const document = Sense.parse(documentOf(input, found, series));
  const files = await Promise.all([
    write('sense/series.arrow', tables.rows),
    write('sense/series-index.arrow', tables.index),
    write('sense/hotspots.arrow', hotspotTable(found.maps, found.mapResults)),
    write('sense/risk.arrow', riskTable(found.places.ranked, Math.max(0, found.frame.settledEnd - 1))),
    writer.write(
      { path: 'sense.json', rows: null, kind: 'document', grade: 'desk' },
      Buffer.from(JSON.stringify(document)),
    ),
  ]);
  return {
    files,
    sensed: {
      frame: found.frame,
      delivery: found.delivery,
      tree: found.tree,
      weekly: found.weekly,
      daily: found.daily,
      streams: found.streams.map(({ category, resolution, firstDay, job }, i) => ({
        ...(found.replays[i] as ClusterReplay),
        category,
        resolution,
        firstDay,
        cells: job.stream.cells,
      })),
      hotspots: found.maps.map(({ category }, i) => ({ category, result: found.mapResults[i] as HotspotResult })),
      hotspotGrid: found.mapGrid,
      cells: found.cells,
      places: found.places.ranked,
      counts: found.counts,
      document,
    },
  };
}

const INDICATOR_NAMES: Record<
  (typeof RISK_INDICATORS)[number],
  { readonly name: Label; readonly unit: Label; readonly change?: Label }
> = {
  severity: {
    name: { zh: '严重程度加权量', en: 'Severity-weighted volume' },
    unit: { zh: '每万人加权件数', en: 'weighted reports per 10,000 persons' },
    change: { zh: '加权实际/预期', en: 'weighted observed / expected' },
  },
  exceedance: {
    name: { zh: '超出自身常态', en: 'Above its own normal' },
    unit: { zh: '实际/预期', en: 'observed / expected' },
  },
  trend: {
    name: { zh: '近期走势', en: 'Trend' },
    unit: { zh: '后半期比前半期，标准差', en: 'newer against older half, standard deviations' },
  },
  unresolved: { name: { zh: '未办结比例', en: 'Unresolved share' }, unit: { zh: '比例', en: 'share' } },
  repeats: { name: { zh: '办结后再发比例', en: 'Repeats after closure' }, unit: { zh: '比例', en: 'share' } },
  persistence: {
    name: { zh: '热点持续周数', en: 'Weeks as a hot spot' },
    unit: { zh: '近 12 周中的周数', en: 'weeks of the last 12' },
  },
};
type Label = { readonly zh: string; readonly en: string };

/** Days after the window that charts may show. */
const AHEAD_DAYS = 56;

function calendarOf({ loaded, frame }: SenseInput): SenseCalendar {
  const { firstDay, endDay } = frame;
  const known = publishedCalendar(loaded.days, { firstDay, endDay: endDay + AHEAD_DAYS });
  const span = ({ firstDay: first, endDay: end, name }: (typeof known.schoolTerms)[number]) => ({
    firstDay: first,
    endDay: end,
    name: { ...name },
  });
  return {
    firstDay: known.firstDay,
    endDay: known.endDay,
    holidays: known.holidays.map((one) => ({ ...span(one), provisional: one.provisional })),
    makeUpWorkdays: [...known.makeUpWorkdays],
    publishedYears: loaded.days.publishedYears && [...loaded.days.publishedYears],
    springFestival: loaded.days.springFestival,
    festivals: known.festivals.map(({ day, name }) => ({ day, name: { ...name } })),
    schoolTerms: known.schoolTerms.map(span),
    breaks: known.breaks.map((one) => ({ ...one, name: { ...one.name } })),
  };
}

function documentOf(input: SenseInput, found: Found, series: readonly SensedSeries[]): Sense {
  const { frame } = found;
  const notAssessed: Record<string, number> = {};
  for (const one of series) if (one.reason !== 'assessed') notAssessed[one.reason] = (notAssessed[one.reason] ?? 0) + 1; // a count starts at nothing
  const persons = found.places.ranked.some(({ kind }) => kind.facts.persons !== null);
  const { risk } = input.loaded;
  const sum = RISK_INDICATORS.reduce((all, key) => all + risk.weights[key], 0);
  const newest = risk.history[0];
  const spearmans = found.places.kinds.flatMap((kind) => kind.robustness ?? []);
  const weekDay = (week: number): number => frame.weeks[week]?.firstDay ?? frame.endDay; // past the last week: its end
  return {
    format: 'hexsight-sense',
    asOfDay: frame.asOfDay,
    calendar: calendarOf(input),
    series: {
      alpha: SERIES_ALPHA,
      assessed: series.filter((one) => one.reason === 'assessed').length,
      notAssessed: Object.fromEntries(Object.entries(notAssessed).sort(([a], [b]) => (a < b ? -1 : 1))),
      leftOut: found.leftOut,
    },
    hotspots: {
      resolution: found.mapGrid?.resolution ?? 8,
      ring: 1,
      cells: found.mapGrid?.cells.length ?? 0,
      windows: WINDOWS.map(({ key, name, weeks }) => ({
        key,
        name,
        firstDay: weekDay(Math.max(0, frame.settledEnd - weeks)),
        endDay: weekDay(frame.settledEnd),
      })),
      notAssessed: found.maps.flatMap(({ category }, i) =>
        (found.mapResults[i] as HotspotResult).notAssessed.map((one) => ({ category, ...one })),
      ),
      emergingWeeks: EMERGING_WEEKS,
    },
    clusters: found.streams.map(({ category, resolution, firstDay, job }, i) => {
      const { threshold, why } = found.replays[i] as ClusterReplay;
      const { calibration } = job;
      return {
        category,
        resolution,
        detector: DETECTOR.name,
        threshold,
        calibration:
          why === 'assessed'
            ? { firstDay: firstDay + calibration.firstDay, endDay: firstDay + calibration.endDay }
            : null,
        why,
      };
    }),
    ...(found.reporting ? { reporting: found.reporting } : {}),
    risk: {
      kind: persons ? 'risk' : 'change',
      resolution: 8,
      spanWeeks: risk.spanWeeks,
      indicators: RISK_INDICATORS.map((key) => {
        const { name, unit, change } = INDICATOR_NAMES[key];
        return { key, name, weight: risk.weights[key] / sum, unit: persons ? unit : (change ?? unit) };
      }),
      severityWeights: risk.severityWeights,
      weightsFrom: `risk.json v${risk.version}${newest ? ` · ${newest.day} · ${newest.by}` : ''}`,
      robustness: spearmans.length > 0 ? Math.min(...spearmans) : null,
      why: found.places.why,
      kinds: found.places.kinds,
    },
  };
}
