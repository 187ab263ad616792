import type { DISPOSITIONS } from '../contract/ledger.ts';
import { ALL_CATEGORIES, type Alert } from '../contract/sense.ts';
import type { Words } from '../metric/verdict-words.ts';
import type { Band } from './counts.ts';
import { about, type Figure, type Sentence, sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import { categoryWords, divisionWords, isInside } from './names.ts';
import { exceedances } from './outstanding.ts';
import { coversWeek } from './seams.ts';
import { weekQuery } from './state.ts';
import type { BriefWeek } from './week.ts';

/** 预警复盘: what the rules said in the week and what people made of it. Null = not known for this week. */
export interface AlertRecord {
  /** New alerts of the week's evenings, and those the budget let in. */
  readonly raised: Figure;
  readonly withinBudget: Figure;
  /** By disposition, of alerts raised in the week. */
  readonly judged: Readonly<Record<(typeof DISPOSITIONS)[number], Figure>>;
  /** Districts × groups above their normal of which no alert spoke. */
  readonly missed: readonly { readonly name: Words; readonly figure: Figure; readonly expected: string }[] | null;
  readonly rules: readonly Sentence[];
  readonly notes: readonly Sentence[];
}

export function alertRecord(input: BriefInput, week: BriefWeek): AlertRecord {
  const { alerts, ledger } = input;
  const days = alerts?.replay.filter(({ day }) => day >= week.firstDay && day < week.endDay) ?? [];
  const known = days.length > 0;
  const sum = (name: 'raised' | 'withinBudget'): number | null =>
    known ? days.reduce((n, day) => n + day[name], 0) : null;
  const figure = (metric: string, value: number | null): Figure => ({
    metric,
    value,
    text: value === null ? UNKNOWN : null,
    query: weekQuery(week),
  });
  const said = ledger.dispositions.filter((one) => one.week === week.iso);
  const count = (what: (typeof DISPOSITIONS)[number]): Figure =>
    figure(`alerts.${what}`, said.filter((one) => one.what === what).length);
  const notes: Sentence[] = [];
  if (!alerts) notes.push(sentence('本快照没有研判提示。', 'This snapshot has no alerts.'));
  else if (!known)
    notes.push(
      sentence(
        '提示的逐日记录只回溯 12 周，本周已不在其中。',
        'Alerts are replayed for 12 weeks; this week is before them.',
      ),
    );
  else if (days.length < 7)
    notes.push(
      sentence('逐日记录只含本周 {n} 天。', 'The replay holds {n} days of this week.', {
        n: { zh: String(days.length), en: String(days.length) },
      }),
    );
  if (known && said.length === 0)
    notes.push(
      sentence('本周的提示还没有人登记处理结果。', 'Nobody has recorded yet what became of this week’s alerts.'),
    );
  return {
    raised: figure('alerts.raised', sum('raised')),
    withinBudget: figure('alerts.within-budget', sum('withinBudget')),
    judged: {
      confirmed: count('confirmed'),
      false: count('false'),
      watch: count('watch'),
      whistled: count('whistled'),
    },
    missed: missedOf(input, week),
    rules: (alerts?.rules ?? []).map(ruleSentence),
    notes,
  };
}

const UNKNOWN: Words = { zh: '无记录', en: 'no record' };

function ruleSentence(rule: NonNullable<BriefInput['alerts']>['rules'][number]): Sentence {
  const { weeks, raised, judged, kept } = rule.trackRecord;
  return sentence(
    `“${rule.name.zh}”第 ${rule.version} 版：近 ${weeks} 周提出 ${raised} 条，可检验 ${judged} 条，其后 7 天仍高于常态 ${kept} 条。`,
    `${rule.name.en}, version ${rule.version}: ${raised} raised in ${weeks} weeks, ${judged} old enough to check, ${kept} above normal again in the 7 days after.`,
  );
}

/** Exceedances of districts × groups without an alert on the same place and category; null where alerts of the week are not kept. */
function missedOf(input: BriefInput, week: BriefWeek): AlertRecord['missed'] {
  const { alerts, divisions, manifest } = input;
  if (!alerts || !input.series || !coversWeek(input, week)) return null;
  const all = [...alerts.alerts, ...alerts.rest, ...alerts.ended];
  const standing = all.filter(({ since, lastDay }) => since < week.endDay && lastDay >= week.firstDay);
  return exceedances(input, week)
    .filter(
      ({ division, category }) =>
        divisions.level[division] === 1 && manifest.dictionaries.categories[category]?.level === 1,
    )
    .filter((band) => !standing.some((alert) => speaksOf(input, alert, band)))
    .map((band) => ({
      name: {
        zh: `${divisionWords(input, band.division).zh}“${categoryWords(input, band.category).zh}”`,
        en: `${categoryWords(input, band.category).en} in ${divisionWords(input, band.division).en}`,
      },
      figure: {
        metric: 'incidents',
        value: band.observed,
        text: null,
        query: weekQuery(week, { division: band.division, category: band.category }),
      },
      expected: about(band.expected ?? 0), // known where a verdict was given
    }));
}

function speaksOf(input: BriefInput, alert: Alert, band: Band): boolean {
  const { categories } = input.manifest.dictionaries;
  const tree = { end: (id: number) => categories[id]?.end ?? id + 1 };
  const kind =
    alert.category === ALL_CATEGORIES ||
    isInside(tree, alert.category, band.category) ||
    isInside(tree, band.category, alert.category);
  return kind && (alert.divisions.length === 0 || alert.divisions.some(({ division }) => division === band.division));
}
