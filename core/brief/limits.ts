import { UNMAPPED_CATEGORY_ID } from '../incident/dimensions.ts';
import { isoDate } from '../time/local-date.ts';
import { countIn, unlocatedIn } from './counts.ts';
import { percentWords, type Sentence, sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import { weekQuery } from './state.ts';
import type { BriefWeek } from './week.ts';

/** What this brief cannot tell, and why: missing and thin feeds, days still filling, reports without a place or a category, kinds of data there are none of. */
export function limits(input: BriefInput, week: BriefWeek): readonly Sentence[] {
  const { manifest, coverage } = input;
  const { sources, categories } = manifest.dictionaries;
  const out: Sentence[] = [];
  if (!week.whole)
    out.push(
      sentence(
        '本周不足七天在统计期内（统计期 {from} 至 {to}），不作环比、同比。',
        'Fewer than seven days of this week lie inside the data ({from} to {to}): no comparison is made.',
        {
          from: both(isoDate(manifest.window.firstDay)),
          to: both(isoDate(manifest.window.endDay - 1)),
        },
      ),
    );
  for (const { key, name } of sources) {
    const source = coverage?.sources.find((one) => one.key === key);
    const state = source?.states[0]?.[week.index];
    if (state === 'm' || state === 'b' || state === 'n')
      out.push(
        state === 'b'
          ? sentence('{name}本周尚未开始报送。', '{name} had not begun to deliver.', { name })
          : state === 'n'
            ? sentence('{name}本周的数据尚未到报送时间。', '{name}: this week is not due yet.', { name })
            : sentence('{name}本周缺报，不是 0 件。', '{name} did not deliver this week; that is not zero.', { name }),
      );
    else if (state === 't')
      out.push(
        sentence(
          '{name}本周报送不全，件数偏少不等于平静。',
          '{name} delivered only part of this week; few reports do not mean quiet.',
          {
            name,
          },
        ),
      );
    if (source && 'dtz'.includes(state ?? '')) {
      const from = Math.max(week.firstDay, manifest.window.endDay - source.fillingDays);
      if (from < week.endDay)
        out.push(
          sentence(
            '{name} {from} 起的数据未齐，件数还会增加。',
            '{name}: from {from} on reports are still coming in.',
            {
              name,
              from: both(isoDate(from)),
            },
          ),
        );
    }
  }
  if (!coverage)
    out.push(
      sentence(
        '本快照没有报送情况文件，不知道哪些来源缺报、哪些天未齐。',
        'This snapshot has no file on deliveries: which feeds are missing and which days still fill is not known.',
      ),
    );
  const total = countIn(input, { sources: [], category: null, division: null }, week.index) ?? 0; // the cube lists every incident
  const unlocated = unlocatedIn(input, week.index);
  if (total > 0 && unlocated > 0)
    out.push(
      sentence(
        '{n} 件未定位（占 {share}），计入总数，不进入地图和区划。',
        '{n} reports have no place ({share}): in the totals, on no map and in no division.',
        {
          n: { metric: 'unlocated', value: unlocated, text: null, query: weekQuery(week) },
          share: percentWords(unlocated / total),
        },
      ),
    );
  const unmapped = countIn(input, { sources: [], category: UNMAPPED_CATEGORY_ID, division: null }, week.index) ?? 0; // the same cube
  const unmappedEntry = categories[UNMAPPED_CATEGORY_ID];
  if (total > 0 && unmapped > 0 && unmappedEntry)
    out.push(
      sentence(
        '{n} 件的来源代码未归类（占 {share}）。',
        '{n} reports have a source code without a category ({share}).',
        {
          n: {
            metric: 'incidents',
            value: unmapped,
            text: null,
            query: weekQuery(week, { category: UNMAPPED_CATEGORY_ID }),
          },
          share: percentWords(unmapped / total),
        },
      ),
    );
  if (!sources.some(({ kind }) => kind === 'dispute'))
    out.push(sentence('本市没有矛盾纠纷来源。', 'This city has no source of disputes.'));
  if (!sources.some(({ kind }) => kind === 'police'))
    out.push(sentence('本市没有警情来源。', 'This city has no source of police incidents.'));
  if (!input.series)
    out.push(
      sentence(
        '本快照没有常态序列，不能判断是否超出正常范围。',
        'This snapshot has no series of what is normal: whether anything is out of the ordinary cannot be told.',
      ),
    );
  return out;
}

const both = (text: string) => ({ zh: text, en: text });
