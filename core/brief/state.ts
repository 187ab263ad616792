import { ALL_CATEGORIES } from '../contract/sense.ts';
import { SOURCE_KINDS, type SourceKind } from '../incident/dimensions.ts';
import type { Comparison } from '../metric/comparison.ts';
import { changeSentence, type Words } from '../metric/verdict-words.ts';
import { comparedOver, type WeekChange, weekChange } from './change.ts';
import { type Band, bandAt, bandOf, countIn, seriesOf } from './counts.ts';
import { about, type Figure, type Query, type Sentence, sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import { categoryWords, daysWords } from './names.ts';
import type { BriefWeek } from './week.ts';

/** Unit of counting by kind of source. */
export const UNITS: Readonly<Record<SourceKind | 'all', Words>> = {
  all: { zh: '件', en: 'reports' },
  complaint: { zh: '件', en: 'requests' },
  police: { zh: '起', en: 'incidents' },
  dispute: { zh: '件', en: 'disputes' },
  other: { zh: '件', en: 'reports' },
};

/** One of the headline numbers. */
export interface Headline {
  readonly kind: SourceKind | 'all';
  readonly name: Words;
  readonly unit: Words;
  readonly figure: Figure;
  /** Null = the days are not read yet. */
  readonly change: WeekChange | null;
  /** The change in words; null with `change`. */
  readonly previous: Words | null;
  readonly yearAgo: Words | null;
  /** Same days from Spring Festival, only where they say something else. */
  readonly byFestival: Words | null;
  readonly festivalNote: Words | null;
  /** Every source of the kind is missing in this week: the number says nothing. */
  readonly missing: boolean;
}

const KIND_NAMES: Readonly<Record<Headline['kind'], Words>> = {
  all: { zh: '全部', en: 'All' },
  complaint: { zh: '群众诉求', en: 'Requests' },
  police: { zh: '警情', en: 'Police incidents' },
  dispute: { zh: '矛盾纠纷', en: 'Disputes' },
  other: { zh: '其他', en: 'Other' },
};

/** All, then the kinds of source that this city has: at most four numbers. */
export function headlines(input: BriefInput, week: BriefWeek): readonly Headline[] {
  const { sources } = input.manifest.dictionaries;
  const kinds = (Object.keys(SOURCE_KINDS) as SourceKind[]).filter((kind) => sources.some((one) => one.kind === kind));
  const shown = kinds.slice(0, 3);
  return [
    headline(input, week, 'all', []),
    ...(kinds.length > 1
      ? shown.map((kind) =>
          headline(
            input,
            week,
            kind,
            sources.filter((one) => one.kind === kind).map(({ id }) => id),
          ),
        )
      : []),
  ];
}

function headline(input: BriefInput, week: BriefWeek, kind: Headline['kind'], sources: readonly number[]): Headline {
  const n = countIn(input, { sources, category: null, division: null }, week.index) ?? 0; // the cube lists every incident
  const change = weekChange(input, week, sources);
  const year = change?.yearAgo ?? null;
  const festival = year?.disagree ? year.byFestival : null;
  const unit = UNITS[kind];
  const missing = everyMissing(input, week.index, sources);
  return {
    kind,
    name: KIND_NAMES[kind],
    unit,
    figure: {
      metric: 'incidents',
      value: missing ? null : n,
      text: missing ? { zh: '缺报', en: 'not delivered' } : null,
      query: weekQuery(week, { sources }),
    },
    change,
    previous: change && changeWords(change.previous.comparison, unit, comparedOver(change.previous)),
    yearAgo: year && changeWords(year.byWeek.comparison, unit, comparedOver(year.byWeek)),
    byFestival: festival && changeWords(festival.comparison, unit, comparedOver(festival)),
    festivalNote: year?.note ?? null,
    missing,
  };
}

/** The sentence of `verdict-words.ts`; when fewer than seven days are in, it says over how many the comparison goes. */
export function changeWords(comparison: Comparison, unit: Words, days: number | null): Words {
  const words = changeSentence(comparison, unit);
  if (days === null || days === 7) return words;
  return {
    zh: `按已报齐的 ${days} 天，${words.zh}`,
    en: `over the ${days} ${days === 1 ? 'day' : 'days'} that are in, ${words.en}`,
  };
}

export function weekQuery(
  week: Pick<BriefWeek, 'index'>,
  scope: {
    readonly sources?: readonly number[];
    readonly category?: number;
    readonly division?: number;
    readonly alert?: string;
  } = {},
): Query {
  const { sources = [], category = ALL_CATEGORIES, division = 0, alert = null } = scope;
  return {
    weeks: { first: week.index, end: week.index + 1 },
    sources,
    category: category === ALL_CATEGORIES ? null : category,
    division: division === 0 ? null : division,
    alert,
  };
}

function everyMissing(input: BriefInput, week: number, sources: readonly number[]): boolean {
  const entries = input.manifest.dictionaries.sources.filter(({ id }) => sources.length === 0 || sources.includes(id));
  const states = entries.flatMap(({ key }) => {
    const state = input.coverage?.sources.find((one) => one.key === key)?.states[0]?.[week];
    return state === undefined ? [] : [state];
  });
  return states.length > 0 && states.length === entries.length && states.every((state) => 'mbn'.includes(state));
}

const VERDICTS: Readonly<Record<Band['verdict'], Words>> = {
  above: { zh: '高于正常范围', en: 'above its normal range' },
  within: { zh: '在正常范围内', en: 'within its normal range' },
  below: { zh: '低于正常范围', en: 'below its normal range' },
  'not-assessed': { zh: '未评估', en: 'not assessed' },
  'not-delivered': { zh: '缺报', en: 'not delivered' },
};
export const bandWords = (verdict: Band['verdict']): Words => VERDICTS[verdict];

export const bandExpectedWords = (band: Band): Words | null =>
  band.expected === null || band.lower === null || band.upper === null
    ? null
    : {
        zh: `常态约 ${about(Math.round(band.expected))}（95% 区间 ${about(band.lower)}–${about(band.upper)}）`,
        en: `normal about ${about(Math.round(band.expected))} (95 % ${about(band.lower)}–${about(band.upper)})`,
      };

/** Level-1 categories of the city that lie outside their normal in this week, farthest first. */
export function categoriesOutside(
  input: BriefInput,
  week: number,
): { readonly above: readonly Band[]; readonly below: readonly Band[]; readonly assessed: number } {
  const bands = input.manifest.dictionaries.categories
    .filter(({ level }) => level === 1)
    .flatMap(({ id }) => bandAt(input, { division: 0, category: id, week }) ?? []);
  const far = (band: Band): number =>
    Math.abs((band.observed ?? 0) - (band.expected ?? 0)) / Math.sqrt(Math.max(1, band.expected ?? 0)); // both are known where a verdict was given
  const of = (verdict: Band['verdict']) =>
    bands.filter((band) => band.verdict === verdict).sort((a, b) => far(b) - far(a) || a.category - b.category);
  return {
    above: of('above'),
    below: of('below'),
    assessed: bands.filter(({ verdict }) => verdict !== 'not-assessed' && verdict !== 'not-delivered').length,
  };
}

/** The paragraph 总体态势: fixed sentences, each only where its numbers are known. */
export function stateParagraph(input: BriefInput, week: BriefWeek, numbers: readonly Headline[]): readonly Sentence[] {
  const all = numbers[0];
  if (!all) return [];
  const out: Sentence[] = [
    all.missing
      ? sentence(
          '{days}全部来源缺报，不能判断本周态势。',
          '{days}: no source delivered; nothing can be said of this week.',
          {
            days: daysWords(week.firstDay, week.endDay),
          },
        )
      : sentence('{days}共受理 {n} 件。', '{n} reports were received on {days}.', {
          days: daysWords(week.firstDay, week.endDay),
          n: all.figure,
        }),
  ];
  const band = bandAt(input, { division: 0, category: ALL_CATEGORIES, week: week.index });
  const expected = band && bandExpectedWords(band);
  if (band && expected)
    out.push(
      sentence(
        band.filling
          ? '按自身历史和目前的报送进度，{expected}，总量{verdict}。'
          : '按自身历史，{expected}，总量{verdict}。',
        band.filling
          ? 'By its own past and as far as reports have come in, {expected}: the total is {verdict}.'
          : 'By its own past, {expected}: the total is {verdict}.',
        { expected, verdict: bandWords(band.verdict) },
      ),
    );
  const isCompared =
    all.change?.previous.comparison.kind === 'compared' || all.change?.yearAgo.byWeek.comparison.kind === 'compared';
  if (isCompared && all.previous && all.yearAgo)
    out.push(
      sentence('环比{previous}；同比{year}。', 'Against the week before: {previous}; against last year: {year}.', {
        previous: all.previous,
        year: all.yearAgo,
      }),
    );
  if (all.byFestival && all.festivalNote)
    out.push(
      sentence('{note}；按距春节天数同比{festival}。', '{note}; by days from the festival: {festival}.', {
        note: all.festivalNote,
        festival: all.byFestival,
      }),
    );
  const { above, below, assessed } = categoriesOutside(input, week.index);
  if (assessed > 0) out.push(categorySentence(input, week, { above, below, assessed }));
  return out;
}

const MOST_NAMED = 3;

function categorySentence(
  input: BriefInput,
  week: BriefWeek,
  { above, below, assessed }: ReturnType<typeof categoriesOutside>,
): Sentence {
  if (above.length + below.length === 0)
    return sentence(
      '已评估的 {assessed} 个一级类别都在正常范围内。',
      'All {assessed} top categories that were assessed are within their normal range.',
      { assessed: { zh: String(assessed), en: String(assessed) } },
    );
  const parts: Record<string, Figure | Words> = { assessed: { zh: String(assessed), en: String(assessed) } };
  const list = (bands: readonly Band[], prefix: string): Words => {
    const items = bands.slice(0, MOST_NAMED).map((band, i) => {
      const name = categoryWords(input, band.category);
      const key = `${prefix}${i}`;
      parts[key] = {
        metric: 'incidents',
        value: band.observed,
        text: null,
        query: weekQuery(week, { category: band.category }),
      };
      const usual = about(Math.round(band.expected ?? 0)); // known where a verdict was given
      return {
        zh: `“${name.zh}” {${key}} 件（常态约 ${usual}）`,
        en: `${name.en} {${key}} (normal about ${usual})`,
      };
    });
    const more = bands.length - items.length;
    return {
      zh: items.map(({ zh }) => zh).join('、') + (more > 0 ? `等 ${bands.length} 类` : ''),
      en: items.map(({ en }) => en).join(', ') + (more > 0 ? ` and ${more} more` : ''),
    };
  };
  const [up, down] = [list(above, 'up'), list(below, 'down')];
  const zh = [above.length > 0 ? `高于正常范围的有${up.zh}` : '', below.length > 0 ? `低于正常范围的有${down.zh}` : ''];
  const en = [above.length > 0 ? `above normal: ${up.en}` : '', below.length > 0 ? `below normal: ${down.en}` : ''];
  const joined = (texts: readonly string[]) => texts.filter((text) => text !== '').join('；');
  return sentence(
    `已评估 {assessed} 个一级类别，${joined(zh)}。`,
    `Of {assessed} top categories assessed, ${en.filter((text) => text !== '').join('; ')}.`,
    parts,
  );
}

/** How many published weekly series were assessed in a week, and how many were above their bound. */
export function seriesTally(
  input: BriefInput,
  week: number,
): { readonly assessed: number; readonly above: number } | null {
  const { series } = input;
  if (!series) return null;
  let [assessed, above] = [0, 0];
  for (const at of seriesOf(series).values()) {
    const band = bandOf(series, at, week);
    if (!band || band.verdict === 'not-assessed' || band.verdict === 'not-delivered') continue;
    assessed++;
    if (band.verdict === 'above') above++;
  }
  return { assessed, above };
}
