import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOfWeek } from '../../../../core/brief/person-findings.ts';
import { DeskFinding, Findings, NO_FINDINGS } from '../../../../core/contract/finding.ts';
import { freshFindingId, mergedFindings, withFinding, withoutFinding } from '../../../../web/src/findings/changes.ts';
import { findingsOf, findingsSheet, SHEET } from '../../../../web/src/findings/sheet.ts';
import { readWorkbook, writeWorkbook } from '../../../../web/src/ledger/xlsx.ts';
import { DEFAULT_LINK, formatLink } from '../../../../web/src/state/permalink.ts';
import { browserDocument } from '../../../../web/src/storage/browser-document.ts';

const finding = (over: Partial<DeskFinding> = {}): DeskFinding => ({
  id: 'F-2026-W46-1',
  text: '夜间噪声连续三周高于常态',
  level: 2,
  week: '2026-W46',
  link: formatLink({ ...DEFAULT_LINK, categories: ['noise'] }),
  scope: '噪声',
  n: 42,
  snapshot: '0123456789abcdef',
  asOf: '2026-11-15 23:00',
  at: '2026-11-16 09:00',
  ...over,
});

describe('findings', () => {
  it('a new one is added with a number of its own, a known one is replaced in its place', () => {
    const first = withFinding([], finding());
    expect(freshFindingId(first, '2026-W46')).toBe('F-2026-W46-2');
    const two = withFinding(first, finding({ id: 'F-2026-W46-2' }));
    expect(withFinding(two, finding({ text: '改' })).map(({ id, text }) => [id, text])).toEqual([
      ['F-2026-W46-1', '改'],
      ['F-2026-W46-2', '夜间噪声连续三周高于常态'],
    ]);
    expect(withoutFinding(two, 'F-2026-W46-1').map(({ id }) => id)).toEqual(['F-2026-W46-2']);
    expect(
      mergedFindings(two, [finding({ id: 'X' }), finding({ level: null })]).map(({ id, level }) => [id, level]),
    ).toEqual([
      ['F-2026-W46-1', null],
      ['F-2026-W46-2', 2],
      ['X', 2],
    ]);
  });

  it('the brief takes those of its week, highest level first, ungraded last', () => {
    const all = [
      finding({ id: 'a', level: null }),
      finding({ id: 'b', level: 3 }),
      finding({ id: 'c', level: 1, at: '2026-11-16 10:00' }),
      finding({ id: 'd', level: 1, at: '2026-11-16 09:00' }),
      finding({ id: 'e', week: '2026-W45' }),
    ];
    expect(findingsOfWeek(all, '2026-W46').map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('refuses what is no link of this product, and text without end', () => {
    for (const bad of [
      { link: 'javascript:alert(1)' },
      { link: 'https://example.org/?version=1' },
      { text: ' ' },
      { text: 'x'.repeat(501) },
      { level: 5 },
      { week: '2026-46' },
    ])
      expect(DeskFinding.safeParse(finding(bad)).success, JSON.stringify(bad)).toBe(false);
  });
});

describe('findings as a workbook', () => {
  const back = (findings: readonly DeskFinding[]) => findingsOf(readWorkbook(writeWorkbook([findingsSheet(findings)])));

  it('come back as they went', () => {
    const text = fc
      .string({ unit: fc.constantFrom(...'噪声高于常态，=+-@"<&\n a1'.split('')), minLength: 1, maxLength: 60 })
      .map((value) => value.trim())
      .filter((value) => value !== '');
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.constantFrom(null, 1, 2, 3, 4)), { maxLength: 5 }), (rows) => {
        const all = rows.map(([value, level], i) => finding({ id: `F${i}`, text: value, level }));
        expect(back(all)).toEqual({ findings: all, faults: [] });
      }),
      { numRuns: 20 },
    );
  });

  it('rows with a fault are told and left out', () => {
    const sheet = findingsSheet([finding(), finding(), finding({ id: 'b' })]);
    const rows = sheet.rows.map((row) => [...row]);
    rows.push(
      rows[3]!.map((cell, column) => (column === 2 ? 'V' : column === 0 ? 'c' : cell)),
      rows[3]!.map((cell, column) => (column === 3 ? '请电话联系 13812345678' : column === 0 ? 'd' : cell)),
      rows[3]!.map((cell, column) => (column === 6 ? 'https://x' : column === 0 ? 'e' : cell)),
      rows[3]!.map((cell, column) => (column === 1 ? '上周' : column === 0 ? 'f' : cell)),
      rows[3]!.map(() => ''),
    );
    const { findings, faults } = findingsOf(readWorkbook(writeWorkbook([{ name: SHEET, rows }])));
    expect(findings.map(({ id }) => id)).toEqual(['F-2026-W46-1', 'b']);
    expect(faults.map(({ row, why }) => [row, why])).toEqual([
      [3, 'duplicate-id'],
      [5, 'bad-level'],
      [6, 'personal'],
      [7, 'bad-link'],
      [8, 'bad-week'],
    ]);
    expect(findingsOf([]).faults.map(({ why }) => why)).toEqual(['no-sheet']);
    expect(findingsOf([{ name: SHEET, rows: [[{ kind: 'text', text: '编号' }]] }]).faults[0]?.why).toBe('no-column');
  });
});

describe('where findings are kept', () => {
  const kind = { key: 'findings', empty: NO_FINDINGS, schema: Findings };
  const memory = (start: Readonly<Record<string, string>> = {}) => {
    const kept = new Map(Object.entries(start));
    return {
      kept,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
  };

  it('two windows do not overwrite each other', async () => {
    const shared = memory();
    const [one, other] = [browserDocument(kind, () => shared), browserDocument(kind, () => shared)];
    await one.change((document) => ({ ...document, findings: [...document.findings, finding()] }));
    await other.change((document) => ({ ...document, findings: [...document.findings, finding({ id: 'b' })] }));
    const read = await one.read();
    expect(read.ok && read.document.findings.length).toBe(2);
  });

  it('full, refused and damaged are told apart; what is damaged stays', async () => {
    const full = {
      ...memory(),
      setItem: () => {
        throw Object.assign(new Error('x'), { name: 'QuotaExceededError' });
      },
    };
    expect(await browserDocument(kind, () => full).change((document) => document)).toEqual({ ok: false, why: 'full' });
    const refused = browserDocument(kind, () => {
      throw Object.assign(new Error('x'), { name: 'SecurityError' });
    });
    expect(await refused.read()).toEqual({ ok: false, why: 'refused' });
    const damaged = memory({ findings: '{"format":"hexsight-findings","version":1,"findings":[{}]}' });
    const store = browserDocument(kind, () => damaged);
    expect(await store.change((document) => document)).toEqual({ ok: false, why: 'damaged' });
    expect(damaged.kept.get('findings')).toContain('[{}]');
    expect((await store.putAside()).ok).toBe(true);
    expect(damaged.kept.get('findings-damaged')).toContain('[{}]');
  });
});
