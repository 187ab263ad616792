import type { DecisionOutcome } from './decisions.ts';
import { type Sentence, sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import type { Finding } from './outstanding.ts';
import type { ProblemClass } from './problem-class.ts';
import type { Seams } from './seams.ts';
import type { BriefWeek } from './week.ts';

/**
 * What the rules propose for next week. Each line is one rule over figures that stand in the brief; no cause is named, no unit is ranked.
 * Proposed days to the deadline by level of the finding: Ⅰ 3, Ⅱ 7, all others 14 (a choice of the project, to be changed in the meeting).
 */
export function suggestions(
  input: BriefInput,
  week: BriefWeek,
  found: {
    readonly decisions: readonly DecisionOutcome[];
    readonly places: readonly Finding[];
    readonly problem: ProblemClass | null;
    readonly seams: Seams;
  },
): readonly Sentence[] {
  const out: Sentence[] = [];
  const overdue = found.decisions.filter(({ state }) => state === 'overdue');
  if (overdue.length > 0)
    out.push(
      sentence('{n} 项决定事项已过期限未办结，建议督办。', '{n} decided measures are past their deadline: follow up.', {
        n: both(String(overdue.length)),
      }),
    );
  for (const { title, level, shares } of found.places.filter(({ level: one }) => one !== null && one <= 2)) {
    const days = proposedDays(level);
    out.push(
      sentence(
        `建议${shares.map(({ name }) => name.zh).join('、')}核查“{title}”，${days} 日内反馈。`,
        `${shares.map(({ name }) => name.en).join(', ')}: look into “{title}” and report within ${days} days.`,
        { title },
      ),
    );
  }
  for (const { shares, category } of found.seams.seams.slice(0, 2))
    out.push(
      sentence(
        `“{category}”跨${shares.map(({ name }) => name.zh).join('、')}，建议联合核查，确定牵头单位。`,
        `{category} lies across ${shares.map(({ name }) => name.en).join(' and ')}: look into it together and name who leads.`,
        { category },
      ),
    );
  if (found.problem?.band.verdict === 'above')
    out.push(
      sentence('建议把“{name}”列为一类问题专题研判。', 'Take {name} as the class of problem to examine.', {
        name: found.problem.name,
      }),
    );
  for (const source of input.coverage?.sources ?? []) {
    const state = source.states[0]?.[week.index];
    const entry = input.manifest.dictionaries.sources.find(({ key }) => key === source.key);
    if (entry && (state === 'm' || state === 't'))
      out.push(
        sentence('请{name}补报本周数据。', 'Ask {name} to deliver what is missing of this week.', { name: entry.name }),
      );
  }
  return out;
}

/** Level 1..4; null = a series without level. */
export const proposedDays = (level: number | null): number => (level === 1 ? 3 : level === 2 ? 7 : 14);

const both = (text: string) => ({ zh: text, en: text });
