import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { baselineSources, clusterSource, type NamedSource } from '../../core/evaluate/candidates.ts';
import type { EventStream } from '../../core/evaluate/event-stream.ts';
import { dailyClusters } from '../../core/sense/cluster-detector.ts';
import { CLUSTER_OPTIONS } from '../../core/sense/cluster-options.ts';
import { distinctProblems } from '../../core/sense/distinct-problems.ts';
import { CONDITIONS, type Conditions, REGIMES, type Regime } from '../../data/benchmark/options.ts';
import { EXIT, HexsightError } from '../errors.ts';
import { htmlPage } from '../evaluate/html-page.ts';
import { caseLoaders, seedsOf } from '../evaluate/load-cases.ts';
import { plantedCharts, plantedMarkdown } from '../evaluate/planted-markdown.ts';
import { type PlantedReport, plantedRun } from '../evaluate/planted-run.ts';
import { targetLines } from '../evaluate/targets.ts';
import type { Progress } from '../progress.ts';
import {
  type BacktestOptions,
  backtest,
  backtestCommand,
  backtestSummary,
  outbreak,
  outbreakSummary,
  ruleChange,
  writeBacktest,
  writeOutbreak,
} from './evaluate-backtest.ts';
import { truth, truthSummary, writeTruth } from './evaluate-truth.ts';

interface Shell {
  /** Adds what every command has: --json, --quiet, the example. */
  readonly common: (command: Command, example: string) => Command;
  readonly answer: (value: object, text: string) => void;
  readonly bar: (options: { readonly quiet?: boolean }) => { readonly report: Progress; readonly end: () => void };
}

interface Options extends BacktestOptions {
  readonly planted?: string;
  readonly backtest?: string;
  readonly outbreak?: string;
  readonly truth?: string;
  readonly villages?: string;
  readonly year: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly regimes: readonly Regime[];
  readonly conditions: Conditions;
  readonly detectors?: readonly string[];
  readonly controls: number;
  readonly quiet?: boolean;
}

/** `hexsight evaluate`: how good the warnings are, measured. */
export function addEvaluateCommand(program: Command, { common, answer, bar }: Shell): void {
  common(
    program
      .command('evaluate')
      .description('评估预警能力 · measure the skill of the warnings on planted clusters or a real city'),
    'npx hexsight evaluate --planted benchmark --seeds 5 --regimes sparse,medium,dense --out report',
  )
    .option('--planted <case>', '`benchmark`, a *_truth.json file, or a folder with such files')
    .option('--seeds <n>', 'benchmark: seeds a regime', positive, 5)
    .option('--first-seed <n>', 'benchmark: first seed', positive, 1)
    .option(
      '--regimes <list>',
      `benchmark: ${Object.keys(REGIMES).join(',')}`,
      regimes,
      Object.keys(REGIMES) as Regime[],
    )
    .option('--conditions <name>', `benchmark: ${Object.keys(CONDITIONS).join(' or ')}`, conditions, 'full')
    .option('--controls <n>', 'benchmark: streams a regime with the negative controls', whole, 1)
    .option('--detectors <list>', 'only detectors whose name starts with one of these, separated by ;', (text) =>
      text.split(';'),
    )
    .option('--backtest <profile>', 'replay a real city: places, calibration, alert load')
    .option('--snapshot <folder>', 'backtest: the published snapshot')
    .option('--input <folder>', 'backtest: raw files, run into --snapshot first')
    .option('--replay-rule <rule>', "backtest: one threshold changed, '<rule id>:<parameter>=<value>'", ruleChange)
    .option('--outbreak <file>', 'replay a known outbreak: daily counts by village (JSON); for evaluation only')
    .option('--villages <file>', 'outbreak: the villages (GeoJSON or TopoJSON with TOWNNAME, VILLNAME)')
    .option('--year <year>', 'outbreak: its year', positive, 2015)
    .option('--truth <file>', 'truth.json of a sample city: score the alerts published in --snapshot')
    .option('--out <folder>', 'write report.json, report.md, report.html and the charts')
    .action(async (options: Options) => {
      const given = [options.planted, options.backtest, options.outbreak, options.truth].filter(
        (one) => one !== undefined,
      );
      if (given.length !== 1)
        throw new HexsightError(EXIT.usage, 'evaluate', [
          'say what to evaluate: --planted <case>, --backtest <profile>, --outbreak <file> or --truth <file>',
        ]);
      if (options.outbreak !== undefined) {
        if (options.villages === undefined)
          throw new HexsightError(EXIT.usage, 'evaluate --outbreak', ['give the map: --villages <file>']);
        const result = outbreak({ daily: options.outbreak, villages: options.villages, year: options.year });
        if (options.out !== undefined)
          writeOutbreak(options.out, result, 'hexsight evaluate --outbreak <daily.json> --villages <villages>');
        answer(result, outbreakSummary(result));
        return;
      }
      if (options.truth !== undefined) {
        const result = truth(options.truth, options.snapshot);
        if (options.out !== undefined) writeTruth(options.out, result);
        answer(result, truthSummary(result));
        return;
      }
      const { report, end } = bar(options);
      if (options.backtest !== undefined) {
        const result = await backtest(options.backtest, options, report);
        end();
        if (options.out !== undefined) writeBacktest(options.out, result, backtestCommand(options.backtest, options));
        answer(result, backtestSummary(result));
        return;
      }
      if (options.planted === undefined) return; // one of the two is given
      const result = planted(options, options.planted, report);
      end();
      if (options.out !== undefined) writeReport(resolve(options.out), result, commandText(options));
      answer(result, summaryText(result));
    });
}

/** Scores no threshold lies below: places of a day under it are not listed. */
const LOWEST_SCORE = 3;
/** Places a day the product names at most. */
const PLACES_A_DAY = 3;

/**
 * The product's detector first, then what it is compared with. METHODS part 2 allows a detector one place a day; the product names up to
 * three that share no cell. `one place a day` is comparable with the others and with the reference figures.
 */
export function evaluatedSources(): NamedSource[] {
  let last: { stream: EventStream; firstDay: number; endDay: number; found: ReturnType<typeof dailyClusters> } | null =
    null;
  const found = (stream: EventStream, span: { readonly firstDay: number; readonly endDay: number }) => {
    if (last?.stream !== stream || last.firstDay !== span.firstDay || last.endDay !== span.endDay) {
      const run = { ...span, threshold: LOWEST_SCORE, maxAlerts: PLACES_A_DAY };
      last = { stream, ...span, found: dailyClusters(distinctProblems(stream), CLUSTER_OPTIONS, run) };
    }
    return last.found;
  };
  return [
    clusterSource(`cluster, up to ${PLACES_A_DAY} places a day`, found),
    clusterSource('cluster, one place a day', (stream, span) => {
      const all = found(stream, span);
      return all.filter(({ day }, i) => day !== all[i - 1]?.day);
    }),
    ...baselineSources(),
  ];
}

function planted(options: Options, what: string, report: Progress): PlantedReport {
  const { detectors } = options;
  const sources = evaluatedSources().filter(
    ({ name }) => !detectors || detectors.some((start) => name.startsWith(start)),
  );
  if (sources.length === 0)
    throw new HexsightError(EXIT.usage, '--detectors', [
      `none of: ${evaluatedSources()
        .map(({ name }) => name)
        .join('; ')}`,
    ]);
  const controls =
    what === 'benchmark'
      ? options.regimes.flatMap((regime) =>
          seedsOf({ ...options, seeds: options.controls }).map((seed) => ({
            regime,
            seed,
            conditions: options.conditions,
          })),
        )
      : [];
  return plantedRun(
    { loaders: caseLoaders(what, options), sources, controls },
    {
      nowMs: () => performance.now(),
      rssBytes: () => process.memoryUsage().rss,
      report: ({ done, total, what: stage }) => report({ stage, done, total, unit: 'runs' }),
    },
  );
}

function writeReport(folder: string, report: PlantedReport, command: string): void {
  mkdirSync(folder, { recursive: true });
  const charts = plantedCharts(report);
  const markdown = plantedMarkdown(report, command);
  for (const [name, svg] of charts) writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(folder, 'report.md'), markdown);
  writeFileSync(
    join(folder, 'report.html'),
    htmlPage({ title: 'hexsight: skill on planted clusters', markdown, charts }),
  );
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
}

function commandText(options: Options): string {
  const made = options.planted === 'benchmark';
  return [
    `hexsight evaluate --planted ${options.planted}`,
    ...(made
      ? [
          `--seeds ${options.seeds} --first-seed ${options.firstSeed} --regimes ${options.regimes.join(',')}`,
          `--conditions ${options.conditions} --controls ${options.controls}`,
        ]
      : []),
    ...(options.detectors ? [`--detectors "${options.detectors.join(';')}"`] : []),
  ].join(' ');
}

function summaryText({ detectors }: PlantedReport): string {
  const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  const lines = detectors.map(({ detector, summary }) => {
    const { all, perDays, falseRateRatio } = summary.settings[0]!;
    return `${detector}: netPOD ${shown(all.netPod.value)}, saved ${shown(all.saved.value)}, placebo POD ${shown(all.placeboPod)}, false rate ${shown(falseRateRatio.mean)} × nominal at 1 per ${perDays} days`;
  });
  const targets = detectors[0] ? targetLines(detectors[0]) : [];
  return [
    ...lines,
    ...targets.map(
      ({ criterion, value, met }) => `  ${met === null ? '?' : met ? '✓' : '✗'} ${criterion}: ${shown(value)}`,
    ),
  ].join('\n');
}

function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('expected a whole number of at least 1');
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number');
  return value;
}

function regimes(text: string): Regime[] {
  const names = text.split(',');
  const known = names.filter((name): name is Regime => name in REGIMES);
  if (known.length !== names.length)
    throw new InvalidArgumentError(`expected some of ${Object.keys(REGIMES).join(',')}`);
  return known;
}

function conditions(text: string): Conditions {
  if (text !== 'full' && text !== 'reference') throw new InvalidArgumentError('expected full or reference');
  return text;
}
