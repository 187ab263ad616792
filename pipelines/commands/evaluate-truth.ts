import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, HexsightError } from '../errors.ts';
import { truthGroups, truthMarkdown } from '../evaluate/truth-markdown.ts';
import { type TruthReport, truthRun } from '../evaluate/truth-run.ts';

/** Scores the alerts of a snapshot of a sample city. @throws HexsightError without a snapshot */
export function truth(file: string, snapshot: string | undefined): TruthReport {
  if (snapshot === undefined)
    throw new HexsightError(EXIT.usage, 'evaluate --truth', [
      'give the snapshot of the same city: --snapshot <folder>',
    ]);
  return truthRun({ truth: file, snapshot });
}

export function writeTruth(folder: string, report: TruthReport): void {
  const out = resolve(folder);
  mkdirSync(out, { recursive: true });
  const command = 'hexsight evaluate --truth <truth.json> --snapshot <folder>';
  writeFileSync(join(out, 'report.md'), truthMarkdown(report, command));
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report)}\n`);
}

export function truthSummary(report: TruthReport): string {
  const { falseAlerts, days } = report;
  return [
    ...truthGroups(report).map(
      ({ group, plants, found, admitted, wider }) =>
        `${group}: ${found} of ${plants} named (${admitted} within the budget), ${wider} only by a wider area`,
    ),
    `fit nothing planted: ${(falseAlerts.all / days).toFixed(2)} alerts a day, ${(falseAlerts.admitted / days).toFixed(2)} within the budget`,
    `in the register, fit nothing planted: ${falseAlerts.registered}`,
    ...(report.reporting
      ? [
          `under-reporting told: ${report.reporting.underReporting.told} of ${report.reporting.underReporting.planted}; quiet places ${report.reporting.quiet.told} of ${report.reporting.quiet.planted}; ${report.reporting.notices} notices of ${report.reporting.compared} places`,
        ]
      : []),
    ...report.silence.map(
      ({ kind, days: quiet, alerts, byChance }) =>
        `${kind}: ${alerts} local alerts in ${quiet} days, ${byChance.toFixed(1)} by chance`,
    ),
  ].join('\n');
}
