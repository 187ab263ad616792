import { isoDate } from '../../core/time/local-date.ts';
import type { Change, SnapshotDiff } from './diff.ts';

export type Lang = 'zh' | 'en';

const WORDS = {
  same: { zh: '两个快照相同', en: 'the two snapshots are the same' },
  why: { zh: '原因', en: 'why' },
  inputsAdded: { zh: '新增输入', en: 'inputs added' },
  inputsRemoved: { zh: '减少输入', en: 'inputs removed' },
  inputsChanged: { zh: '内容改变的输入', en: 'inputs changed' },
  configChanged: { zh: '配置已改变', en: 'the configuration changed' },
  codeChanged: { zh: '程序版本已改变', en: 'the code changed' },
  nothing: { zh: '输入、配置、程序均相同', en: 'same inputs, configuration and code' },
  window: { zh: '时间范围', en: 'window' },
  totals: { zh: '总数', en: 'totals' },
  months: { zh: '各来源各月接受数', en: 'accepted by source and month' },
  rejected: { zh: '退回数（按原因）', en: 'rejected by reason' },
  divisions: { zh: '各区划件数', en: 'incidents by division' },
  files: { zh: '文件', en: 'files' },
  added: { zh: '新增', en: 'added' },
  removed: { zh: '减少', en: 'removed' },
  changed: { zh: '改变', en: 'changed' },
  unchanged: { zh: '不变', en: 'unchanged' },
  missing: { zh: '无', en: 'missing' },
  read: { zh: '读取', en: 'read' },
  accepted: { zh: '接受', en: 'accepted' },
  located: { zh: '定位', en: 'located' },
  unlocated: { zh: '未定位', en: 'unlocated' },
  unmapped: { zh: '未归类', en: 'unmapped' },
  coarsened: { zh: '降低精度', en: 'coarsened' },
} as const;

/** The comparison as lines a person reads, in one language. */
export function diffText(diff: SnapshotDiff, lang: Lang): string {
  const word = (key: keyof typeof WORDS): string => WORDS[key][lang];
  const lines = [`${diff.a} → ${diff.b}`];
  if (diff.same) return [...lines, word('same')].join('\n');
  const number = (value: number | null): string => (value === null ? word('missing') : String(value));
  const change = ({ a, b }: Change): string => {
    const step = a === null || b === null ? '' : ` (${b >= a ? '+' : '−'}${Math.abs(b - a)})`;
    return `${number(a)} → ${number(b)}${step}`;
  };
  const section = (key: keyof typeof WORDS, rows: readonly string[]): void => {
    if (rows.length > 0) lines.push(`${word(key)}:`, ...rows.map((row) => `  ${row}`));
  };
  const { why } = diff;
  const reasons = [
    ...(['inputsAdded', 'inputsRemoved', 'inputsChanged'] as const).flatMap((key) =>
      why[key].length > 0 ? [`${word(key)}: ${why[key].join(', ')}`] : [],
    ),
    ...(['configChanged', 'codeChanged'] as const).flatMap((key) => (why[key] ? [word(key)] : [])),
  ];
  section('why', reasons.length > 0 ? reasons : [word('nothing')]);
  const span = ({ firstDay, endDay }: { firstDay: number; endDay: number }): string =>
    `${isoDate(firstDay)} – ${isoDate(endDay - 1)}`;
  if (diff.window.changed) section('window', [`${span(diff.window.a)} → ${span(diff.window.b)}`]);
  const named = (name: string): string => (name in WORDS ? word(name as keyof typeof WORDS) : name);
  section(
    'totals',
    diff.totals.map((row) => `${row.name === 'rejected' ? word('rejected') : named(row.name)}: ${change(row)}`),
  );
  section(
    'months',
    diff.months.map((row) => `${row.source} ${row.month}: ${change(row)}`),
  );
  section(
    'rejected',
    diff.rejected.map((row) => `${row.source} ${row.reason}: ${change(row)}`),
  );
  section(
    'divisions',
    diff.divisions.map((row) => `${row.code} ${row.name}: ${change(row)}`),
  );
  const { files } = diff;
  section('files', [
    ...(['added', 'removed', 'changed'] as const).flatMap((key) =>
      files[key].length > 0 ? [`${word(key)} ${files[key].length}: ${files[key].join(', ')}`] : [],
    ),
    `${word('unchanged')} ${files.same}`,
  ]);
  return lines.join('\n');
}
