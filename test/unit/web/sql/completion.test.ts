import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../../../web/src/rooms/desk/sql/completion.ts';
import { scan } from '../../../../web/src/rooms/desk/sql/scan.ts';
import type { ConsoleTable } from '../../../../web/src/rooms/desk/sql/tables.ts';

const column = (name: string, zh: string) => ({ name, says: { zh, en: name } });
const tables: readonly ConsoleTable[] = [
  {
    name: 'incidents',
    says: { zh: '事件', en: 'incidents' },
    columns: [column('category', '类别代码'), column('hour', '小时')],
    sql: '',
  },
  { name: 'weeks', says: { zh: '周', en: 'weeks' }, columns: [column('monday', '周一的日期')], sql: '' },
];
const codes = [
  { code: 'noise', name: { zh: '噪声扰民', en: 'Noise' } },
  { code: '320508', name: { zh: '姑苏区', en: 'Gusu' } },
];
/** `|` is the caret. */
const offered = (marked: string, forced = false) => {
  const caret = marked.indexOf('|');
  const found = completionsAt(marked.replace('|', ''), caret, { tables, codes, forced });
  return found?.options.map(({ text }) => text) ?? null;
};

describe('completion', () => {
  it('finds columns and tables by the beginning of their names', () => {
    expect(offered('SELECT cat| FROM incidents')).toEqual(['category']);
    expect(offered('SELECT * FROM inc|')).toContain('incidents');
  });

  it('finds columns by their Chinese label, and codes by the name of what they stand for', () => {
    expect(offered('SELECT 类别| FROM incidents')).toEqual(['category']);
    expect(offered('SELECT * FROM incidents WHERE category = 噪声|')).toEqual(["'noise'"]);
  });

  it('offers only codes inside quotes, without new ones', () => {
    expect(offered("WHERE district = '姑苏|'")).toEqual(['320508']);
    expect(offered("WHERE district = '姑苏|")).toEqual(['320508']);
    expect(offered("WHERE category = 'cat|'")).toBeNull();
  });

  it('offers nothing in a comment, for one letter, after a closed string, or when the word is whole', () => {
    expect(offered('-- cat|')).toBeNull();
    expect(offered('SELECT c|')).toBeNull();
    expect(offered("WHERE a = 'noise'|")).toBeNull();
    expect(offered('SELECT category|')).toBeNull();
  });

  it('lists the columns of the tables named when asked', () => {
    expect(offered('SELECT | FROM weeks', true)?.[0]).toBe('monday');
    expect(offered('SELECT |', false)).toBeNull();
  });
});

describe('scan', () => {
  it('tells words from strings, quoted names and nested comments', () => {
    const kinds = scan(`SELECT "a;b", 'it''s', $q$;$q$ /* x /* y */ z */ -- end`).map(
      ({ kind, text }) => `${kind} ${text}`,
    );
    expect(kinds).toEqual([
      'word SELECT',
      'name "a;b"',
      'sign ,',
      "string 'it''s'",
      'sign ,',
      'string $q$;$q$',
      'comment /* x /* y */ z */',
      'comment -- end',
    ]);
  });
});
