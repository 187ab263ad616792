import { MAIN_PER_DAYS } from '../../core/evaluate/case-result.ts';
import type { Estimate, GroupScore, PooledSetting } from '../../core/evaluate/summary.ts';
import { type DetectorRun, meanAmoc, type PlantedReport } from './planted-run.ts';
import { type Chart, lineChart } from './svg-plot.ts';
import { targetLines } from './targets.ts';

const AMOC_DELAY_MAX = 14;

const two = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(2);
const withInterval = ({ value, interval }: Estimate): string =>
  interval ? `${two(value)} (${two(interval.low)}–${two(interval.high)})` : two(value);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const setting = (run: DetectorRun, perDays: number): PooledSetting => {
  const found = run.summary.settings.find((entry) => entry.perDays === perDays);
  if (!found) throw new Error(`no setting of one per ${perDays} days`);
  return found;
};
const podOf = (groups: readonly GroupScore[], name: string): string =>
  two(groups.find(({ group }) => group === name)?.pod.value);

/** Charts of a planted run, by file name without `.svg`. */
export function plantedCharts({ detectors }: PlantedReport): ReadonlyMap<string, string> {
  const kappa: Chart = {
    title: 'POD by kappa, 1 false episode per 30 days, 95 % bootstrap intervals',
    xLabel: 'kappa = expected excess / √expected baseline',
    yLabel: 'POD',
    xMax: 12,
    yMax: 1,
    series: detectors.map((run) => ({
      name: run.detector,
      points: setting(run, MAIN_PER_DAYS)
        .groups.filter(({ group }) => group.startsWith('kappa '))
        .flatMap(({ group, pod }) =>
          pod.value === null
            ? []
            : [{ x: Number(group.slice(6)), y: pod.value, low: pod.interval?.low, high: pod.interval?.high }],
        ),
    })),
  };
  const amoc: Chart = {
    title: 'AMOC: penalised delay against false episodes (lower is better)',
    xLabel: 'false episodes per week and stream, on test days',
    yLabel: 'POD × median delay + (1 − POD) × 14, days',
    xMax: 2,
    yMax: AMOC_DELAY_MAX,
    series: detectors.map((run) => ({ name: run.detector, points: meanAmoc(run.results) })),
  };
  const delay: Chart = {
    title: 'Restricted mean delay by duration (missed = full duration)',
    xLabel: 'duration of the cluster, days',
    yLabel: 'days',
    xMax: 30,
    yMax: 30,
    series: detectors.map((run) => ({
      name: run.detector,
      points: setting(run, MAIN_PER_DAYS)
        .groups.filter(({ group }) => /^\d+ days$/.test(group))
        .map(({ group, restrictedMeanDelay }) => ({ x: Number.parseInt(group, 10), y: restrictedMeanDelay ?? 0 })), // a group holds clusters, so its mean exists
    })),
  };
  const falseRates: Chart = {
    title: 'Calibration: false episodes on test days against the nominal number (1 = as promised)',
    xLabel: 'nominal: false episodes per 30 days',
    yLabel: 'achieved / nominal',
    xMax: 5,
    yMax: 3,
    series: detectors.map((run) => ({
      name: run.detector,
      points: run.summary.settings
        .map(({ perDays, falseRateRatio }) => ({ x: 30 / perDays, y: Math.min(3, falseRateRatio.mean ?? 0) })) // a run has streams, so its mean exists
        .sort((a, b) => a.x - b.x),
    })),
  };
  return new Map([
    ['pod-by-kappa', lineChart(kappa)],
    ['amoc', lineChart(amoc)],
    ['delay', lineChart(delay)],
    ['false-rate', lineChart(falseRates)],
  ]);
}

/** The report as Markdown; charts are referred to as `<name>.svg` beside it. */
export function plantedMarkdown(report: PlantedReport, command: string): string {
  const { detectors, cases, paired } = report;
  const outbreaks = cases.reduce((sum, { outbreaks: n }) => sum + n, 0);
  const placebos = cases.reduce((sum, { placebos: n }) => sum + n, 0);
  const first = detectors[0];
  const parts = [
    '# Skill on planted clusters',
    `Made by \`${command}\`. ${cases.length} streams, ${outbreaks} planted clusters, ${placebos} placebos. Thresholds are set on clean calibration days and frozen; ` +
      'detectors see what was reported by each day unless their name says no-delay. Definitions: hit, episode, netPOD as in `core/stats/event-metrics.ts`. Intervals: 95 % bootstrap over clusters.',
    `## At most 1 false episode per ${MAIN_PER_DAYS} days and stream`,
    mainTable(detectors, MAIN_PER_DAYS),
    '![POD by kappa](pod-by-kappa.svg)',
    '![AMOC](amoc.svg)',
    '![Delay](delay.svg)',
    '![False rate](false-rate.svg)',
    '## By regime (events per cell and day)',
    table(
      [
        'detector',
        'regime',
        'netPOD',
        'placebo POD',
        'POD kappa 3/5/7/10',
        'share saved',
        'median delay',
        'false rate ratio',
        'AMOC area',
      ],
      detectors.flatMap((run) =>
        run.byRegime.map(({ regime, summary }) => {
          const main = summary.settings.find(({ perDays }) => perDays === MAIN_PER_DAYS)!;
          return [
            run.detector,
            regime,
            withInterval(main.all.netPod),
            two(main.all.placeboPod),
            [3, 5, 7, 10].map((kappa) => podOf(main.groups, `kappa ${kappa}`)).join(' / '),
            two(main.all.saved.value),
            main.all.medianDelayDetected ?? '–',
            two(main.falseRateRatio.mean),
            two(summary.amocArea),
          ];
        }),
      ),
    ),
    ...[7, 182].flatMap((perDays) => [`## At most 1 per ${perDays} days`, mainTable(detectors, perDays)]),
    ...(first ? [`## ${first.detector}: every group`, groupTable(first)] : []),
    ...(first ? ['## Targets', targetTable(first)] : []),
    ...(paired.length > 0
      ? [
          '## Paired with the others (McNemar, exact, same clusters)',
          table(
            ['first', 'second', 'only first', 'only second', 'p'],
            paired.map((test) => [
              test.first,
              test.second,
              test.onlyFirst,
              test.onlySecond,
              test.p === null ? '–' : test.p.toPrecision(2),
            ]),
          ),
        ]
      : []),
    ...(detectors.some(({ controls }) => controls.length > 0) ? ['## Negative controls', controlTable(detectors)] : []),
    '## Cost',
    table(
      ['detector', 'ms per stream and day', 'peak memory of the process, MB'],
      detectors.map(({ detector, cost }) => [detector, cost.millisecondsPerDay.toFixed(2), cost.peakRssMb.toFixed(0)]),
    ),
    '## Streams',
    cases.map(({ name, outbreaks: n }) => `* ${name}: ${n} clusters`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function mainTable(detectors: readonly DetectorRun[], perDays: number): string {
  return table(
    [
      'detector',
      'netPOD',
      'placebo POD',
      'POD kappa 3/5/7/10',
      'share saved',
      'median delay, d',
      'restricted mean, d',
      'FAR',
      'false rate ratio (worst)',
      'first alert precision / recall',
      'AMOC area, d',
    ],
    detectors.map((run) => {
      const at = setting(run, perDays);
      return [
        run.detector,
        withInterval(at.all.netPod),
        two(at.all.placeboPod),
        [3, 5, 7, 10].map((kappa) => podOf(at.groups, `kappa ${kappa}`)).join(' / '),
        withInterval(at.all.saved),
        at.all.medianDelayDetected ?? '–',
        two(at.all.restrictedMeanDelay),
        two(at.falseAlarmRatio),
        `${two(at.falseRateRatio.mean)} (${two(at.falseRateRatio.worst)})`,
        `${two(at.firstAlertPrecision)} / ${two(at.firstAlertRecall)}`,
        two(run.summary.amocArea),
      ];
    }),
  );
}

const groupTable = (run: DetectorRun): string =>
  table(
    ['group', 'clusters', 'POD', 'placebo POD', 'netPOD', 'share saved', 'median delay, d'],
    setting(run, MAIN_PER_DAYS).groups.map((group) => [
      group.group,
      group.clusters,
      withInterval(group.pod),
      two(group.placeboPod),
      withInterval(group.netPod),
      withInterval(group.saved),
      group.medianDelayDetected ?? '–',
    ]),
  );

const targetTable = (run: DetectorRun): string =>
  table(
    ['criterion', 'value', 'met'],
    targetLines(run).map(({ criterion, value, met }) => [
      criterion,
      value === null ? '–' : value.toFixed(3),
      met === null ? 'not judged' : met ? 'yes' : 'no',
    ]),
  );

const controlTable = (detectors: readonly DetectorRun[]): string =>
  table(
    [
      'detector',
      'episodes in storms',
      'expected by chance',
      'episodes in the 6 weeks after the level shift',
      'in the 6 weeks after that',
      'growth named after, days',
    ],
    detectors.map(({ detector, controls }) => {
      const sum = (value: (score: (typeof controls)[number]) => number): number =>
        controls.reduce((total, score) => total + value(score), 0);
      return [
        detector,
        sum(({ stormEpisodes }) => stormEpisodes),
        two(sum(({ stormEpisodesByChance }) => stormEpisodesByChance)),
        sum(({ shiftEpisodes }) => shiftEpisodes),
        sum(({ adaptedEpisodes }) => adaptedEpisodes),
        controls.map(({ estateDelayDays }) => estateDelayDays ?? 'never').join(', '),
      ];
    }),
  );
