import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { EMPTY_LEDGER, type Ledger } from '../../../../core/contract/ledger.ts';
import {
  type Decision,
  merged,
  withDecision,
  withDisposition,
  withRemedyState,
} from '../../../../web/src/ledger/changes.ts';
import { ledgerOf, ledgerSheets } from '../../../../web/src/ledger/sheets.ts';
import { browserStore, STORAGE_KEY } from '../../../../web/src/ledger/store.ts';
import { readWorkbook, type Sheet, WorkbookError, writeWorkbook } from '../../../../web/src/ledger/xlsx.ts';

const decision: Decision = {
  problem: '金阊街道：治安警情',
  week: '2026-W46',
  snapshot: '0123456789abcdef',
  scope: { division: '320508001', category: 'order', sources: [], alert: 'a-1' },
  measure: '夜间巡查',
  owner: '姑苏分局',
  deadline: '2026-11-29',
};
const FILLED = withDisposition(withDecision(EMPTY_LEDGER, decision), 'a-1', {
  alert: 'a-1',
  what: 'confirmed',
  week: '2026-W46',
  at: '2026-11-16 09:30',
  note: '',
});

describe('three linked lists', () => {
  it('a decision is a row in each, and they are linked', () => {
    const { problems, duties, remedies } = withDecision(EMPTY_LEDGER, decision);
    expect(problems).toEqual([
      {
        id: 'P-2026-W46-1',
        text: decision.problem,
        week: '2026-W46',
        snapshot: decision.snapshot,
        scope: decision.scope,
      },
    ]);
    expect(duties).toEqual([{ id: 'D-2026-W46-1', problem: 'P-2026-W46-1', owner: '姑苏分局' }]);
    expect(remedies).toEqual([
      {
        id: 'R-2026-W46-1',
        duty: 'D-2026-W46-1',
        measure: '夜间巡查',
        deadline: '2026-11-29',
        state: 'todo',
        result: '',
      },
    ]);
  });

  it('a second measure hangs on the same problem; another owner is another duty', () => {
    const twice = withDecision(withDecision(EMPTY_LEDGER, decision), {
      ...decision,
      measure: '加装照明',
      owner: '城管局',
    });
    expect([twice.problems.length, twice.duties.length, twice.remedies.length]).toEqual([1, 2, 2]);
    const other = withDecision(twice, { ...decision, scope: { ...decision.scope, division: null } });
    expect(other.problems.map(({ id }) => id)).toEqual(['P-2026-W46-1', 'P-2026-W46-2']);
  });

  it('states and dispositions are replaced, not piled up', () => {
    expect(withRemedyState(FILLED, 'R-2026-W46-1', 'done').remedies[0]?.state).toBe('done');
    const again = withDisposition(FILLED, 'a-1', { alert: 'a-1', what: 'false', week: '2026-W46', at: '', note: '' });
    expect(again.dispositions.map(({ what }) => what)).toEqual(['false']);
    expect(withDisposition(again, 'a-1', null).dispositions).toEqual([]);
  });

  it('an import replaces rows of the same number and removes none', () => {
    const changed = withRemedyState(FILLED, 'R-2026-W46-1', 'doing');
    const both = merged(withDecision(FILLED, { ...decision, problem: '另一件' }), changed);
    expect(both.problems.map(({ text }) => text).sort()).toEqual(['另一件', decision.problem].sort());
    expect(both.remedies.find(({ id }) => id === 'R-2026-W46-1')?.state).toBe('doing');
  });
});

describe('the browser as a store', () => {
  const storage = (start: Readonly<Record<string, string>> = {}) => {
    const kept = new Map(Object.entries(start));
    return {
      kept,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
  };

  it('keeps what is written, and changes what is there now', async () => {
    const shared = storage();
    const [one, other] = [browserStore(() => shared), browserStore(() => shared)];
    await one.change((ledger) => withDecision(ledger, decision));
    await other.change((ledger) => withDecision(ledger, { ...decision, problem: '另一件' }));
    const read = await one.read();
    expect(read.ok && read.document.problems.length).toBe(2);
  });

  it('says when storage is full, and when it is refused', async () => {
    const full = {
      ...storage(),
      setItem: () => {
        throw Object.assign(new Error('x'), { name: 'QuotaExceededError' });
      },
    };
    expect(await browserStore(() => full).change((ledger) => ledger)).toEqual({ ok: false, why: 'full' });
    const refused = browserStore(() => {
      throw Object.assign(new Error('x'), { name: 'SecurityError' });
    });
    expect(await refused.read()).toEqual({ ok: false, why: 'refused' });
    expect(await refused.change((ledger) => ledger)).toEqual({ ok: false, why: 'refused' });
  });

  it.each(['{', '{"format":"other"}', JSON.stringify({ ...EMPTY_LEDGER, version: 2 })])(
    'a damaged one is left as it is until it is put aside: %s',
    async (text) => {
      const shared = storage({ [STORAGE_KEY]: text });
      const store = browserStore(() => shared);
      expect(await store.change((ledger) => withDecision(ledger, decision))).toEqual({ ok: false, why: 'damaged' });
      expect(shared.kept.get(STORAGE_KEY)).toBe(text);
      expect(await store.putAside()).toEqual({ ok: true, document: EMPTY_LEDGER });
      expect([...shared.kept.values()]).toContain(text);
    },
  );
});

describe('the ledger as a workbook', () => {
  const back = (ledger: Ledger, present = EMPTY_LEDGER) =>
    ledgerOf(readWorkbook(writeWorkbook(ledgerSheets(ledger))), present);

  it('comes back as it went', () => {
    expect(back(FILLED)).toEqual({ ledger: FILLED, taken: 4, faults: [] });
    expect(back(EMPTY_LEDGER)).toEqual({ ledger: EMPTY_LEDGER, taken: 0, faults: [] });
  });

  it('the same ledger gives the same bytes', () => {
    expect(writeWorkbook(ledgerSheets(FILLED))).toEqual(writeWorkbook(ledgerSheets(FILLED)));
  });

  it('a text that looks like a formula stays a text', () => {
    const evil = withDecision(EMPTY_LEDGER, {
      ...decision,
      measure: '=HYPERLINK("http://x","<&>")',
      owner: '+1',
      problem: '@SUM(A1)',
    });
    const [problems, , remedies] = readWorkbook(writeWorkbook(ledgerSheets(evil)));
    expect(problems?.rows[1]?.[1]).toEqual({ kind: 'text', text: '@SUM(A1)' });
    expect(remedies?.rows[1]?.[2]).toEqual({ kind: 'text', text: '=HYPERLINK("http://x","<&>")' });
    expect(back(evil).ledger).toEqual(evil);
  });

  const workbook = (change: (sheets: Sheet[]) => void) => {
    const sheets = ledgerSheets(FILLED).map(({ name, rows }) => ({ name, rows: rows.map((row) => [...row]) }));
    change(sheets);
    return ledgerOf(readWorkbook(writeWorkbook(sheets)), EMPTY_LEDGER);
  };
  const set = (sheets: Sheet[], name: string, column: number, text: string) => {
    const rows = sheets.find((sheet) => sheet.name === name)!.rows as string[][];
    rows[1]![column] = text;
  };

  it.each([
    ['整改清单', 3, '2026-02-30', 'bad-date', '期限'],
    ['整改清单', 3, '下周', 'bad-date', '期限'],
    ['整改清单', 4, '差不多', 'unknown-word', '状态'],
    ['整改清单', 1, 'D-none', 'no-such-row', '责任编号'],
    ['责任清单', 2, '  ', 'empty', '责任部门'],
    ['责任清单', 1, 'P-none', 'no-such-row', '问题编号'],
    ['问题清单', 2, '2026-W54', 'bad-week', '提出周'],
    ['问题清单', 1, '长'.repeat(501), 'too-long', ''],
    ['提示处理', 1, '忘了', 'unknown-word', '处理'],
  ])('%s column %i = “%s” is told as %s', (sheet, column, text, why, name) => {
    const { faults } = workbook((sheets) => set(sheets, sheet, column, text));
    expect(faults).toContainEqual({ sheet, row: 2, column: name, why });
  });

  it('a row with a fault is left out, and what hangs on it with it', () => {
    const { ledger, faults } = workbook((sheets) => set(sheets, '问题清单', 1, ''));
    expect([ledger.problems, ledger.duties, ledger.remedies]).toEqual([[], [], []]);
    expect(faults.map(({ why }) => why)).toEqual(['empty', 'no-such-row', 'no-such-row']);
  });

  it('missing sheets and columns, and numbers that occur twice', () => {
    expect(workbook((sheets) => void sheets.splice(1, 1)).faults).toContainEqual({
      sheet: '责任清单',
      row: 0,
      column: '',
      why: 'no-sheet',
    });
    const renamed = workbook((sheets) => {
      (sheets[2]!.rows as string[][])[0]![3] = '日期';
    });
    expect(renamed.faults).toContainEqual({ sheet: '整改清单', row: 0, column: '期限', why: 'no-column' });
    const twice = workbook(
      (sheets) => void (sheets[0]!.rows as string[][]).push([...(sheets[0]!.rows[1] as string[])]),
    );
    expect(twice.faults.map(({ why }) => why)).toEqual(['duplicate-id']);
    expect(twice.ledger.problems).toHaveLength(1);
  });

  it('reads what Excel writes: shared strings with runs, date cells, empty cells left out, no formula', () => {
    const parts = (rows: string) => ({
      'xl/workbook.xml': strToU8(
        '<workbook xmlns:r="r"><sheets><sheet name="整改清单" sheetId="1" r:id="rId7"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        '<Relationships><Relationship Id="rId7" Target="/xl/worksheets/a.xml"/></Relationships>',
      ),
      'xl/sharedStrings.xml': strToU8(
        '<sst><si><t>整改编号</t></si><si><r><t>责任</t></r><r><t>编号</t></r></si><si><t>措施</t></si><si><t>期限</t></si><si><t>状态</t></si><si><t>结果</t></si><si><t>办</t><rPh><t>ban</t></rPh></si></sst>',
      ),
      'xl/worksheets/a.xml': strToU8(
        `<worksheet><sheetData><row r="1">${[0, 1, 2, 3, 4, 5].map((i) => `<c r="${'ABCDEF'[i]}1" t="s"><v>${i}</v></c>`).join('')}</row>${rows}</sheetData></worksheet>`,
      ),
    });
    const present = { ...EMPTY_LEDGER, problems: FILLED.problems, duties: FILLED.duties };
    const read = (rows: string) => ledgerOf(readWorkbook(zipSync(parts(rows))), present);
    const good = read(
      '<row r="2"><c r="A2" t="inlineStr"><is><t>R9</t><rPh><t>x</t></rPh></is></c><c r="B2" t="str"><v>D-2026-W46-1</v></c><c r="C2" t="s"><v>6</v></c><c r="D2"><v>46355</v></c><c r="E2" t="inlineStr"><is><t>已办结</t></is></c></row>',
    );
    expect(good.ledger.remedies).toEqual([
      { id: 'R9', duty: 'D-2026-W46-1', measure: '办', deadline: '2026-11-29', state: 'done', result: '' },
    ]);
    const formula = read(
      '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><v>D-2026-W46-1</v></c><c r="C2" t="s"><v>6</v></c><c r="D2"><v>46355</v></c><c r="E2" t="inlineStr"><is><t>已办结</t></is></c></row>',
    );
    expect(formula.faults).toContainEqual({ sheet: '整改清单', row: 2, column: '整改编号', why: 'formula' });
    expect(formula.ledger.remedies).toEqual([]);
  });

  it.each([
    ['no zip', strToU8('这不是工作簿')],
    ['a zip of something else', zipSync({ 'a.txt': strToU8('x') })],
    ['broken XML', zipSync({ 'xl/workbook.xml': strToU8('<workbook><sheets>') })],
    [
      'a cell far away',
      zipSync({
        'xl/workbook.xml': strToU8('<workbook xmlns:r="r"><sheets><sheet name="a" r:id="x"/></sheets></workbook>'),
        'xl/_rels/workbook.xml.rels': strToU8('<r><Relationship Id="x" Target="worksheets/a.xml"/></r>'),
        'xl/worksheets/a.xml': strToU8('<w><row r="9999999"><c r="A9999999"><v>1</v></c></row></w>'),
      }),
    ],
  ])('%s is refused', (_, bytes) => {
    expect(() => readWorkbook(bytes)).toThrow(WorkbookError);
  });
});
