import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../../web/src/i18n/en.json';
import { translate } from '../../../web/src/i18n/texts.ts';
import zh from '../../../web/src/i18n/zh-CN.json';

const SOURCES = 'web/src';
const code = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/^(map|layers)\//.test(path))
  .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
  .join('\n');
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort();

describe('texts', () => {
  it('both languages have the same keys', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it('every key is used by name in the sources', () => {
    const unused = Object.keys(zh).filter((key) => !code.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });

  it('every key the sources name exists', () => {
    const named = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] as string);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((key) => !(key in zh))).toEqual([]);
  });

  it('a translation uses no value the Chinese text does not name', () => {
    for (const [key, text] of Object.entries(en)) {
      const known = placeholders(zh[key as keyof typeof zh]);
      expect(
        placeholders(text).filter((name) => !known.includes(name)),
        key,
      ).toEqual([]);
    }
  });

  it('no visible Chinese stands in the components', () => {
    const components = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.tsx'))
      .flatMap((path) => readFileSync(join(SOURCES, path), 'utf8').split('\n'))
      .filter((line) => /\p{Script=Han}/u.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line));
    expect(components).toEqual([]);
  });

  it('numbers get separators and plurals choose their word', () => {
    expect(translate('zh-CN', 'cell.rank', { rank: 12, of: 1703 })).toBe('在有事件的 1,703 格中第 12');
    expect(translate('en', 'cell.count', { n: 1 })).toBe('1 incident');
    expect(translate('en', 'cell.count', { n: 1234 })).toBe('1,234 incidents');
  });
});
