import { describe, expect, it } from 'vitest';
import { dateReader } from '../../../core/time/date-pattern.ts';
import { dateScanner, hasTimeOf, minuteOf } from '../../../core/time/date-scan.ts';

const noOffset = () => 0;
const scan = (text: string | Uint8Array, patterns: readonly string[], encoding?: 'utf-8' | 'gb18030'): number => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return dateScanner(patterns, noOffset, encoding)(bytes, 0, bytes.length);
};

describe('a date read from bytes', () => {
  it('may have signs beyond ASCII: 年 月 日 between the numbers', () => {
    const scanned = scan('102年9月5日', ['yyyMMdd', 'yyy年M月d日']);
    expect(minuteOf(scanned)).toBe(Date.UTC(2013, 8, 5) / 60_000);
    expect(hasTimeOf(scanned)).toBe(false);
  });

  it('has its signs told in the encoding of the file: 年 is C4 EA in GB18030', () => {
    const bytes = Uint8Array.from([
      ...Buffer.from('2026'),
      0xc4,
      0xea,
      ...Buffer.from('1'),
      0xd4,
      0xc2,
      0x31,
      0xc8,
      0xd5,
    ]);
    const patterns = ['yyyy年M月d日'];
    expect(minuteOf(scan(bytes, patterns, 'gb18030'))).toBe(Date.UTC(2026, 0, 1) / 60_000);
    expect(scan(bytes, patterns)).toBeNaN();
  });

  it.each([
    ['2026/1/31 7:05', ['yyyy/M/d H:mm']],
    ['1051003', ['yyyMMdd']],
    ['105/525', ['yyy/M/d']],
    ['2026-02-30', ['yyyy-MM-dd']],
    ['2026年2月30日', ['yyyy年M月d日']],
    ['2026年2月3', ['yyyy年M月d日']],
  ])('%s is read as the text is', (text, patterns) => {
    const expected = dateReader(patterns, noOffset)(text);
    const scanned = scan(text, patterns);
    if (expected === null) expect(scanned).toBeNaN();
    else expect(minuteOf(scanned)).toBe(expected.localMinute);
  });
});
