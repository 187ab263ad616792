import { describe, expect, it } from 'vitest';
import { personLike } from '../../../core/incident/person-like.ts';

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
});
