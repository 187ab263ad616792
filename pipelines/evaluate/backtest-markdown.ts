import type { CalibrationBand } from '../../core/evaluate/backtest/calibration.ts';
import { PLACE_FRACTIONS, PLACE_SCORES, type PlaceReplay } from '../../core/evaluate/backtest/place-replay.ts';
import type { BacktestReport, ChronicPlace } from './backtest-run.ts';
import { lineChart } from './svg-plot.ts';

const number = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? '–' : value.toFixed(digits);
const percent = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined ? '–' : `${(100 * value).toFixed(digits)} %`;
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Charts of a replayed city, by file name without `.svg`. */
export function backtestCharts(report: BacktestReport): ReadonlyMap<string, string> {
  const bands = report.calibration.bands.filter(({ weeks }) => weeks > 0);
  const all = report.places[0]?.replay;
  const scores = all?.scores.flatMap(({ name, result }) =>
    result.kind === 'assessed' ? [{ name, at: result.at }] : [],
  );
  return new Map([
    [
      'pit',
      lineChart({
        title: 'Randomised PIT of weekly counts, last 52 weeks (flat at 0.1 = calibrated)',
        xLabel: 'probability integral transform, tenths',
        yLabel: 'share of weeks',
        xMax: 1,
        yMax: Math.max(0.2, ...bands.flatMap(({ pit }) => [...pit])),
        series: bands.map(({ name, pit }) => ({
          name,
          points: Array.from(pit, (y, i) => ({ x: (i + 0.5) / pit.length, y })),
        })),
      }),
    ],
    [
      'places',
      lineChart({
        title: 'Events captured by the named cells, all categories, rolling months',
        xLabel: 'share of the cells named, %',
        yLabel: 'mean hit rate',
        xMax: 12,
        yMax: 1,
        series: (scores ?? []).map(({ name, at }) => ({
          name,
          points: at.map(({ fraction, meanHitRate }) => ({ x: 100 * fraction, y: meanHitRate })),
        })),
      }),
    ],
  ]);
}

/** The report as Markdown; charts are referred to as `<name>.svg` beside it. */
export function backtestMarkdown(report: BacktestReport, command: string): string {
  const { alerts, holes, chronic, calibration: calibrated, replayed } = report;
  const parts = [
    `# Replay of ${report.profile}`,
    `Made by \`${command}\` from snapshot \`${report.snapshot}\`: ${report.rows} incidents of ${report.window.firstDay} to before ${report.window.endDay}, ${report.cells} cells of resolution 8. ` +
      'Everything is forecast or assessed from what lay before it. Reports are taken as known on their day where the source gives no other.',
    '## Where next month? Place forecast against simpler counts',
    `Rolling monthly origins, whole calendar months; months that were not delivered are left out. Named cells: ${PLACE_FRACTIONS.map((f) => `${100 * f} %`).join(', ')} of the study cells. ` +
      'PAI means are not to be compared between streams or shares. Verdict: the forecast against the decayed count, `equals` below 2 % either way.',
    table(
      [
        'stream',
        'months',
        'events',
        ...PLACE_SCORES.map((name) => `${name}: PAI (PEI*)`),
        'verdict at 1 / 5 / 10 %',
        'paired PAI difference, 95 %',
      ],
      report.places.map(({ stream, replay }) => placeRow(stream, replay)),
    ),
    '![Places](places.svg)',
    '## Are the stated probabilities of the weekly series right?',
    `City and districts × groups, last 52 weeks, ${calibrated.series} series. Coverage of whole-number intervals is above the stated one where counts are small; "randomised" takes that off. ` +
      'Series are not independent: the exact intervals are too narrow. Log score: against a plain quasi-Poisson regression with trend and season on the same weeks; below 0 % = ours is better.',
    table(
      [
        'expected a week',
        'weeks',
        '95 % covers',
        'randomised',
        '50 % covers',
        `p ≤ ${calibrated.alpha} (95 %)`,
        'log score, excess',
      ],
      calibrated.bands.map(bandRow),
    ),
    `Not assessed, series-weeks: ${
      Object.entries(calibrated.notAssessed)
        .map(([why, n]) => `${why} ${n}`)
        .join(', ') || 'none'
    }.`,
    '![PIT](pit.svg)',
    '## What was not delivered',
    `* Weeks of the last 52 with a hole in a city series: ${holes.weeks}; series-weeks that are holes: ${holes.seriesWeeks}\n` +
      `* Hole weeks that were assessed all the same (must be 0): ${holes.assessed}\n` +
      `* Clusters or exceedances that end in a hole week of their group (must be 0): ${holes.alerts}`,
    `## Alert load, last ${alerts.weeks} weeks`,
    `Space-time clusters, weekly series and recurring problems through the alert engine (merging, identity, budget). Raised ${alerts.raised} (${number(alerts.raisedPerDay, 2)} a day), within the budget ${alerts.withinBudget} (${number(alerts.admittedPerDay, 2)} a day for the city), ${number(alerts.perDivisionWeek, 3)} per division-week. ` +
      `Of cluster alerts ${percent(alerts.standingTwoDays, 0)} were renewed on a later evening; cells of one evening and the next overlap ${number(alerts.overlap, 2)} (mean Jaccard).`,
    table(
      ['rule', 'raised first', 'judged', 'kept in the next 7 days', 'share kept'],
      Object.entries(alerts.byRule).map(([rule, { raised, judged, kept, precision }]) => [
        rule,
        raised,
        judged,
        kept,
        percent(precision, 0),
      ]),
    ),
    ...(chronic.length > 0 ? ['## Places with the most reports', ...chronic.flatMap(chronicParts)] : []),
    ...(replayed
      ? [
          '## One threshold changed',
          `\`${replayed.rule}:${replayed.parameter}=${replayed.value}\` (now ${replayed.was}): the last ${replayed.weeks} weeks would have had ${replayed.now.alerts} alerts of this rule instead of ${replayed.before.alerts}; kept ${replayed.now.kept} of ${replayed.now.judged} judged (${percent(replayed.now.precision, 0)}) instead of ${replayed.before.kept} of ${replayed.before.judged} (${percent(replayed.before.precision, 0)}).`,
        ]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function placeRow(stream: string, { months, events, scores, comparison }: PlaceReplay): (string | number)[] {
  return [
    stream,
    months,
    events,
    ...scores.map(({ result }) =>
      result.kind === 'assessed'
        ? result.at.map(({ meanPai, meanPeiStar }) => `${number(meanPai, 2)} (${number(meanPeiStar, 2)})`).join(', ')
        : result.why,
    ),
    comparison.map(({ verdict, gain }) => `${verdict} ${gain >= 0 ? '+' : '−'}${percent(Math.abs(gain))}`).join(', ') ||
      '–',
    comparison
      .map(({ difference, interval }) =>
        interval ? `${number(difference, 3)} [${number(interval.low, 3)}, ${number(interval.high, 3)}]` : '–',
      )
      .join(', ') || '–',
  ];
}

function bandRow(band: CalibrationBand): (string | number)[] {
  const { exceedanceInterval: interval, logScore } = band;
  return [
    band.name,
    band.weeks,
    percent(band.coverage95?.share),
    percent(band.randomised95),
    percent(band.coverage50?.share),
    interval
      ? `${percent(band.exceedanceShare, 2)} (${percent(interval.lower, 2)}–${percent(interval.upper, 2)})`
      : '–',
    logScore ? `${logScore.excess >= 0 ? '+' : '−'}${percent(Math.abs(logScore.excess), 2)}` : '–',
  ];
}

function chronicParts(chronic: ChronicPlace): string[] {
  return [
    `One cell of resolution 9${chronic.district === null ? '' : ` in ${chronic.district}`}: ${chronic.rows} reports, ${chronic.rowsInSpan} of them in the last 52 weeks. ` +
      `Named a recurring problem on ${chronic.mondaysNamed} of ${chronic.mondays} Mondays, for ${chronic.items} items; ${chronic.alerts.length} alerts touch it.`,
    ...(chronic.alerts.length === 0
      ? []
      : [
          table(
            ['alert', 'found first by', 'stands for', 'since', 'days it stood'],
            chronic.alerts.map(({ id, firstRule, headRule, since, daysStanding }) => [
              id,
              firstRule,
              headRule,
              since,
              daysStanding,
            ]),
          ),
        ]),
  ];
}
