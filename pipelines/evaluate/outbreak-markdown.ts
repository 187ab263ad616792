import type { OutbreakReplay } from '../../core/evaluate/backtest/outbreak.ts';
import { isoDate, monthKey } from '../../core/time/local-date.ts';

export interface OutbreakReport extends OutbreakReplay {
  readonly format: 'hexsight-outbreak';
  readonly year: number;
  readonly cleanEndDay: string;
  readonly unknownVillages: readonly string[];
}

const day = (value: number | null): string => (value === null ? 'never' : isoDate(value));

/** The replay of a known outbreak as Markdown. */
export function outbreakMarkdown(report: OutbreakReport, command: string): string {
  const { firstCluster } = report;
  const named = report.districts
    .filter(({ byCluster, bySeries }) => byCluster !== null || bySeries !== null)
    .sort((a, b) => (a.byCluster ?? Number.POSITIVE_INFINITY) - (b.byCluster ?? Number.POSITIVE_INFINITY));
  const months = [...new Set(named.flatMap(({ clusterDays }) => clusterDays.map(monthKey)))].sort();
  const head = [
    'district',
    'first named by a cluster',
    'first exceedance of its daily series',
    ...months.map((month) => `days named in ${month}`),
  ];
  const rows = named.map(({ district, byCluster, bySeries, clusterDays }) => [
    district,
    day(byCluster),
    day(bySeries),
    ...months.map((month) => clusterDays.filter((one) => monthKey(one) === month).length),
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${[
    `# Replay of an outbreak, ${report.year}`,
    `Made by \`${command}\`. ${report.cases} cases by village and day, ${report.placed} of them in a village that the map knows (${report.unknownVillages.length} names it does not know). ` +
      'For evaluation only: the product reads no health records and has no profile for them. A day without a case counts as zero: the register is taken as complete.',
    `Cluster detector of the product on cells of resolution 8, threshold from the days before ${report.cleanEndDay}: ${report.threshold.toFixed(2)}${report.threshold === 0 ? ' (no clean day had as many cases together: every excess may speak)' : ''}. ` +
      'Series by the daily rule of `data/alert-rules.json`.',
    `* First alert of the city's daily series: ${day(report.cityDay)}; in the clean days before: ${report.cleanExceedances}\n` +
      `* First cluster: ${firstCluster === null ? 'never' : `${isoDate(firstCluster.day)} in ${firstCluster.district}, ${firstCluster.observed} cases where ${firstCluster.expected.toFixed(2)} were expected`}; ${report.clusters} cluster-days in the year`,
    table,
  ].join('\n\n')}\n`;
}
