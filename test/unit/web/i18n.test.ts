import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { translate } from '../../../web/src/i18n/texts.ts';
import zh from '../../../web/src/i18n/zh-CN.json';

const SOURCES = 'web/src';
const FOLDER = join(SOURCES, 'i18n');
const code = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/^(map|layers)\//.test(path))
  .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
  .join('\n');
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort();

/** `'hot.note.live'`, or `` `hot.note.${basis}` ``. */
const isNamed = (key: string): boolean => {
  const ends = [...key.matchAll(/[.-]/g)].map(({ index }) => key.slice(0, index + 1));
  return code.includes(`'${key}'`) || ends.some((start) => code.includes(`\`${start}\${`));
};

type Texts = Readonly<Record<string, string>>;
const read = (file: string): Texts => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
/** `zh-CN.json` and `en.json`, `sense.zh-CN.json` and `sense.en.json`, … */
const PARTS = readdirSync(FOLDER)
  .filter((file) => file.endsWith('zh-CN.json'))
  .map((file) => ({ file, zh: read(file), en: read(file.replace('zh-CN', 'en')) }));

describe.each(PARTS)('texts of $file', ({ zh, en }) => {
  it('both languages have the same keys', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it('every key is used by name in the sources', () => {
    expect(Object.keys(zh).filter((key) => !isNamed(key))).toEqual([]);
  });

  it('a translation uses no value the Chinese text does not name', () => {
    for (const [key, text] of Object.entries(en)) {
      const known = placeholders(zh[key] as string);
      expect(
        placeholders(text).filter((name) => !known.includes(name)),
        key,
      ).toEqual([]);
    }
  });
});

describe('texts', () => {
  it('every key the sources name exists', () => {
    const named = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] as string);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((key) => !(key in zh))).toEqual([]);
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
