import { REJECT_REASONS, type RejectReason } from '../core/incident/reasons.ts';
import type { RunSummary } from './run.ts';

const number = (n: number): string => n.toLocaleString('en-US');

/** What a run did, for the person who started it: Chinese first, reasons in words, the lists of refused rows by their path. */
export function runLines(summary: RunSummary, out: string): string[] {
  const { read, accepted, rejected, located, divisionOnly, unlocated, unmapped, made } = summary;
  const lines = [
    summary.unchanged
      ? `快照 ${summary.snapshot} 未变：输入、配置与程序都没有变化 · unchanged`
      : `快照 ${summary.snapshot} 已发布到 ${out} · published`,
    `读取 ${number(read)} 行 = 接受 ${number(accepted)} + 退回 ${number(rejected)} · rows read = accepted + rejected`,
  ];
  for (const [reason, rows] of Object.entries(summary.rejectedByReason).sort((a, b) => b[1] - a[1]))
    lines.push(`  退回 ${number(rows)}：${REJECT_REASONS[reason as RejectReason]?.zh ?? reason} · ${reason}`);
  if (rejected > 0) lines.push(`  退回明细（可交还来源部门）: ${out}.store/rejects/`);
  lines.push(
    `位置：落到网格 ${number(located)}，仅到区划 ${number(divisionOnly)}，无法定位 ${number(unlocated)} · to a cell, to a division only, without a place`,
  );
  if (unmapped > 0)
    lines.push(`  未归类 ${number(unmapped)}，代码见 ${out}.store/unmapped.csv · categories without mapping`);
  const work = summary.unchanged
    ? ''
    : `；本次新读 ${made.parts} 个文件，重算 ${made.units} 个单元（来源×月）、${made.periods} 个时段`;
  lines.push(
    `共 ${number(summary.cells)} 个网格，${summary.files} 个文件，${(summary.bytes / 1e6).toFixed(1)} MB，用时 ${summary.seconds} 秒${work} · cells, files, size, time`,
  );
  return lines;
}
