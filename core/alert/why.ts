import type { AlertRules } from '../contract/alert-rules.ts';
import type { Label } from '../contract/manifest.ts';
import { isoDate } from '../time/local-date.ts';
import type { Candidate, QualityFlag } from './candidate.ts';
import type { Levelled } from './level.ts';

/** Sentences of an alert, from fixed words: no adjective without a rule, no cause. */
export interface Names {
  readonly category: (id: number) => Label;
  readonly division: (id: number) => Label;
}

const ROMAN = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'] as const;

export const QUALITY_SAYS: Readonly<Record<QualityFlag, Label>> = {
  'thin-coverage': { zh: '该区域近期有来源报送不全', en: 'a source delivered less than usual here' },
  'not-delivered': { zh: '所看时段内有来源未报送', en: 'a source was not delivered in these days' },
  'still-filling': { zh: '最近几天仍在补报', en: 'the last days are still filling' },
  duplicates: { zh: '同一地点短时间内重复件偏多', en: 'many repeats from one place within hours' },
  'pile-up': {
    zh: '多数件落在同一个点（可能是默认坐标）',
    en: 'most reports lie on one point (perhaps a default coordinate)',
  },
  'channel-break': {
    zh: '所看时段内渠道或分类口径有变',
    en: 'a channel or a category definition changed in these days',
  },
  unlocated: { zh: '该类别未定位的件偏多', en: 'many reports of this category have no place' },
  'few-cases': { zh: '件数少', en: 'few cases' },
};

/** One decimal below ten, unless it is whole. */
const round = (value: number): string =>
  Number.isInteger(value) || value >= 10 ? Math.round(value).toString() : value.toFixed(1);
/** A normal this small says "hardly ever", not a number. */
const HARDLY = 0.1;
/** A ratio on a smaller base says nothing (UX.md 3). */
const LEAST_BASE = 20;
/** A division with less of it stands on the card, not in the sentence. */
const LEAST_NAMED = 0.1;
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 0.34 → 34 % */
const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Where it is, in words: the divisions that share it, largest first, with shares when there is more than one. */
export function placeWords(candidate: Candidate, names: Names): Label {
  if (candidate.place.kind === 'city') return { zh: '全市', en: 'the whole city' };
  const level = candidate.divisions.some((part) => part.level === 1) ? 1 : (candidate.divisions[0]?.level ?? 1);
  const deepest = Math.max(0, ...candidate.divisions.map((part) => part.level));
  const outer = candidate.divisions.filter((part) => part.level === level && part.share >= LEAST_NAMED);
  const inner = candidate.divisions.find((part) => part.level === deepest && deepest !== level);
  const word = (label: (id: number) => string, join: string): string =>
    outer.length > 1
      ? outer.map((part) => `${label(part.division)} ${percent(part.share)}`).join(join)
      : `${outer[0] ? label(outer[0].division) : ''}`;
  const at = inner ? { zh: names.division(inner.division).zh, en: names.division(inner.division).en } : null;
  if (candidate.place.kind === 'division') {
    const own = names.division(candidate.place.division);
    return { zh: own.zh, en: own.en };
  }
  const cells = candidate.place.cells.length;
  const name = (label: Label, en: boolean): string => (en ? label.en : label.zh);
  const main = outer[0] ? names.division(outer[0].division) : { zh: '', en: '' };
  const whole = (en: boolean): string =>
    en
      ? `${at ? `${at.en} and nearby, ` : ''}${name(main, true)} (${cells === 1 ? '1 cell' : `${cells} cells`}${outer.length > 1 ? `; ${word((id) => names.division(id).en, ', ')}` : ''})`
      : `${main.zh}${at ? `${at.zh}一带` : ''}（${cells} 个单元格${outer.length > 1 ? `，跨${word((id) => names.division(id).zh, '、')}` : ''}）`;
  return { zh: whole(false), en: whole(true) };
}

/** One sentence: where, how many of what in how many days, what is normal, how rare. */
export function whySentence(candidate: Candidate, names: Names): Label {
  const place = placeWords(candidate, names);
  const category = names.category(candidate.category);
  const days = candidate.period.endDay - candidate.period.firstDay;
  const { observed, expected, interval } = candidate;
  const normal = {
    zh:
      expected < HARDLY
        ? '常态几乎没有'
        : `常态约 ${round(expected)} ${countsProblems(candidate) ? '个' : '件'}（95% 区间 ${round(interval[0])}–${round(interval[1])}）`,
    en:
      expected < HARDLY
        ? 'normally there are hardly any'
        : `normal is about ${round(expected)} (95 % ${round(interval[0])}–${round(interval[1])})`,
  };
  const times =
    expected >= LEAST_BASE
      ? {
          zh: `，为常态的 ${(observed / expected).toFixed(1)} 倍`,
          en: `, ${(observed / expected).toFixed(1)} times it`,
        }
      : { zh: '', en: '' };
  const rare = rareWords(candidate);
  const dates = dateWords(candidate.period);
  const span =
    days % 7 === 0 && days >= 14
      ? { zh: `${days / 7} 周`, en: `${days / 7} weeks` }
      : { zh: `${days} 天`, en: days === 1 ? '1 day' : `${days} days` };
  if (candidate.kind === 'recurrence') {
    const shared = seamWords(candidate, names);
    if (days >= YEAR_DAYS)
      return {
        zh: `常年反复：${place.zh}近 ${days / 7} 周“${category.zh}”${observed} 件，多次在办结之后再来${shared.zh}；全市有此类件的地点同期平均 ${round(expected)} 件（97.5% 的地点不超过 ${round(interval[1])} 件）。`,
        en: `Year-round: ${observed} reports of ${category.en} at ${place.en} in ${days / 7} weeks, again and again after earlier ones were closed${shared.en}; places of the city that have any average ${round(expected)} in that time (97.5 % have at most ${round(interval[1])}).`,
      };
    return {
      zh: `办结后又来：${place.zh}${dates.zh}“${category.zh}”${observed} 件，在此前办结之后仍有反复；全市有此类件的地点同期平均 ${round(expected)} 件（97.5% 的地点不超过 ${round(interval[1])} 件）${shared.zh}。`,
      en: `Back after closure: ${observed} reports of ${category.en} at ${place.en}, ${dates.en}, with repeats after earlier ones were closed; places of the city that have any average ${round(expected)} in that time (97.5 % have at most ${round(interval[1])})${shared.en}.`,
    };
  }
  const lead: Record<Exclude<Candidate['kind'], 'recurrence'>, Label> = {
    cluster: { zh: '', en: '' },
    series: { zh: '', en: '' },
    emerging: { zh: '新近成为热点：', en: 'Newly a hot spot: ' },
    'slow-growth': { zh: '数周来缓慢上升：', en: 'Slow growth over weeks: ' },
  };
  const opening =
    candidate.rule === 'level-change'
      ? { zh: '持续高于以往：', en: 'Above its level of the year before, for weeks: ' }
      : lead[candidate.kind];
  const counted = countWords(candidate);
  return {
    zh: `${opening.zh}${place.zh}${dates.zh}（${span.zh}）“${category.zh}”${counted.zh}，${normal.zh}${times.zh}${rare.zh}。`,
    en: `${opening.en}${counted.en} of ${category.en} in ${place.en}, ${dates.en} (${span.en}); ${normal.en}${times.en}${rare.en}.`,
  };
}

/** From so many days on it is said in weeks and not by dates. */
const YEAR_DAYS = 364;
/** Of a problem on a border both sides have at least this much. */
const SEAM_SHARE = 0.25;

/** Streets that both have a good part of one place's reports: neither sees more than its own. */
function seamWords({ divisions }: Candidate, names: Names): Label {
  const deepest = Math.max(0, ...divisions.map(({ level }) => level));
  const sides = divisions.filter(({ level, share }) => level === deepest && share >= SEAM_SHARE);
  if (sides.length < 2) return { zh: '', en: '' };
  const list = (en: boolean): string =>
    sides
      .map(
        ({ division, share }) => `${en ? names.division(division).en : names.division(division).zh} ${percent(share)}`,
      )
      .join(en ? ', ' : '、');
  return { zh: `；地处交界，${list(false)}`, en: `; on a border: ${list(true)}` };
}

const countsProblems = ({ observed, reports }: Pick<Candidate, 'observed' | 'reports'>): boolean =>
  reports !== undefined && reports !== observed;

/** 12 件, or, where repeated reports of one problem count once: 12 个不同问题（15 件）. */
function countWords({ observed, reports }: Candidate): Label {
  if (!countsProblems({ observed, reports })) return { zh: `${observed} 件`, en: `${observed} reports` };
  return {
    zh: `${observed} 个不同问题（共 ${reports} 件）`,
    en: `${observed} distinct problems (${reports} reports)`,
  };
}

/** First and last day, as people write them: 11.2–11.8. */
function dateWords({ firstDay, endDay }: Candidate['period']): Label {
  const text = (day: number): { readonly zh: string; readonly en: string } => {
    const [, month = 1, date] = isoDate(day).split('-').map(Number);
    return { zh: `${month}.${date}`, en: `${date} ${MONTHS_EN[month - 1]}` };
  };
  const [first, last] = [text(firstDay), text(endDay - 1)];
  return first.zh === last.zh ? first : { zh: `${first.zh}–${last.zh}`, en: `${first.en}–${last.en}` };
}

/** A recurrence interval longer than this is said as "over 10 years": the tail is an extrapolation. */
const LONGEST_DAYS = 3650;

function rareWords({ recurrenceDays: days }: Candidate): Label {
  if (days === null) return { zh: '', en: '' };
  if (days >= LONGEST_DAYS) return { zh: '；偶然出现少于十年一次', en: '; by chance less than once in ten years' };
  const whole = Math.max(1, Math.round(days));
  return { zh: `；偶然出现约每 ${whole} 天一次`, en: `; by chance about once in ${whole} days` };
}

/** The points are told, but decide nothing: what has been there for long is no news. */
function registerSentence(parts: readonly (readonly [string, string, number])[], sum: number): Label {
  return {
    zh: `${parts.map(([zh, , n]) => `${zh} ${n}`).join(' + ')} = ${sum} 分；长期在册的地点不是新情况，一律为Ⅳ级`,
    en: `${parts.map(([, en, n]) => `${en} ${n}`).join(' + ')} = ${sum} points; a place of the register is no news: level Ⅳ whatever the points`,
  };
}

/** How the level came about, step by step, and why it was lowered. */
export function levelSentence(candidate: Candidate, levelled: Levelled, rules: AlertRules['level']): Label {
  const { points, sum, level, cappedFrom } = levelled;
  const parts: readonly (readonly [string, string, number])[] = [
    ['规模', 'size', points.size],
    [
      `把握${levelled.provenTo === null ? '' : '（规则的战绩所限）'}`,
      `certainty${levelled.provenTo === null ? '' : ' (limited by the rule’s record)'}`,
      points.certainty,
    ],
    ['增幅', 'growth', points.growth],
    ['严重程度', 'severity', points.severity],
    ['跨区', 'spread', points.spread],
  ];
  if (levelled.isRegistered) return registerSentence(parts, sum);
  const roman = ROMAN[(cappedFrom ?? level) - 1] as string;
  const flags = candidate.quality.filter((flag) => rules.capFlags.includes(flag));
  const cap = {
    zh:
      cappedFrom === null
        ? ''
        : `；${flags.map((flag) => QUALITY_SAYS[flag].zh).join('，')}，由${roman}级降为${ROMAN[level - 1]}级`,
    en:
      cappedFrom === null
        ? ''
        : `; lowered from ${roman} to ${ROMAN[level - 1]}: ${flags.map((flag) => QUALITY_SAYS[flag].en).join(', ')}`,
  };
  return {
    zh: `${parts.map(([zh, , n]) => `${zh} ${n}`).join(' + ')} = ${sum} 分，按规则为${roman}级（Ⅰ ≥ ${rules.levels.one} 且把握最高，Ⅱ ≥ ${rules.levels.two}，Ⅲ ≥ ${rules.levels.three}）${cap.zh}`,
    en: `${parts.map(([, en, n]) => `${en} ${n}`).join(' + ')} = ${sum} points: level ${roman} (Ⅰ from ${rules.levels.one} with the highest certainty, Ⅱ from ${rules.levels.two}, Ⅲ from ${rules.levels.three})${cap.en}`,
  };
}
