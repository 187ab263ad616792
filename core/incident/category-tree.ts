import type { CategoryEntry } from '../contract/manifest.ts';
import type { CategoryNode } from '../contract/profile.ts';

/** Words of belief, politics, ethnicity, health and petition intent: no category may be about them (DESIGN 8.4, FEATURES 1.6). */
const REFUSED =
  /宗教|信仰|邪教|教派|政治|民族|族裔|种族|疾病|病史|精神|残疾|上访|缠访|闹访|涉稳|维稳|重点人员|群体性|religio|belief|politic|ethnic|racial|disease|mental|petitioner|unrest/i;

/**
 * Our category tree as a dictionary in pre-order: ids are dense, a subtree is the range `[id, end)`, id 0 is "unmapped".
 * Severity and sensitivity are inherited from the parent where a node does not state its own.
 *
 * @throws Error listing every refused or misplaced category
 */
export function categoryDictionary(tree: readonly CategoryNode[]): CategoryEntry[] {
  const unmapped = { zh: '未归类', en: 'Uncategorised' };
  const entries: CategoryEntry[] = [
    { id: 0, end: 1, level: 0, code: 'unmapped', parent: null, name: unmapped, severity: 0, sensitive: false },
  ];
  const problems: string[] = [];
  const visit = (node: CategoryNode, level: number, parent: CategoryEntry | null): void => {
    if (REFUSED.test(`${node.code} ${node.zh} ${node.en}`))
      problems.push(`category ${node.code} "${node.zh}" is on the list of refused subjects`);
    if (node.code.split('.').length !== level || (parent && !node.code.startsWith(`${parent.code}.`))) {
      problems.push(`category ${node.code} does not lie below ${parent?.code ?? 'the root'}`);
    }
    const entry: CategoryEntry = {
      id: entries.length,
      end: 0,
      level,
      code: node.code,
      parent: parent?.id ?? null,
      name: { zh: node.zh, en: node.en },
      severity: node.severity ?? parent?.severity ?? 0, // 0 = not graded, also where nobody graded the group
      sensitive: node.sensitive ?? parent?.sensitive ?? false,
    };
    entries.push(entry);
    for (const child of node.children ?? []) visit(child, level + 1, entry);
    entry.end = entries.length;
  };
  for (const node of tree) visit(node, 1, null);
  const codes = new Set<string>();
  for (const entry of entries) {
    if (codes.has(entry.code)) problems.push(`category ${entry.code} occurs twice`);
    codes.add(entry.code);
  }
  if (problems.length > 0) throw new Error(`categories: ${problems.join('; ')}`);
  return entries;
}

/** Id of the level-1 ancestor of each category (0 for unmapped). */
export function groupIds(entries: readonly CategoryEntry[]): Uint16Array {
  const groups = new Uint16Array(entries.length);
  for (const entry of entries)
    groups[entry.id] = entry.level <= 1 ? entry.id : (groups[entry.parent as number] as number);
  return groups;
}
