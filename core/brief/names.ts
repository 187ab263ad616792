import { ALL_CATEGORIES } from '../contract/sense.ts';
import type { Words } from '../metric/verdict-words.ts';
import { civilOf } from '../time/local-date.ts';
import type { BriefInput } from './input.ts';

export const ALL_WORDS: Words = { zh: '全部类别', en: 'all categories' };

export function categoryWords({ manifest }: Pick<BriefInput, 'manifest'>, id: number): Words {
  if (id === ALL_CATEGORIES) return ALL_WORDS;
  return manifest.dictionaries.categories[id]?.name ?? { zh: String(id), en: String(id) };
}

/** The division with the one of level 1 that holds it before it: 姑苏区金阊街道. */
export function divisionWords({ divisions, manifest }: Pick<BriefInput, 'divisions' | 'manifest'>, id: number): Words {
  if (id === 0) return { zh: '全市', en: 'the whole city' };
  const own = nameOf(divisions, id);
  let top = id;
  while ((divisions.level[top] as number) > 1) top = divisions.parent[top] ?? 0;
  if (top === id || top === 0) return own;
  const outer = nameOf(divisions, top);
  // Communities and grids keep the street between, which says where they are.
  let street = id;
  while ((divisions.level[street] as number) > 2) street = divisions.parent[street] ?? 0;
  const middle = street === id ? { zh: '', en: '' } : nameOf(divisions, street);
  void manifest;
  return {
    zh: `${outer.zh}${middle.zh}${own.zh}`,
    en: [own.en, middle.en, outer.en].filter((part) => part !== '').join(', '),
  };
}

export function nameOf(divisions: BriefInput['divisions'], id: number): Words {
  const zh = divisions.name[id] ?? String(id);
  return { zh, en: divisions.nameEn[id] ?? zh };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** 11月9日–15日, 9–15 Nov; half-open days. */
export function daysWords(firstDay: number, endDay: number): Words {
  const [from, to] = [civilOf(firstDay), civilOf(endDay - 1)];
  const same = from.month === to.month;
  return {
    zh: `${from.month}月${from.date}日–${same ? '' : `${to.month}月`}${to.date}日`,
    en: `${from.date}${same ? '' : ` ${MONTHS[from.month - 1]}`}–${to.date} ${MONTHS[to.month - 1]}`,
  };
}

export const dayWords = (day: number): Words => {
  const { year, month, date } = civilOf(day);
  return { zh: `${year}年${month}月${date}日`, en: `${date} ${MONTHS[month - 1]} ${year}` };
};

/** Is one the other, or inside it? */
export function isInside(tree: { readonly end: (id: number) => number }, inner: number, outer: number): boolean {
  return inner === outer || (outer < inner && inner < tree.end(outer));
}
