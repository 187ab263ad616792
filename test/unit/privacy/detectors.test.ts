import { describe, expect, it } from 'vitest';
import { findPersonal, maybePersonal, personLike } from '../../../core/privacy/detectors.ts';

describe('person-like values', () => {
  it('are told by checksum, pattern and folded digits', () => {
    expect(personLike('11010519491231002X')).toBe('identity-number');
    expect(personLike('110105194912310021')).toBeNull(); // wrong check digit
    expect(personLike('联系人 138 1234 5678')).toBe('mobile');
    expect(personLike('１３８１２３４５６７８')).toBe('mobile');
    expect(personLike('0512-65221234')).toBe('landline');
    expect(personLike('苏E·12345')).toBe('plate');
    expect(personLike('6200000000000006')).toBeNull(); // fails Luhn
    expect(personLike('人民路 128 号 3 幢')).toBe('house-number');
  });

  it('are not seen in codes, order numbers and public numbers', () => {
    for (const text of [
      '噪音舉發/妨害安寧',
      'GD202403150000123',
      '12345',
      '0610',
      '地铁 4 号线',
      '9盞以下路燈故障',
      'Garbage in alley',
    ]) {
      expect(personLike(text), text).toBeNull();
    }
  });

  it('are found with spaces, dashes and full-width forms inside, at offsets of the original', () => {
    const text = '姓名：欧阳，电话（＋８６）１３８－１２３４－５６７８，卡 6200-0000-0000-0005';
    const found = findPersonal(text).map(({ type, start, end }) => [type, text.slice(start, end)]);
    expect(found).toContainEqual(['mobile', '１３８－１２３４－５６７８']);
    expect(found).toContainEqual(['bank_card', '6200-0000-0000-0005']);
  });

  it('need a real date of birth', () => {
    // The check digit of 320500 1990-02-30 001 is right, the date does not exist.
    const body = '32050019900230001';
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
    expect(personLike(`${body}${'10X98765432'[sum % 11]}`)).toBeNull();
  });

  it('names need a cue and an end', () => {
    const names = (text: string) =>
      findPersonal(text)
        .filter((span) => span.type === 'person_name')
        .map((span) => text.slice(span.start, span.end));
    expect(names('联系人：赵钱孙，来电人周某某反映')).toEqual(['赵钱孙', '周某某']);
    expect(names('居民高度关注，业主方面称，市民于昨日来电，市民王府井')).toEqual(['王府井']);
  });

  it('the look at bytes never says no where the detectors say yes', () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    for (const text of ['13800138000', '0512-61234567', '苏E00000', 'a@b.cn', '12幢', '张三', '6200000000000005']) {
      const bytes = encode(text);
      if (findPersonal(text).length > 0) expect(maybePersonal(bytes, 0, bytes.length), text).toBe(true);
    }
    const code = encode('noise.social-noise');
    expect(maybePersonal(code, 0, code.length)).toBe(false);
  });

  it('cost little on values that look like codes', () => {
    const codes = ['parking', '0610', '噪音舉發/妨害安寧', 'GD20', '已办结', 'traffic.parking', '110102', '其他'];
    let found = 0;
    for (let i = 0; i < 200_000; i++) found += findPersonal(codes[i & 7] as string).length;
    const start = performance.now();
    for (let i = 0; i < 1_000_000; i++) found += findPersonal(codes[i & 7] as string).length;
    const microseconds = (performance.now() - start) / 1000;
    expect(found).toBe(0);
    expect(microseconds).toBeLessThan(1.5); // 0.3 on a quiet machine, this one is shared
  });
});
