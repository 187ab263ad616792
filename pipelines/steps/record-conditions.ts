import type { Condition } from '../../core/contract/profile.ts';
import type { RecordBlock } from '../io/readers/records.ts';
import type { CellText } from './cell-text.ts';
import type { ColumnFinder } from './record-columns.ts';

export type Test = (block: RecordBlock, base: number) => boolean;

/** All conditions hold; null when there are none. A word is judged once. */
export function predicate(
  conditions: readonly Condition[],
  at: ColumnFinder,
  field: string,
  texts: () => CellText,
): Test | null {
  if (conditions.length === 0) return null;
  const tests = conditions.map((condition) => {
    const cell = at.one(condition.column, field);
    const isIn = condition.in ? new Set(condition.in) : null;
    const notIn = condition.notIn ? new Set(condition.notIn) : null;
    const holds = (value: string): boolean => {
      if (isIn && !isIn.has(value)) return false;
      if (notIn?.has(value)) return false;
      return condition.contains === undefined || value.includes(condition.contains);
    };
    const words = texts();
    const verdicts: boolean[] = [];
    return (block: RecordBlock, base: number): boolean => {
      const from = block.start[base + cell] as number;
      const to = block.end[base + cell] as number;
      const id = words.idOf(block.bytes, from, to);
      if (id < 0) return holds(words.read(block.bytes, from, to));
      let verdict = verdicts[id];
      if (verdict === undefined) {
        verdict = holds(words.text(id));
        verdicts[id] = verdict;
      }
      return verdict;
    };
  });
  return (block, base) => {
    for (let i = 0; i < tests.length; i++) if (!(tests[i] as Test)(block, base)) return false;
    return true;
  };
}
