import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPersonal, isIdentityNumber, passesLuhn, personLike } from '../../core/privacy/detectors.ts';

const folder = join(process.env.HEXSIGHT_ORACLES ?? '../shared/oracles', 'privacy');
interface Texts {
  readonly cases: readonly {
    readonly text: string;
    readonly entities: readonly { type: string; start: number; end: number; text: string }[];
  }[];
}
interface Checksums {
  readonly idCard: { readonly cases: readonly { value: string; valid: boolean }[] };
  readonly luhn: readonly { value: string; valid: boolean }[];
}
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
/** Types that the oracle's own note makes optional. */
const OPTIONAL = new Set(['wechat', 'qq', 'passport']);

describe.runIf(existsSync(folder))(`personal data against the reference vectors (HEXSIGHT_ORACLES, ${folder})`, () => {
  it('finds exactly the listed entities, each with its type and exact span', () => {
    const { cases } = read<Texts>('pii_texts.json');
    expect(cases.length).toBeGreaterThan(0);
    for (const { text, entities } of cases) {
      const expected = entities.filter((entity) => !OPTIONAL.has(entity.type));
      const found = findPersonal(text);
      expect(found, text).toEqual(expected.map(({ type, start, end }) => ({ type, start, end })));
      expect(
        found.map((span) => text.slice(span.start, span.end)),
        text,
      ).toEqual(expected.map((e) => e.text));
    }
  });

  it('agrees on every identity number and every Luhn number', () => {
    const oracle = read<Checksums>('checksums.json');
    expect(oracle.idCard.cases.length).toBeGreaterThan(0);
    for (const { value, valid } of oracle.idCard.cases) {
      expect(isIdentityNumber(value), value).toBe(valid);
      expect(personLike(value) === 'identity-number', value).toBe(valid);
    }
    expect(oracle.luhn.length).toBeGreaterThan(0);
    for (const { value, valid } of oracle.luhn) {
      expect(passesLuhn(value), value).toBe(valid);
      if (value.length >= 16) expect(personLike(value) === 'bank-card', value).toBe(valid);
    }
  });
});
