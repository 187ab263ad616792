import { type Condition, type Feed, hasCoordinates } from '../core/contract/profile.ts';
import { SOURCE_KINDS } from '../core/incident/dimensions.ts';
import type { LoadedProfile } from './config/load-profile.ts';
import { wantedColumns } from './steps/record-columns.ts';

/** The resolved contract of a profile in words: what is read, what is not, what becomes of a row. */
export function explain(loaded: LoadedProfile): string {
  const { profile, mapping } = loaded;
  const lines = [
    `${profile.name.zh} (${profile.name.en}), profile "${profile.id}"`,
    `Days, hours and weeks are in ${profile.zone}. ${profile.window ? `Window: ${profile.window.firstDay} up to but not including ${profile.window.endDay}.` : 'Window: from the first to the last accepted day.'}`,
    `Divisions, outermost first: ${profile.divisions.map((level) => `${level.name.zh} (${level.key}${level.made ? ', made outlines' : ''}) from ${level.file ?? `${level.dissolveFrom?.level}, united`}`).join('; ')}.`,
    `Cells: H3 resolution ${profile.grid.finest} down to ${profile.grid.coarsest}, all coarser counts by index parent.`,
    `Facts are cut by ${profile.publish.factsBy} and ${profile.publish.factsPeriod}. Sensitive categories: resolution ${profile.publish.sensitiveResolution}, no hour.`,
    `A file stops the run when more than ${percent(profile.thresholds.maxSwappedShare)} of its rows have swapped coordinates, ${percent(profile.thresholds.maxOutsideShare)} lie outside, or ${percent(profile.thresholds.maxRejectedShare)} cannot be read.`,
    '',
    'Sources:',
    ...profile.sources.map(
      (source) =>
        `  ${source.key}: ${source.name.zh} (${source.name.en}), ${SOURCE_KINDS[source.kind].zh} ${source.kind}, every ${source.cadenceDays} days`,
    ),
  ];
  for (const feed of profile.feeds)
    lines.push('', ...explainFeed(feed, Object.keys(mapping[feed.categories] ?? {}).length));
  return `${lines.join('\n')}\n`;
}

function explainFeed(feed: Feed, codes: number): string[] {
  const { fields } = feed;
  const text = (column: string | readonly string[]): string =>
    typeof column === 'string' ? column : column.join(' / ');
  const lines = [
    `Feed "${feed.id}": files ${feed.files}, ${feed.format.type}${'encoding' in feed.format ? ` in ${feed.format.encoding}` : ''}, coordinates ${feed.crs}${feed.zone ? `, clock of ${feed.zone}` : ''}.`,
    `  An incident of source "${feed.source}"${feed.routes.map((route) => `; of "${route.source}" when ${words(route.when)}`).join('')}.`,
    `  Identity: ${fields.id === '@row' ? 'file and row (the source has no id)' : text(fields.id)}${fields.revision ? `, later revision by ${fields.revision}` : ', the later row counts'}.`,
    `  Occurred: ${text(fields.occurred.column)} as ${fields.occurred.formats.join(' | ')}.`,
  ];
  if (fields.reported)
    lines.push(`  Reported: ${text(fields.reported.column)} as ${fields.reported.formats.join(' | ')}.`);
  if (fields.closed) lines.push(`  Closed: ${text(fields.closed.column)} as ${fields.closed.formats.join(' | ')}.`);
  lines.push(
    hasCoordinates(feed)
      ? `  Place: ${fields.point ? `${fields.point.column} (${fields.point.format})` : `${fields.lng}, ${fields.lat}`}; outside the study area: ${feed.outside === 'reject' ? 'rejected' : 'counted without a place'}.`
      : `  Place: no coordinates; ${fields.division || fields.place ? 'see below' : 'counted without a place'}.`,
    `  Category: ${text(fields.category)}, ${codes} codes mapped; other codes are counted as unmapped.`,
  );
  if (fields.place)
    lines.push(`  Without a coordinate: ${text(fields.place)}, looked up in the gazetteer of the profile.`);
  if (fields.division)
    lines.push(
      `  Own division: ${text(fields.division.column)}, ${fields.division.level} by ${fields.division.by}; tests the datum (a mistake: ${feed.datumMistake}) and places rows without a coordinate.`,
    );
  if (feed.scope.length > 0) lines.push(`  Only rows where ${words(feed.scope)}; others are rejected as not-in-scope.`);
  if (feed.duplicateWhen.length > 0) lines.push(`  Rejected as duplicate-marked when ${words(feed.duplicateWhen)}.`);
  if (feed.deletedWhen.length > 0) lines.push(`  Deleted when ${words(feed.deletedWhen)}.`);
  lines.push(`  Read columns: ${wantedColumns(feed).join(', ')}.`);
  for (const [column, reason] of Object.entries(feed.notRead)) lines.push(`  Not read: ${column} (${reason}).`);
  return lines;
}

function words(conditions: readonly Condition[]): string {
  return conditions
    .map((condition) => {
      const parts = [];
      if (condition.in) parts.push(`${condition.column} is ${condition.in.join(' or ')}`);
      if (condition.notIn) parts.push(`${condition.column} is not ${condition.notIn.join(' or ')}`);
      if (condition.contains !== undefined) parts.push(`${condition.column} contains "${condition.contains}"`);
      return parts.join(' and ');
    })
    .join(', and ');
}

const percent = (share: number): string => `${share * 100} %`;
