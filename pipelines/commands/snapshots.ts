import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isoDate } from '../../core/time/local-date.ts';
import { diffSnapshots } from '../publish/diff.ts';
import { diffText, type Lang } from '../publish/diff-text.ts';
import { type Rollback, rollback } from '../publish/rollback.ts';
import { listSnapshots, type SnapshotLine, type SnapshotList } from '../publish/snapshots.ts';

interface Shell {
  /** Adds what every command has: --json, --quiet, the example. */
  readonly common: (command: Command, example: string) => Command;
  readonly answer: (value: object, text: string) => void;
  readonly nowMs: () => number;
}

/** `hexsight snapshots`, `rollback`, `diff`. */
export function addSnapshotCommands(program: Command, { common, answer, nowMs }: Shell): void {
  const folder = ['--snapshot <folder>', 'folder of the snapshot'] as const;

  common(
    program.command('snapshots').description('列出保留的快照 · list the snapshots kept, newest first'),
    'npx hexsight snapshots --snapshot ~/snapshot',
  )
    .requiredOption(...folder)
    .action((options: { snapshot: string }) => {
      const list = listSnapshots(resolve(options.snapshot), nowMs());
      answer(list, listText(list));
    });

  common(
    program
      .command('rollback <id>')
      .description('回退到保留的快照 · make a kept snapshot the current one; its files are checked first'),
    'npx hexsight rollback 3f2a9c --snapshot ~/snapshot',
  )
    .requiredOption(...folder)
    .action(async (id: string, options: { snapshot: string }) => {
      const result = await rollback(resolve(options.snapshot), id, nowMs());
      answer(result, rollbackText(result));
    });

  common(
    program
      .command('diff <a> <b>')
      .description('比较两个快照：变化与原因 · what changed between two snapshots and why; `current` = the one served'),
    'npx hexsight diff 3f2a9c current --snapshot ~/snapshot --lang en',
  )
    .requiredOption(...folder)
    .option('--lang <zh|en>', 'language of the text', language, 'zh')
    .action(async (a: string, b: string, options: { snapshot: string; lang: Lang }) => {
      const diff = await diffSnapshots(resolve(options.snapshot), a, b);
      answer(diff, diffText(diff, options.lang));
    });
}

function language(text: string): Lang {
  if (text !== 'zh' && text !== 'en') throw new InvalidArgumentError('expected zh or en');
  return text;
}

function listText({ snapshots, keep }: SnapshotList): string {
  if (snapshots.length === 0) return '没有快照 no snapshots';
  const policy = keep
    ? `保留 kept: ${keep.snapshots} 个 snapshots, ${keep.days} 天 days, 宽限 grace ${keep.graceMinutes} min`
    : '保留规则在下次发布时记录 the keep policy is recorded by the next publish';
  return [...snapshots.map(lineText), policy].join('\n');
}

function lineText(line: SnapshotLine): string {
  const parts = [line.snapshot, moment(line.publishedMs, line.zone ?? 'UTC')];
  if (line.window) parts.push(`${isoDate(line.window.firstDay)} – ${isoDate(line.window.endDay - 1)}`);
  if (line.incidents !== null) parts.push(`${line.incidents} 件 incidents`);
  if (line.bytes !== null) parts.push(`${(line.bytes / 1e6).toFixed(1)} MB`);
  if (line.state === 'other-version') parts.push('其他版本，须重新生成 other version, rebuild');
  if (line.state === 'damaged') parts.push('清单损坏 damaged manifest');
  if (line.current) parts.push('当前 current');
  if (line.collectable) parts.push('可清理 will be removed by the next publish');
  return parts.join('  ');
}

/** In the city's zone, named. */
function moment(epochMs: number, timeZone: string): string {
  const text = new Date(epochMs).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return `${text} ${timeZone}`;
}

function rollbackText({ from, to, changed, lost }: Rollback): string {
  if (!changed) return `当前已是 ${to} already current`;
  const lines = [`已回退 rolled back: ${from ?? '(unreadable 无法读取)'} → ${to}`];
  if (lost) {
    lines.push(`失去 lost: ${lost.incidents} 件 incidents, ${lost.days} 天 days at the end of the window`);
    for (const { key, from: newest, to: older } of lost.sources)
      lines.push(`  ${key}: ${newest ?? '无 none'} → ${older ?? '无 none'}`);
    if (lost.inputs.length > 0) lines.push(`  输入 inputs: ${lost.inputs.join(', ')}`);
  }
  lines.push(
    '输入、配置或程序改变之前，下次运行保持此快照 the next run keeps it until inputs, configuration or code change',
  );
  return lines.join('\n');
}
