import type { Comparison, NotComparable, Verdict } from './comparison.ts';
import { wholeNumber } from './whole-number.ts';

/** Fixed words for verdicts: 明显, 有所 and 正常波动 are bound to the rule in `comparison.ts`; nothing else may say them. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, Words>> = {
  'clear-rise': { zh: '明显上升', en: 'clear rise' },
  'some-rise': { zh: '有所上升', en: 'some rise' },
  normal: { zh: '正常波动', en: 'normal variation' },
  'some-fall': { zh: '有所下降', en: 'some fall' },
  'clear-fall': { zh: '明显下降', en: 'clear fall' },
  'too-few': { zh: '样本太少', en: 'too few to tell' },
};

export const NOT_COMPARABLE_WORDS: Readonly<Record<NotComparable, Words>> = {
  break: { zh: '不可比：口径有变', en: 'not comparable: the way of counting changed' },
  'missing-days': { zh: '不可比：数据缺失', en: 'not comparable: days are missing' },
  'still-filling': { zh: '数据未齐', en: 'data still coming in' },
  'no-counterpart': { zh: '不可比：无对应时段', en: 'not comparable: no such period to compare with' },
  'bad-count': { zh: '不可比：计数有误', en: 'not comparable: not a count' },
};

export const verdictWords = (comparison: Comparison): Words =>
  comparison.kind === 'compared' ? VERDICT_WORDS[comparison.verdict] : NOT_COMPARABLE_WORDS[comparison.why];

const rounded = (percent: number): string => Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0);

/**
 * The change in one clause: `由 120 件增至 156 件，上升 30%（有所上升）`. `unit` 件, 起 or 宗. For unequal windows the percentage is of
 * the daily rate and the clause says so.
 */
export function changeSentence(comparison: Comparison, unit: Words = { zh: '件', en: 'cases' }): Words {
  const word = verdictWords(comparison);
  if (comparison.kind !== 'compared') return word;
  const { before, after, percent } = comparison;
  const [n1, n2] = [before.n, after.n];
  const equal = before.days === after.days;
  const moved =
    n2 > n1 ? { zh: '增至', en: 'up to' } : n2 < n1 ? { zh: '降至', en: 'down to' } : { zh: '仍为', en: 'still' };
  const days = (n: number): Words => (equal ? { zh: '', en: '' } : { zh: `（${n} 天）`, en: ` (${n} days)` });
  const by =
    percent === null || rounded(percent) === '0.0'
      ? { zh: '', en: '' }
      : {
          zh: `，${equal ? '' : '日均'}${percent > 0 ? '上升' : '下降'} ${rounded(percent)}%`,
          en: `, ${equal ? '' : 'a day '}${percent > 0 ? '+' : '−'}${rounded(percent)} %`,
        };
  return {
    zh: `由 ${wholeNumber(n1)} ${unit.zh}${days(before.days).zh}${moved.zh} ${wholeNumber(n2)} ${unit.zh}${days(after.days).zh}${by.zh}（${word.zh}）`,
    en: `${wholeNumber(n1)} ${unit.en}${days(before.days).en} ${moved.en} ${wholeNumber(n2)}${days(after.days).en}${by.en} (${word.en})`,
  };
}
