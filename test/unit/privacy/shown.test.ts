import { describe, expect, it } from 'vitest';
import { shownCode, shownColumn, shownValue, WITHHELD } from '../../../core/privacy/shown.ts';

describe('the name of a column that no contract names', () => {
  it.each([
    '发生时间',
    '单号',
    '区县',
    '车牌类型',
    'status',
    'Location (address)',
    '备注',
    '诉求内容',
    '路段名称',
    'x2',
  ])('is told: %s', (name) => expect(shownColumn(name)).toBe(name));
  it.each([
    '王小明',
    '欧阳修远',
    '买买提·阿不都',
    '13812345678',
    '320599195703171017',
    '市民王小明来电',
    '示例路9号77幢901室',
    '苏E9Z101',
    'a\u202eb',
    'x'.repeat(61),
  ])('is withheld: %s', (name) => expect(shownColumn(name)).toBe(WITHHELD));
});

describe('a code without mapping', () => {
  it('is told when five rows of a file carry it', () => {
    expect(shownCode('flying-saucer', 4)).toBe(WITHHELD);
    expect(shownCode('flying-saucer', 5)).toBe('flying-saucer');
    expect(shownCode('城市管理/路面破损', 5)).toBe('城市管理/路面破损');
  });
  it('is withheld at any number of rows when it could name or number a person', () => {
    for (const code of [
      '王小明',
      '纠纷/王小明',
      '欧阳修',
      '13812345678',
      '工单1234',
      '苏E9Z101',
      '市民王小明',
      '很'.repeat(31),
    ])
      expect(shownCode(code, 1000), code).toBe(WITHHELD);
  });
});

describe('a refused date or coordinate', () => {
  it.each(['2024-02-30 08:00:00', '20240230080000', '1711000000000', '120.00512345, 31.2', '2024年2月30日', ''])(
    'is told: %s',
    (text) => expect(shownValue(text)).toBe(text),
  );
  it.each(['69991000', '13812345678', '320599570317123', 'yesterday', '2024-02-30 王', '1'.repeat(61)])(
    'is withheld: %s',
    (text) => expect(shownValue(text)).toBe(WITHHELD),
  );
});
