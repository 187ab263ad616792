import {
  type DISPOSITIONS,
  Disposition,
  Duty,
  type Ledger,
  Problem,
  type REMEDY_STATES,
  Remedy,
} from '../../../core/contract/ledger.ts';
import { isoDate } from '../../../core/time/local-date.ts';
import type { ReadCell, ReadSheet, Sheet } from './xlsx.ts';

/** The ledger as a workbook: four sheets with Chinese heads, one row an entry. What Excel gives back is checked row by row. */
const STATE_WORDS: Readonly<Record<(typeof REMEDY_STATES)[number], string>> = {
  todo: '未开始',
  doing: '办理中',
  done: '已办结',
  cancelled: '已取消',
};
const DISPOSITION_WORDS: Readonly<Record<(typeof DISPOSITIONS)[number], string>> = {
  confirmed: '确认',
  false: '误报',
  watch: '观察',
  whistled: '已吹哨',
};

const HEADS = {
  问题清单: ['问题编号', '问题', '提出周', '快照', '区划代码', '类别代码', '来源', '提示编号'],
  责任清单: ['责任编号', '问题编号', '责任部门'],
  整改清单: ['整改编号', '责任编号', '措施', '期限', '状态', '结果'],
  提示处理: ['提示编号', '处理', '提出周', '登记时间', '说明'],
} as const;
export type SheetName = keyof typeof HEADS;

export function ledgerSheets(ledger: Ledger): readonly Sheet[] {
  const sheet = (name: SheetName, rows: readonly (readonly string[])[]): Sheet => ({
    name,
    rows: [HEADS[name], ...rows],
  });
  return [
    sheet(
      '问题清单',
      ledger.problems.map(({ id, text, week, snapshot, scope }) => [
        id,
        text,
        week,
        snapshot,
        scope.division ?? '',
        scope.category ?? '',
        scope.sources.join(','),
        scope.alert ?? '',
      ]),
    ),
    sheet(
      '责任清单',
      ledger.duties.map(({ id, problem, owner }) => [id, problem, owner]),
    ),
    sheet(
      '整改清单',
      ledger.remedies.map(({ id, duty, measure, deadline, state, result }) => [
        id,
        duty,
        measure,
        deadline,
        STATE_WORDS[state],
        result,
      ]),
    ),
    sheet(
      '提示处理',
      ledger.dispositions.map(({ alert, what, week, at, note }) => [alert, DISPOSITION_WORDS[what], week, at, note]),
    ),
  ];
}

/** Why a row of an import was not taken. */
export interface RowFault {
  readonly sheet: string;
  /** As Excel numbers it; 0 = the sheet as a whole. */
  readonly row: number;
  readonly column: string;
  readonly why:
    | 'no-sheet'
    | 'no-column'
    | 'formula'
    | 'empty'
    | 'bad-date'
    | 'bad-week'
    | 'unknown-word'
    | 'too-long'
    | 'duplicate-id'
    | 'no-such-row';
}

export interface ImportResult {
  /** Rows that are sound, and whose links lead somewhere (in the file or in the ledger that is there). */
  readonly ledger: Ledger;
  readonly taken: number;
  readonly faults: readonly RowFault[];
}

export function ledgerOf(sheets: readonly ReadSheet[], present: Ledger): ImportResult {
  const faults: RowFault[] = [];
  const read = <T>(name: SheetName, make: (row: Row) => T | null): T[] => {
    const sheet = sheets.find((one) => one.name === name);
    if (!sheet) {
      faults.push({ sheet: name, row: 0, column: '', why: 'no-sheet' });
      return [];
    }
    const head = (sheet.rows[0] ?? []).map((cell) => (cell && cell.kind !== 'formula' ? cell.text.trim() : ''));
    const absent = HEADS[name].filter((column) => !head.includes(column));
    for (const column of absent) faults.push({ sheet: name, row: 0, column, why: 'no-column' });
    if (absent.length > 0) return [];
    return sheet.rows.slice(1).flatMap((cells, i) => {
      if (cells.every((cell) => cell === null || (cell.kind === 'text' && cell.text.trim() === ''))) return [];
      const row = rowReader({ sheet: name, row: i + 2, head, cells, faults });
      const made = make(row);
      return made === null || !row.sound() ? [] : [made];
    });
  };

  const problems = unique(
    read('问题清单', (row) => {
      const sources = row.text('来源', true);
      return checked(
        Problem,
        {
          id: row.text('问题编号'),
          text: row.text('问题'),
          week: row.week('提出周'),
          snapshot: row.text('快照', true),
          scope: {
            division: row.text('区划代码', true) || null,
            category: row.text('类别代码', true) || null,
            sources: sources === '' ? [] : sources.split(/[,，]/).map((key) => key.trim()),
            alert: row.text('提示编号', true) || null,
          },
        },
        row,
      );
    }),
    ({ id }) => id,
    { sheet: '问题清单', column: '问题编号', faults },
  );
  const problemIds = new Set([...present.problems, ...problems].map(({ id }) => id));
  const duties = unique(
    read('责任清单', (row) => {
      const problem = row.text('问题编号');
      if (problem !== '' && !problemIds.has(problem)) row.fault('问题编号', 'no-such-row');
      return checked(Duty, { id: row.text('责任编号'), problem, owner: row.text('责任部门') }, row);
    }),
    ({ id }) => id,
    { sheet: '责任清单', column: '责任编号', faults },
  );
  const dutyIds = new Set([...present.duties, ...duties].map(({ id }) => id));
  const remedies = unique(
    read('整改清单', (row) => {
      const duty = row.text('责任编号');
      if (duty !== '' && !dutyIds.has(duty)) row.fault('责任编号', 'no-such-row');
      return checked(
        Remedy,
        {
          id: row.text('整改编号'),
          duty,
          measure: row.text('措施'),
          deadline: row.date('期限'),
          state: row.word('状态', STATE_WORDS),
          result: row.text('结果', true),
        },
        row,
      );
    }),
    ({ id }) => id,
    { sheet: '整改清单', column: '整改编号', faults },
  );
  const dispositions = unique(
    read('提示处理', (row) =>
      checked(
        Disposition,
        {
          alert: row.text('提示编号'),
          what: row.word('处理', DISPOSITION_WORDS),
          week: row.week('提出周'),
          at: row.text('登记时间', true),
          note: row.text('说明', true),
        },
        row,
      ),
    ),
    ({ alert }) => alert,
    { sheet: '提示处理', column: '提示编号', faults },
  );
  return {
    ledger: { format: 'hexsight-ledger', version: 1, problems, duties, remedies, dispositions },
    taken: problems.length + duties.length + remedies.length + dispositions.length,
    faults,
  };
}

interface Row {
  readonly text: (column: string, mayBeEmpty?: boolean) => string;
  readonly date: (column: string) => string;
  readonly week: (column: string) => string;
  readonly word: <K extends string>(column: string, words: Readonly<Record<K, string>>) => K | '';
  readonly fault: (column: string, why: RowFault['why']) => void;
  readonly sound: () => boolean;
}

function rowReader(options: {
  readonly sheet: string;
  readonly row: number;
  readonly head: readonly string[];
  readonly cells: readonly (ReadCell | null)[];
  readonly faults: RowFault[];
}): Row {
  const { sheet, row, head, cells, faults } = options;
  let sound = true;
  const fault = (column: string, why: RowFault['why']) => {
    sound = false;
    faults.push({ sheet, row, column, why });
  };
  const cell = (column: string): ReadCell | null => cells[head.indexOf(column)] ?? null;
  const text = (column: string, mayBeEmpty = false): string => {
    const found = cell(column);
    if (found?.kind === 'formula') {
      fault(column, 'formula');
      return '';
    }
    const value = (found?.text ?? '').trim();
    if (value === '' && !mayBeEmpty) fault(column, 'empty');
    return value;
  };
  return {
    text,
    fault,
    sound: () => sound,
    date: (column) => {
      const found = cell(column);
      // A date cell of Excel: days since 1899-12-30.
      if (found?.kind === 'number' && found.value > 20_000 && found.value < 100_000)
        return isoDate(Math.floor(found.value) - 25_569);
      const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text(column));
      const iso = match ? `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}` : '';
      const real = iso !== '' && !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString().startsWith(iso);
      if (!real) fault(column, 'bad-date');
      return real ? iso : '';
    },
    week: (column) => {
      const value = text(column);
      if (value !== '' && !/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/.test(value)) fault(column, 'bad-week');
      return value;
    },
    word: <K extends string>(column: string, words: Readonly<Record<K, string>>): K | '' => {
      const value = text(column);
      const found = (Object.keys(words) as K[]).find((key) => words[key] === value || key === value);
      if (!found && value !== '') fault(column, 'unknown-word');
      return found ?? '';
    },
  };
}

/** What is left to the schema after the readers: lengths. */
function checked<T>(
  schema: { safeParse: (value: unknown) => { success: true; data: T } | { success: false } },
  value: unknown,
  row: Row,
): T | null {
  if (!row.sound()) return null;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  row.fault('', 'too-long');
  return null;
}

function unique<T>(
  rows: readonly T[],
  key: (row: T) => string,
  at: { readonly sheet: string; readonly column: string; readonly faults: RowFault[] },
): T[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    if (!seen.has(key(row))) {
      seen.add(key(row));
      return true;
    }
    at.faults.push({ sheet: at.sheet, row: 0, column: `${at.column} ${key(row)}`, why: 'duplicate-id' });
    return false;
  });
}
