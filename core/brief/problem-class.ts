import type { Words } from '../metric/verdict-words.ts';
import { type Band, bandAt, bandOf, bandZ, countIn, recentCurve, seriesOf } from './counts.ts';
import { about, type Figure, percentWords, type Sentence, sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import { categoryWords, nameOf } from './names.ts';
import { bandWords, weekQuery } from './state.ts';
import type { BriefWeek } from './week.ts';

/** One class of problem of the week: the category farthest above its own normal in the whole city, at most level 2. */
export interface ProblemClass {
  readonly category: number;
  readonly name: Words;
  readonly band: Band;
  readonly observed: Figure;
  readonly sentences: readonly Sentence[];
  /** Districts above their own normal in it. */
  readonly districts: readonly {
    readonly division: number;
    readonly name: Words;
    readonly observed: number;
    readonly expected: number;
  }[];
  readonly curve: ReturnType<typeof recentCurve>;
}

/** Null = no category of the city was assessed in this week. */
export function problemClass(input: BriefInput, week: BriefWeek): ProblemClass | null {
  const { categories } = input.manifest.dictionaries;
  const bands = categories
    .filter(({ level }) => level === 1 || level === 2)
    .flatMap(({ id }) => {
      const band = bandAt(input, { division: 0, category: id, week: week.index });
      const z = band && bandZ(band);
      return band && z !== null && band.verdict !== 'not-assessed' ? [{ band, z }] : [];
    });
  const best = bands.sort(
    (a, b) =>
      Number(b.band.verdict === 'above') - Number(a.band.verdict === 'above') ||
      b.z - a.z ||
      a.band.category - b.band.category,
  )[0];
  if (!best) return null;
  const { band } = best;
  const name = categoryWords(input, band.category);
  const observed: Figure = {
    metric: 'incidents',
    value: band.observed,
    text: null,
    query: weekQuery(week, { category: band.category }),
  };
  const districts = districtsAbove(input, week, band.category);
  const [expected, lower, upper] = [band.expected ?? 0, band.lower ?? 0, band.upper ?? 0]; // known where it was assessed
  const sentences: Sentence[] = [
    sentence(
      `${band.verdict === 'above' ? '' : '本周没有类别高于正常范围；离常态最远的是'}“{name}”：全市 {n} 件，常态约 ${about(expected)} 件（95% 区间 ${about(lower)}–${about(upper)}），{verdict}。`,
      `${band.verdict === 'above' ? '' : 'No category is above its normal range; farthest from normal is '}{name}: {n} in the city, normal about ${about(expected)} (95 % ${about(lower)}–${about(upper)}), {verdict}.`,
      { name, n: observed, verdict: bandWords(band.verdict) },
    ),
  ];
  const places = placesAbove(input, week, band.category);
  if (places)
    sentences.push(
      sentence(
        '有评估的{level}共 {assessed} 个，其中 {n} 个在这一类上高于自身正常范围。',
        '{level}: {assessed} assessed in it, {n} above their own normal range.',
        {
          level: input.manifest.divisionLevels.find(({ level }) => level === 2)?.name ?? SMALLER,
          assessed: both(String(places.assessed)),
          n: both(String(places.above)),
        },
      ),
    );
  const share = sourceShares(input, week, band.category);
  if (share) sentences.push(share);
  return {
    category: band.category,
    name,
    band,
    observed,
    sentences,
    districts,
    curve: recentCurve(input, { division: 0, category: band.category, week: week.index }),
  };
}

function districtsAbove(input: BriefInput, week: BriefWeek, category: number): ProblemClass['districts'] {
  const { divisions } = input;
  const out: { division: number; name: Words; observed: number; expected: number }[] = [];
  for (let id = 1; id < divisions.count; id = divisions.end[id] as number) {
    const band = bandAt(input, { division: id, category, week: week.index });
    if (band?.verdict !== 'above' || band.observed === null || band.expected === null) continue;
    out.push({ division: id, name: nameOf(divisions, id), observed: band.observed, expected: band.expected });
  }
  return out;
}

function placesAbove(
  input: BriefInput,
  week: BriefWeek,
  category: number,
): { readonly assessed: number; readonly above: number } | null {
  const { series, divisions } = input;
  if (!series) return null;
  let [assessed, above] = [0, 0];
  for (const at of seriesOf(series).values()) {
    if (series.index.category[at] !== category) continue;
    if (divisions.level[series.index.division[at] as number] !== 2) continue;
    const verdict = bandOf(series, at, week.index)?.verdict;
    if (verdict === undefined || verdict === 'not-assessed' || verdict === 'not-delivered') continue;
    assessed++;
    if (verdict === 'above') above++;
  }
  return assessed > 0 ? { assessed, above } : null;
}

/** By which sources it came; only where the cube can tell: a level-1 category. */
function sourceShares(input: BriefInput, week: BriefWeek, category: number): Sentence | null {
  const { sources, categories } = input.manifest.dictionaries;
  if (categories[category]?.level !== 1 || sources.length < 2) return null;
  const rows = sources.map((source) => ({
    source,
    n: countIn(input, { sources: [source.id], category, division: null }, week.index) ?? 0, // the cube lists every incident
  }));
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  if (total === 0) return null;
  const parts: Record<string, Figure | Words> = {};
  const shown = rows.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
  const text = shown.map(({ source, n }, i) => {
    parts[`n${i}`] = {
      metric: 'incidents',
      value: n,
      text: null,
      query: weekQuery(week, { category, sources: [source.id] }),
    };
    const share = percentWords(n / total);
    return {
      zh: `${source.name.zh} {n${i}} 件（${share.zh}）`,
      en: `${source.name.en} {n${i}} (${share.en})`,
    };
  });
  return sentence(
    `来源：${text.map(({ zh }) => zh).join('、')}。`,
    `Sources: ${text.map(({ en }) => en).join(', ')}.`,
    parts,
  );
}

const SMALLER: Words = { zh: '下级区划', en: 'Smaller divisions' };

const both = (text: string): Words => ({ zh: text, en: text });
