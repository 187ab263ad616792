import { isoDate } from '../../core/time/local-date.ts';
import type { TruthReport } from './truth-run.ts';

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const day = (value: number | null): string => (value === null ? '–' : isoDate(value));
const median = (values: readonly number[]): string => {
  if (values.length === 0) return '–';
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[Math.floor(i)] as number;
  return String((at(sorted.length / 2) + at((sorted.length - 1) / 2)) / 2);
};

/** One line a kind; outbreaks also by κ. */
export function truthGroups({ plants }: Pick<TruthReport, 'plants'>) {
  const name = ({ kind, kappa }: TruthReport['plants'][number]): string =>
    kind === 'outbreak' && kappa !== null ? `outbreak, κ ${kappa}` : kind;
  const names = [...new Set(plants.map(name))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return names.map((group) => {
    const mine = plants.filter((plant) => name(plant) === group);
    const named = mine.filter(({ outcome }) => outcome === 'found');
    return {
      group,
      plants: mine.length,
      found: named.length,
      admitted: named.filter(({ admittedDay }) => admittedDay !== null).length,
      wider: mine.filter(({ outcome }) => outcome === 'wider').length,
      missed: mine.filter(({ outcome }) => outcome === 'missed').length,
      delays: named.flatMap(({ delay }) => delay ?? []),
      leads: named.flatMap(({ lead }) => lead ?? []),
    };
  });
}

/** The score of a sample city's published alerts as Markdown. */
export function truthMarkdown(report: TruthReport, command: string): string {
  const { falseAlerts, days } = report;
  const perDay = (n: number): string => (n / days).toFixed(2);
  const groups = truthGroups(report).map((group) => [
    group.group,
    group.plants,
    group.found,
    group.admitted,
    group.wider,
    group.missed,
    median(group.delays),
    median(group.leads),
  ]);
  const listed = report.plants
    .filter(({ kind }) => kind !== 'under-reporting' && kind !== 'quiet-place')
    .map((plant) => [
      plant.id,
      plant.kappa === null ? plant.kind : `${plant.kind}, κ ${plant.kappa}`,
      plant.outcome,
      day(plant.firstDay),
      plant.delay ?? '–',
      plant.lead ?? '–',
      day(plant.admittedDay),
      plant.by.join(', ') || '–',
    ]);
  const leftOut = Object.entries(report.leftOut).map(([kind, n]) => `${n} × ${kind}`);
  return `${[
    '# Published alerts against the truth of the sample city',
    `Made by \`${command}\`. Evenings ${isoDate(report.firstDay)} to ${isoDate(report.lastDay)} (${days} days, as replayed for \`alerts.json\`), ${report.alerts} alerts.`,
    '`found`: an alert of its category line names its place (half of the smaller of both sets of cells of resolution 8, at most 19 cells or four times the plant) — ' +
      'for outbreaks and placebos one raised after the onset and before the end, for what stands for months any that stood. `wider`: only a division or the city that holds it was named. ' +
      '`in budget`: of the found, named within the day’s budget. Delay and lead (days left until it ends, or the replay does) are medians of the found, in days; what began before the replay counts from its first evening.',
    table(['planted', 'number', 'found', 'in budget', 'wider', 'missed', 'delay', 'lead'], groups),
    `Placebos are footprints where nothing was planted: found ones are chance. No rule of the alerts looks for under-reporting and quiet places; the notice below does. ${leftOut.length > 0 ? `Not scored, because they were under way when the replay began: ${leftOut.join(', ')}.` : ''}`,
    `**Alerts that fit nothing planted:** ${falseAlerts.all} (${perDay(falseAlerts.all)} a day), within the budget ${falseAlerts.admitted} (${perDay(falseAlerts.admitted)} a day; budget ${report.budgetPerDay}). ` +
      `By what found them first: ${Object.entries(report.falseByKind)
        .sort(([, a], [, b]) => b - a)
        .map(([kind, n]) => `${kind} ${n}`)
        .join(
          ', ',
        )}. The made city has drift, near repeats and unplanted ups and downs of its own; they count as false here.`,
    `In the register and fit nothing planted: ${falseAlerts.registered}.`,
    ...reportingLines(report),
    report.silence.length > 0
      ? table(
          ['must raise nothing local', 'number', 'days', 'local alerts that fit nothing', 'by chance in as many days'],
          report.silence.map((one) => [one.kind, one.plants, one.days, one.alerts, one.byChance.toFixed(1)]),
        )
      : 'No storm, festival or weather day lies in the replay.',
    table(['plant', 'kind', 'outcome', 'first named', 'delay', 'lead', 'in budget from', 'by'], listed),
  ].join('\n\n')}\n`;
}

function reportingLines({ reporting }: TruthReport): string[] {
  if (!reporting) return [];
  const { compared, notices, underReporting, quiet } = reporting;
  const others = notices - underReporting.told - quiet.told;
  return [
    `**Places that report too little** (a notice about data, no alert): ${compared} places compared, ${notices} told. Planted under-reporting ${underReporting.told} of ${underReporting.planted}; ` +
      `truly quiet ${quiet.told} of ${quiet.planted}; others ${others}.`,
  ];
}
