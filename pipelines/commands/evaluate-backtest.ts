import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { REPLAYED_RULES, type ReplayedRule } from '../../core/evaluate/backtest/alert-replay.ts';
import { outbreakReplay } from '../../core/evaluate/backtest/outbreak.ts';
import type { RuleChange } from '../../core/evaluate/backtest/rule-replay.ts';
import { isoDate, parseIsoDate } from '../../core/time/local-date.ts';
import { loadProfile } from '../config/load-profile.ts';
import { EXIT, HexsightError } from '../errors.ts';
import { backtestCharts, backtestMarkdown } from '../evaluate/backtest-markdown.ts';
import { type BacktestReport, backtestRun } from '../evaluate/backtest-run.ts';
import { htmlPage } from '../evaluate/html-page.ts';
import { type OutbreakReport, outbreakMarkdown } from '../evaluate/outbreak-markdown.ts';
import { readFacts } from '../evaluate/read-facts.ts';
import { villageCases } from '../evaluate/village-cases.ts';
import type { Progress } from '../progress.ts';
import { runPipeline } from '../run.ts';

export interface BacktestOptions {
  readonly snapshot?: string;
  readonly input?: string;
  readonly replayRule?: RuleChange;
  readonly out?: string;
}

/** Runs the pipeline first when raw files are given, then replays the snapshot. @throws HexsightError when the snapshot is of another profile */
export async function backtest(profile: string, options: BacktestOptions, progress: Progress): Promise<BacktestReport> {
  const { snapshot, input } = options;
  if (snapshot === undefined)
    throw new HexsightError(EXIT.usage, 'evaluate --backtest', [
      'give the snapshot to replay: --snapshot <folder> (with --input <folder> it is made there first)',
    ]);
  const loaded = loadProfile(profile);
  if (input !== undefined) await runPipeline({ profile, input, out: snapshot, force: false, progress });
  const { manifest, facts } = readFacts(snapshot, loaded.days);
  if (manifest.profile.id !== loaded.profile.id)
    throw new HexsightError(EXIT.usage, snapshot, [
      `this snapshot is of profile ${manifest.profile.id}, not ${loaded.profile.id}`,
    ]);
  return backtestRun(
    {
      profile: loaded.profile.id,
      snapshot: manifest.snapshot,
      facts,
      calendar: loaded.days,
      rules: loaded.alertRules,
      change: options.replayRule ?? null,
    },
    progress,
  );
}

/** Before this day of the year nothing was known to happen: thresholds are set on the days before. */
const CLEAN_END = '06-01';

/** A known outbreak from a file of daily counts by village: would the warnings have come in time? @throws InputError */
export function outbreak(files: {
  readonly daily: string;
  readonly villages: string;
  readonly year: number;
}): OutbreakReport {
  const { unknownVillages, ...cases } = villageCases(files, files.year);
  const { alertRules } = loadProfile('tainan');
  const cleanEndDay = `${files.year}-${CLEAN_END}`;
  const number = (rule: string, name: string): number => {
    const value = alertRules.rules.find(({ id }) => id === rule)?.parameters[name];
    if (value === undefined) throw new HexsightError(EXIT.config, 'alert-rules.json', [`rule ${rule} has no ${name}`]);
    return value;
  };
  const replay = outbreakReplay(cases, {
    cleanEndDay: parseIsoDate(cleanEndDay),
    leastObserved: number('series-daily', 'leastObserved'),
    leastInCluster: number('cluster-scan', 'leastObserved'),
    seriesAlpha: number('series-daily', 'alpha'),
    falseEpisodeDays: number('cluster-scan', 'falseEpisodeDays'),
  });
  return { format: 'hexsight-outbreak', year: files.year, cleanEndDay, unknownVillages, ...replay };
}

export function outbreakSummary({ cityDay, firstCluster, districts }: OutbreakReport): string {
  const day = (value: number | null): string => (value === null ? 'never' : isoDate(value));
  return [
    `city: ${day(cityDay)}`,
    `first cluster: ${firstCluster === null ? 'never' : `${isoDate(firstCluster.day)} ${firstCluster.district}`}`,
    ...districts
      .filter(({ byCluster }) => byCluster !== null)
      .map(({ district, byCluster, bySeries }) => `${district}: cluster ${day(byCluster)}, series ${day(bySeries)}`),
  ].join('\n');
}

export function writeOutbreak(folder: string, report: OutbreakReport, command: string): void {
  const out = resolve(folder);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'report.md'), outbreakMarkdown(report, command));
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report)}\n`);
}

export function writeBacktest(folder: string, report: BacktestReport, command: string): void {
  const out = resolve(folder);
  mkdirSync(out, { recursive: true });
  const charts = backtestCharts(report);
  const markdown = backtestMarkdown(report, command);
  for (const [name, svg] of charts) writeFileSync(join(out, `${name}.svg`), svg);
  writeFileSync(join(out, 'report.md'), markdown);
  writeFileSync(
    join(out, 'report.html'),
    htmlPage({ title: `hexsight: replay of ${report.profile}`, markdown, charts }),
  );
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report)}\n`);
}

/** The command as it is told in the report; no folders of the machine. */
export function backtestCommand(profile: string, { replayRule, input }: BacktestOptions): string {
  return [
    `hexsight evaluate --backtest ${profile}`,
    ...(input === undefined ? [] : ['--input <raw files>']),
    '--snapshot <folder>',
    ...(replayRule ? [`--replay-rule '${replayRule.rule}:${replayRule.parameter}=${replayRule.value}'`] : []),
  ].join(' ');
}

export function backtestSummary({ places, calibration, alerts, replayed }: BacktestReport): string {
  const all = calibration.bands[0];
  const percent = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`;
  return [
    ...places.map(
      ({ stream, replay }) =>
        `${stream}: ${
          replay.comparison
            .map(({ fraction, verdict, gain }) => `${100 * fraction} % ${verdict} (${percent(gain)})`)
            .join(', ') || 'not assessable'
        }`,
    ),
    `95 % intervals cover ${percent(all?.coverage95?.share)} of ${all?.weeks ?? 0} series-weeks`,
    `alerts: ${alerts.raisedPerDay.toFixed(2)} raised a day, ${alerts.admittedPerDay.toFixed(2)} within the budget`,
    ...(replayed
      ? [
          `${replayed.rule}:${replayed.parameter}=${replayed.value}: ${replayed.now.alerts} alerts in ${replayed.weeks} weeks instead of ${replayed.before.alerts}, kept ${percent(replayed.now.precision)} instead of ${percent(replayed.before.precision)}`,
        ]
      : []),
  ].join('\n');
}

/** `<rule id>:<parameter>=<value>` of a rule that can be replayed from the facts alone. */
export function ruleChange(text: string): RuleChange {
  const match = /^([a-z-]+):([A-Za-z]+)=(-?[\d.]+(?:e-?\d+)?)$/.exec(text);
  const [, rule, parameter, value] = match ?? [];
  const known = Object.keys(REPLAYED_RULES)
    .map((id) => `${id}:${REPLAYED_RULES[id as ReplayedRule].join('|')}`)
    .join(', ');
  if (!isReplayed(rule) || parameter === undefined || !Number.isFinite(Number(value)))
    throw new InvalidArgumentError(`expected <rule>:<parameter>=<value>, of ${known}`);
  if (!(REPLAYED_RULES[rule] as readonly string[]).includes(parameter))
    throw new InvalidArgumentError(`${rule} has ${REPLAYED_RULES[rule].join(', ')}`);
  if (!(Number(value) > 0)) throw new InvalidArgumentError('expected a value above 0');
  return { rule, parameter, value: Number(value) };
}

const isReplayed = (rule: string | undefined): rule is ReplayedRule => rule !== undefined && rule in REPLAYED_RULES;
