import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { personLike } from '../../core/incident/person-like.ts';

const folder = process.env.HEXSIGHT_ORACLES ?? '../shared/oracles';
const file = join(folder, 'privacy/checksums.json');
interface Checksums {
  readonly idCard: { readonly cases: readonly { value: string; valid: boolean }[] };
  readonly luhn: readonly { value: string; valid: boolean }[];
}

describe.runIf(existsSync(file))(
  `person-like numbers against the reference vectors (HEXSIGHT_ORACLES, ${folder})`,
  () => {
    const oracle = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Checksums) : null;

    it('agree on every identity number', () => {
      const cases = oracle?.idCard.cases ?? [];
      expect(cases.length).toBeGreaterThan(0);
      for (const { value, valid } of cases) expect(personLike(value) === 'identity-number', value).toBe(valid);
    });

    it('agree on every bank card of 16 to 19 digits', () => {
      const cases = (oracle?.luhn ?? []).filter(({ value }) => value.length >= 16);
      expect(cases.length).toBeGreaterThan(0);
      for (const { value, valid } of cases) expect(personLike(value) === 'bank-card', value).toBe(valid);
    });
  },
);
