import { DeskFinding } from '../../../core/contract/finding.ts';
import { findPersonal } from '../../../core/privacy/detectors.ts';
import type { ReadSheet, Sheet } from '../ledger/xlsx.ts';

/** Findings as one sheet of a workbook; what Excel gives back is checked row by row. */
export const SHEET = '研判发现';
const HEAD = ['编号', '周', '等级', '发现', '视图范围', '件数', '视图链接', '快照', '数据截至', '记录时间'] as const;
type Column = (typeof HEAD)[number];
const NUMERALS: readonly string[] = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'];

export function findingsSheet(findings: readonly DeskFinding[]): Sheet {
  return {
    name: SHEET,
    rows: [
      HEAD,
      ...findings.map(({ id, week, level, text, scope, n, link, snapshot, asOf, at }) => [
        id,
        week,
        level === null ? '' : (NUMERALS[level - 1] ?? ''),
        text,
        scope,
        n === null ? '' : String(n),
        link,
        snapshot,
        asOf,
        at,
      ]),
    ],
  };
}

export interface FindingFault {
  /** As Excel numbers it; 0 = the sheet as a whole. */
  readonly row: number;
  readonly column: string;
  readonly why:
    | 'no-sheet'
    | 'no-column'
    | 'formula'
    | 'empty'
    | 'bad-week'
    | 'bad-level'
    | 'bad-link'
    | 'personal'
    | 'too-long'
    | 'duplicate-id';
}

export interface FindingImport {
  readonly findings: readonly DeskFinding[];
  readonly faults: readonly FindingFault[];
}

/** A row with a fault is left out and told; the others are taken. */
export function findingsOf(sheets: readonly ReadSheet[]): FindingImport {
  const sheet = sheets.find(({ name }) => name === SHEET);
  if (!sheet) return { findings: [], faults: [{ row: 0, column: '', why: 'no-sheet' }] };
  const head = (sheet.rows[0] ?? []).map((cell) => (cell && cell.kind !== 'formula' ? cell.text.trim() : ''));
  const absent = HEAD.filter((column) => !head.includes(column));
  if (absent.length > 0)
    return { findings: [], faults: absent.map((column) => ({ row: 0, column, why: 'no-column' as const })) };
  const faults: FindingFault[] = [];
  const findings: DeskFinding[] = [];
  for (const [i, cells] of sheet.rows.slice(1).entries()) {
    const row = i + 2;
    const fail = (fault: Pick<FindingFault, 'column' | 'why'>) => faults.push({ row, ...fault });
    const cell = (column: Column) => cells[head.indexOf(column)] ?? null;
    const text = (column: Column): string => {
      const found = cell(column);
      return found && found.kind !== 'formula' ? found.text.trim() : '';
    };
    if (HEAD.every((column) => cell(column) === null || (cell(column)?.kind !== 'formula' && text(column) === '')))
      continue;
    const fault = faultOf(cell, text);
    if (fault) {
      fail(fault);
      continue;
    }
    const level = NUMERALS.indexOf(text('等级'));
    const parsed = DeskFinding.safeParse({
      id: text('编号'),
      week: text('周'),
      level: level < 0 ? null : level + 1,
      text: text('发现'),
      scope: text('视图范围'),
      n: text('件数') === '' ? null : Number(text('件数')),
      link: text('视图链接'),
      snapshot: text('快照'),
      asOf: text('数据截至'),
      at: text('记录时间'),
    });
    if (!parsed.success) fail({ column: '', why: 'too-long' });
    else if (findings.some(({ id }) => id === parsed.data.id)) fail({ column: '编号', why: 'duplicate-id' });
    else findings.push(parsed.data);
  }
  return { findings, faults };
}

/** The first thing that is wrong with a row. */
function faultOf(
  cell: (column: Column) => ReadSheet['rows'][number][number],
  text: (column: Column) => string,
): Pick<FindingFault, 'column' | 'why'> | null {
  const formula = HEAD.find((column) => cell(column)?.kind === 'formula');
  if (formula) return { column: formula, why: 'formula' };
  for (const column of ['编号', '周', '发现', '视图链接'] as const)
    if (text(column) === '') return { column, why: 'empty' };
  if (!/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/.test(text('周'))) return { column: '周', why: 'bad-week' };
  if (text('等级') !== '' && !NUMERALS.includes(text('等级')))
    return { column: '等级', why: 'bad-level' };
  if (!/^version=1(&|$)/.test(text('视图链接'))) return { column: '视图链接', why: 'bad-link' };
  if (findPersonal(text('发现')).length > 0) return { column: '发现', why: 'personal' };
  return null;
}
