import { ALL_CATEGORIES, type Alert } from '../contract/sense.ts';
import type { Words } from '../metric/verdict-words.ts';
import { type Band, bandOf, bandZ, recentCurve, seriesOf } from './counts.ts';
import { about, type Figure, type Sentence, sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import { categoryWords, divisionWords, isInside, nameOf } from './names.ts';
import { weekQuery } from './state.ts';
import type { BriefWeek } from './week.ts';

/** A place to talk about: an alert that stood in the week, else a division × category above its own normal. */
export interface Finding {
  /** Stable for the same finding in the same week. */
  readonly id: string;
  readonly from: 'alert' | 'series';
  /** 1..4; null = a series has no level. */
  readonly level: number | null;
  /** Alert id; null for a series. */
  readonly alert: string | null;
  /** Division that holds most of it (at least half); null = none does, or the city. */
  readonly division: number | null;
  readonly category: number;
  readonly title: Words;
  readonly evidence: Sentence;
  /** The rule of the level in words; null = no level. */
  readonly levelWhy: Words | null;
  readonly observed: Figure;
  /** Divisions of one level that share it, largest first. */
  readonly shares: readonly {
    readonly division: number;
    readonly name: Words;
    readonly observed: number;
    readonly share: number;
  }[];
  readonly cells: readonly number[];
  readonly resolution: number | null;
  /** WGS 84 degrees; null = where its division is. */
  readonly centre: readonly [number, number] | null;
  readonly curve: ReturnType<typeof recentCurve>;
  /** What speaks against it. */
  readonly doubts: readonly Words[];
}

export const MOST_PLACES = 5;
/** A division with less of it does not share it. */
export const LEAST_SHARE = 0.1;

export function outstandingPlaces(input: BriefInput, week: BriefWeek): readonly Finding[] {
  const found: Finding[] = alertsOf(input, week)
    .filter((alert) => alert.divisions.length > 0 && dispositionOf(input, alert.id) !== 'false')
    .map((alert) => fromAlert(input, week, alert));
  const picked: Finding[] = [];
  for (const finding of found)
    if (picked.length < MOST_PLACES && !picked.some((one) => meets(input, one, finding))) picked.push(finding);
  if (picked.length < MOST_PLACES)
    for (const band of exceedances(input, week)) {
      const finding = fromBand(input, week, band);
      if (picked.some((one) => meets(input, one, finding))) continue;
      picked.push(finding);
      if (picked.length === MOST_PLACES) break;
    }
  return picked;
}

export const dispositionOf = (input: BriefInput, alert: string) =>
  input.ledger.dispositions.find((one) => one.alert === alert)?.what ?? null;

/** Alerts within the budget that stood on a day of the week, highest level first. Older weeks have none: alerts are kept for two weeks after their end. */
export function alertsOf(input: BriefInput, week: BriefWeek): readonly Alert[] {
  const { alerts } = input;
  if (!alerts) return [];
  // What is in the register now was news in the weeks after it was raised.
  const knownAfter = alerts.engine?.identity.knownAfterDays ?? 0; // without it nothing is in the register by age
  const wasNews = (alerts.register ?? []).filter(({ since }) => since + knownAfter > week.firstDay);
  return [...alerts.alerts, ...alerts.ended, ...wasNews]
    .filter(({ since, lastDay }) => since < week.endDay && lastDay >= week.firstDay)
    .sort((a, b) => a.level - b.level || b.score - a.score || (a.id < b.id ? -1 : 1));
}

function meets(input: BriefInput, a: Finding, b: Finding): boolean {
  const { categories } = input.manifest.dictionaries;
  const kind = { end: (id: number) => categories[id]?.end ?? id + 1 };
  const place = { end: (id: number) => input.divisions.end[id] ?? id + 1 };
  const related = (tree: typeof kind, x: number, y: number) => isInside(tree, x, y) || isInside(tree, y, x);
  const sameKind =
    a.category === ALL_CATEGORIES || b.category === ALL_CATEGORIES || related(kind, a.category, b.category);
  const places = (one: Finding) =>
    one.division === null ? one.shares.map(({ division }) => division) : [one.division];
  return sameKind && places(a).some((x) => places(b).some((y) => related(place, x, y)));
}

function fromAlert(input: BriefInput, week: BriefWeek, alert: Alert): Finding {
  const category = categoryWords(input, alert.category);
  const shares = sharesOf(input, alert);
  const home = homeOf(alert);
  const where =
    home !== null
      ? divisionWords(input, home)
      : {
          zh: shares.map(({ name }) => name.zh).join('、'),
          en: shares.map(({ name }) => name.en).join(', '),
        };
  const observed: Figure = {
    metric: 'alert.observed',
    value: reportsOf(alert),
    text: null,
    query: { weeks: null, sources: [], category: null, division: null, alert: alert.id },
  };
  const curve =
    home === null ? null : recentCurve(input, { division: home, category: alert.category, week: week.index });
  return {
    id: alert.id,
    from: 'alert',
    level: alert.level,
    alert: alert.id,
    division: home,
    category: alert.category,
    title: { zh: `${where.zh}：${category.zh}`, en: `${where.en}: ${category.en}` },
    evidence: whySentence(alert, observed),
    levelWhy: alert.levelWhy,
    observed,
    shares,
    cells: alert.cells,
    resolution: alert.resolution,
    centre: alert.centre,
    curve,
    doubts: alert.quality.map(({ says }) => says),
  };
}

/** The alert's own sentence with its count as a figure, where the count stands in it once; else as it is. */
function whySentence(alert: Alert, figure: Figure): Sentence {
  const { why } = alert;
  const n = reportsOf(alert);
  const [zh, en] = [new RegExp(`(?<![\\d.])${n} 件`, 'g'), new RegExp(`(?<![\\d.–/])${n}(?![\\d.–/%])`, 'g')];
  if (why.zh.match(zh)?.length !== 1 || why.en.match(en)?.length !== 1) return sentence(why.zh, why.en);
  return sentence(why.zh.replace(zh, '{observed} 件'), why.en.replace(en, '{observed}'), { observed: figure });
}

/** A cluster counts distinct problems; the brief speaks of reports, as its tables do. */
const reportsOf = ({ reports, observed }: Alert): number => reports ?? observed;

/** Deepest division with at least half of it. */
function homeOf({ divisions }: Alert): number | null {
  const most = divisions.filter(({ share }) => share >= 0.5).sort((a, b) => b.level - a.level)[0];
  return most?.division ?? null;
}

/** Who shares it: the districts when several do, else the streets. */
export function sharesOf(input: BriefInput, { divisions }: Alert): Finding['shares'] {
  const level = (wanted: number) =>
    divisions
      .filter((part) => part.level === wanted && part.share >= LEAST_SHARE)
      .map(({ division, observed, share }) => ({ division, name: nameOf(input.divisions, division), observed, share }));
  const [outer, inner] = [level(1), level(2)];
  return outer.length > 1 || inner.length === 0 ? outer : inner;
}

/** Series of divisions (not of the city) above their bound in the week, farthest from normal first. */
export function exceedances(input: BriefInput, week: BriefWeek): readonly Band[] {
  const { series } = input;
  if (!series) return [];
  const found: { readonly band: Band; readonly z: number }[] = [];
  for (const at of seriesOf(series).values()) {
    if (series.index.division[at] === 0 || series.index.category[at] === ALL_CATEGORIES) continue;
    const band = bandOf(series, at, week.index);
    if (band?.verdict !== 'above') continue;
    const z = bandZ(band);
    if (z !== null) found.push({ band, z });
  }
  return found
    .sort((a, b) => b.z - a.z || a.band.division - b.band.division || a.band.category - b.band.category)
    .map(({ band }) => band);
}

function fromBand(input: BriefInput, week: BriefWeek, band: Band): Finding {
  const [where, category] = [divisionWords(input, band.division), categoryWords(input, band.category)];
  const observed: Figure = {
    metric: 'incidents',
    value: band.observed,
    text: null,
    query: weekQuery(week, { division: band.division, category: band.category }),
  };
  const [expected, lower, upper] = [band.expected ?? 0, band.lower ?? 0, band.upper ?? 0]; // known where a verdict was given
  const code = input.divisions.code[band.division] ?? String(band.division);
  const categoryCode = input.manifest.dictionaries.categories[band.category]?.code ?? 'all';
  return {
    id: `series-${week.iso}-${code}-${categoryCode}`,
    from: 'series',
    level: null,
    alert: null,
    division: band.division,
    category: band.category,
    title: { zh: `${where.zh}：${category.zh}`, en: `${where.en}: ${category.en}` },
    evidence: sentence(
      `{where}本周“{category}”{n} 件，常态约 ${about(expected)} 件（95% 区间 ${about(lower)}–${about(upper)}），高于正常范围。`,
      `{n} reports of {category} in {where} this week; normal is about ${about(expected)} (95 % ${about(lower)}–${about(upper)}): above its normal range.`,
      { where, category, n: observed },
    ),
    levelWhy: null,
    observed,
    shares: childShares(input, week, band),
    cells: [],
    resolution: null,
    centre: null,
    curve: recentCurve(input, { division: band.division, category: band.category, week: week.index }),
    doubts: band.filling ? [{ zh: '最近几天仍在补报', en: 'the last days are still filling' }] : [],
  };
}

/** The streets of a district with the same series, where they are published; a street stands for itself. */
function childShares(input: BriefInput, week: BriefWeek, { division, category, observed }: Band): Finding['shares'] {
  const { divisions, series } = input;
  const own = [{ division, name: nameOf(divisions, division), observed: observed ?? 0, share: 1 }]; // known where a verdict was given
  if (!series || divisions.level[division] !== 1 || !observed) return own;
  const rows = seriesOf(series);
  const children: { division: number; name: Words; observed: number; share: number }[] = [];
  for (let id = division + 1; id < (divisions.end[division] as number); id = divisions.end[id] as number) {
    const at = rows.get(id * 65_536 + category);
    const n = at === undefined ? null : (bandOf(series, at, week.index)?.observed ?? null);
    if (n !== null && n / observed >= LEAST_SHARE)
      children.push({ division: id, name: nameOf(divisions, id), observed: n, share: n / observed });
  }
  return children.length > 0
    ? children.sort((a, b) => b.observed - a.observed || a.division - b.division).slice(0, 4)
    : own;
}
