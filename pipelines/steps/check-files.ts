import type { Manifest } from '../../core/contract/manifest.ts';
import type { Feed, Profile } from '../../core/contract/profile.ts';
import type { Quality } from '../../core/contract/quality.ts';
import { type DatumReading, type DatumTallies, datumVerdict } from '../../core/geo/datum-test.ts';
import type { RejectReason } from '../../core/incident/reasons.ts';
import { type ColumnVerdict, columnDrift, newCodes } from '../../core/quality/drift.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import { InputError } from '../errors.ts';
import type { InputFile } from './inputs.ts';
import type { PartSummary } from './part.ts';
import { wantedColumns } from './record-columns.ts';

/**
 * A file that is mostly wrong is a wrong file: nothing of it is published.
 *
 * @returns positions of files whose coordinates are not in the declared datum, where the feed says to go on without them
 * @throws InputError for all wrong files
 */
export function checkFiles(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  summaries: readonly PartSummary[],
): Set<number> {
  const doubtful = new Set<number>();
  const { thresholds } = loaded.profile;
  const problems: string[] = [];
  const broken: readonly RejectReason[] = [
    'wrong-column-count',
    'nul-byte',
    'field-too-long',
    'not-json',
    'number-lost-digits',
    'id-missing',
    'date-missing',
    'date-unreadable',
    'person-like-value',
  ];
  inputs.forEach((file, i) => {
    const summary = summaries[i] as PartSummary;
    const feed = loaded.profile.feeds[file.feedIndex] as Feed;
    const reasons = new Map<RejectReason, number>();
    for (const { reason } of summary.rejections) reasons.set(reason, (reasons.get(reason) ?? 0) + 1); // a count starts at nothing
    const share = (n: number): number => (summary.read === 0 ? 0 : n / summary.read); // an empty table has no bad share
    const check = (label: string, n: number, limit: number): void => {
      if (share(n) > limit)
        problems.push(
          `${file.name}: ${label} in ${n} of ${summary.read} rows (${(share(n) * 100).toFixed(1)} %, allowed ${limit * 100} %)`,
        );
    };
    check(
      'longitude and latitude look swapped',
      summary.unlocated['coordinate-swapped'] ?? 0, // absent = none seen
      thresholds.maxSwappedShare,
    );
    const outside = (summary.unlocated['coordinate-outside'] ?? 0) + (reasons.get('coordinate-outside') ?? 0); // idem
    check('coordinates outside the study area', outside, feed.maxOutsideShare ?? thresholds.maxOutsideShare);
    for (const reason of broken) check(`rejected (${reason})`, reasons.get(reason) ?? 0, thresholds.maxRejectedShare); // idem
    for (const { severity, message } of drift(loaded.profile, file, summary))
      if (severity === 'stop') problems.push(`${message.zh} ${message.en}`);
    const mistakes = summary.datum ? datumMistakes(file.name, summary.datum, thresholds.maxDatumShare) : [];
    if (mistakes.length > 0) doubtful.add(i);
    if (feed.datumMistake === 'stop') problems.push(...mistakes);
  });
  if (problems.length > 0) throw new InputError('input', problems);
  return doubtful;
}

/** What is wrong with a file's datum, as a whole or in single months, in words with the evidence. */
export function datumMistakes(name: string, tallies: DatumTallies, maxShare: number): string[] {
  const verdict = datumVerdict(tallies, { maxShare });
  const say = (where: string, reading: DatumReading): string[] =>
    reading.verdict === 'mixed' || reading.verdict === 'mislabelled'
      ? [
          `${name}${where}: ${((reading.share ?? Number.NaN) * 100).toFixed(0)} % (${((reading.low ?? Number.NaN) * 100).toFixed(0)}–${((reading.high ?? Number.NaN) * 100).toFixed(0)} %) of its points lie in ${reading.candidate}, not in the declared datum, ` +
            `by their own divisions at ${reading.discriminating} telling points of ${reading.points} 坐标系与登记不符`,
        ]
      : [];
  const whole = say('', verdict.whole);
  return whole.length > 0
    ? whole
    : Object.entries(verdict.months).flatMap(([month, reading]) => say(` (${month})`, reading));
}

/** The columns of a file against the contract of its feed. */
export function drift(profile: Profile, file: InputFile, summary: PartSummary): ColumnVerdict[] {
  const feed = profile.feeds[file.feedIndex] as Feed;
  return columnDrift({
    file: file.name,
    // What had to be there was there: the reader stops without it. JSON may leave out what a record does not have.
    read: wantedColumns(feed).filter((name) => summary.columns.includes(name)),
    notRead: Object.keys(feed.notRead),
    seen: summary.columns.filter((name) => name !== ''),
    before: null,
    values: Object.entries(summary.unreadable).map(([column, unreadable]) => ({
      column,
      unreadable,
      filled: summary.filled[column] ?? unreadable, // every column that can be unreadable is counted
    })),
    maxUnreadableShare: profile.thresholds.maxUnreadableShare,
  });
}

/** Codes of categories and divisions that nobody declared, feed by feed: their rows are counted, as unmapped or without their division. */
export function newCodeWarnings(
  profile: Profile,
  inputs: readonly InputFile[],
  summaries: readonly PartSummary[],
  quality: Quality,
): string[] {
  return profile.feeds.flatMap((feed) => {
    const divisions = new Map<string, number>();
    inputs.forEach((file, i) => {
      if (file.feed !== feed.id) return;
      for (const [code, rows] of Object.entries((summaries[i] as PartSummary).unknownDivisions))
        divisions.set(code, (divisions.get(code) ?? 0) + rows); // a sum starts at nothing
    });
    const known = (): boolean => false;
    const found = [
      newCodes({
        ...{ feed: feed.id, what: 'category', known },
        seen: quality.unmapped.filter((entry) => entry.feed === feed.id),
      }),
      newCodes({
        ...{ feed: feed.id, what: 'division', known },
        seen: [...divisions].map(([code, rows]) => ({ code, rows })),
      }),
    ];
    return found.flatMap(({ message }) => (message ? [`${message.zh} ${message.en}`] : []));
  });
}

export function warningsOf(
  loaded: LoadedProfile,
  inputs: readonly InputFile[],
  summaries: readonly PartSummary[],
  manifest: Manifest,
  quality: Quality,
): string[] {
  const warnings = inputs.flatMap((file, i) =>
    drift(loaded.profile, file, summaries[i] as PartSummary)
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => `${message.zh} ${message.en}`),
  );
  warnings.push(...newCodeWarnings(loaded.profile, inputs, summaries, quality));
  inputs.forEach((file, i) => {
    const { datum } = summaries[i] as PartSummary;
    if (datum)
      for (const mistake of datumMistakes(file.name, datum, loaded.profile.thresholds.maxDatumShare))
        warnings.push(`${mistake}; its rows are placed by their own division`);
  });
  const { unmapped, accepted } = manifest.totals;
  if (accepted > 0 && unmapped / accepted > loaded.profile.thresholds.unmappedShareToWarn) {
    warnings.push(
      `${unmapped} of ${accepted} incidents have a category without mapping (${((unmapped / accepted) * 100).toFixed(1)} %)`,
    );
  }
  for (const source of manifest.dictionaries.sources) {
    if (source.monthsMissing.length > 0)
      warnings.push(`source "${source.key}": no rows in ${source.monthsMissing.join(', ')}`);
  }
  return [...new Set(warnings)];
}
