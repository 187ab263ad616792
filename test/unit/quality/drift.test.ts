import { describe, expect, it } from 'vitest';
import { type ColumnDriftInput, columnDrift, newCodes } from '../../../core/quality/drift.ts';

const contract: ColumnDriftInput = {
  file: 'complaints-2026-11.csv',
  read: ['工单编号', '发生时间', '诉求类别', '经度', '纬度'],
  notRead: ['来电人', '联系电话'],
  seen: ['工单编号', '来电人', '联系电话', '发生时间', '诉求类别', '经度', '纬度'],
  before: ['工单编号', '来电人', '联系电话', '发生时间', '诉求类别', '经度', '纬度'],
  values: [],
  maxUnreadableShare: 0.25,
};
const kinds = (more: Partial<ColumnDriftInput>) =>
  columnDrift({ ...contract, ...more }).map(({ kind, column, probably, severity }) => ({
    kind,
    column,
    probably,
    severity,
  }));

describe('columns against the contract', () => {
  it('a file that keeps it gives no verdict, in whatever order', () => {
    expect(columnDrift(contract)).toEqual([]);
    expect(columnDrift({ ...contract, seen: [...contract.seen].reverse() })).toEqual([]);
  });

  it('an added column warns and is not read; a missing one that nobody reads warns', () => {
    expect(kinds({ seen: [...contract.seen.filter((name) => name !== '来电人'), '满意度'] })).toEqual([
      { kind: 'removed-not-read', column: '来电人', probably: null, severity: 'warning' },
      { kind: 'added', column: '满意度', probably: null, severity: 'warning' },
    ]);
  });

  it('a missing column that is read stops', () => {
    expect(kinds({ seen: contract.seen.filter((name) => name !== '经度') })).toEqual([
      { kind: 'removed', column: '经度', probably: null, severity: 'stop' },
    ]);
  });

  it('a new column of a like name, or in the same place, is named as the probable new name', () => {
    const renamed = (from: string, to: string) => contract.seen.map((name) => (name === from ? to : name));
    expect(kinds({ seen: renamed('诉求类别', '诉求分类'), before: null })).toEqual([
      { kind: 'renamed', column: '诉求类别', probably: '诉求分类', severity: 'stop' },
    ]);
    expect(kinds({ seen: renamed('发生时间', 'event_ts') })).toEqual([
      { kind: 'renamed', column: '发生时间', probably: 'event_ts', severity: 'stop' },
    ]);
    expect(kinds({ seen: renamed('发生时间', 'event_ts'), before: null }).map(({ kind }) => kind)).toEqual([
      'removed',
      'added',
    ]);
    // Another type speaks against it, though it stands in the same place.
    const types = { before: { 发生时间: 'date' }, seen: { event_ts: 'number' } } as const;
    expect(kinds({ seen: renamed('发生时间', 'event_ts'), types }).map(({ kind }) => kind)).toEqual([
      'removed',
      'added',
    ]);
    const [verdict] = columnDrift({ ...contract, seen: renamed('诉求类别', '诉求分类') });
    expect(verdict?.message.zh).toBe(
      'complaints-2026-11.csv：缺少列“诉求类别”，可能已改名为“诉求分类”；请核对后修改约定',
    );
    expect(verdict?.message.en).toContain('probably renamed to "诉求分类"');
  });

  it('one new column stands for one old column at most', () => {
    const seen = ['工单编号', '来电人', '联系电话', '发生时间', '诉求类别', '度'];
    const found = kinds({ seen }).filter(({ kind }) => kind === 'renamed');
    expect(found).toHaveLength(1);
  });

  it('a column of which more than the allowed share cannot be read was retyped; at the limit it was not', () => {
    const values = [
      { column: '经度', filled: 100, unreadable: 26 },
      { column: '纬度', filled: 100, unreadable: 25 },
      { column: '发生时间', filled: 0, unreadable: 0 },
    ];
    expect(kinds({ values })).toEqual([{ kind: 'retyped', column: '经度', probably: null, severity: 'stop' }]);
    expect(columnDrift({ ...contract, values })[0]?.message.zh).toContain('26/100 个值（26.0%）');
  });
});

describe('new codes', () => {
  const known = (code: string) => code === 'A';
  it('are counted and listed, most frequent first', () => {
    const seen = [
      { code: 'A', rows: 900 },
      { code: 'B', rows: 5 },
      { code: 'C', rows: 70 },
    ];
    const found = newCodes({ feed: 'hotline', what: 'category', known, seen });
    expect(found).toMatchObject({
      codes: 2,
      rows: 75,
      listed: [
        { code: 'C', rows: 70 },
        { code: 'B', rows: 5 },
      ],
    });
    expect(found.message?.zh).toBe('hotline：2 个新类别代码，共 75 行，记为未归类：C（70 行）、B（5 行）');
  });

  it('that could hold something personal are only counted; division codes are listed', () => {
    const seen = [
      { code: '13900001234', rows: 50 },
      { code: '张三家', rows: 4 },
      { code: '320508', rows: 9 },
    ];
    expect(newCodes({ feed: 'f', what: 'category', known, seen })).toMatchObject({ codes: 3, rows: 63, listed: [] });
    expect(newCodes({ feed: 'f', what: 'division', known, seen }).listed).toEqual([{ code: '320508', rows: 9 }]);
    expect(newCodes({ feed: 'f', what: 'category', known: () => true, seen }).message).toBeNull();
  });
});
