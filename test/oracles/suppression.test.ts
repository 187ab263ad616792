import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KnownSum, tighten } from '../../core/privacy/attack.ts';

const file = join(process.env.HEXSIGHT_ORACLES ?? '../shared/oracles', 'privacy/suppression_audit.json');
interface Audit {
  readonly cases: readonly {
    readonly name: string;
    readonly threshold: number;
    readonly trueCells: Readonly<Record<string, number>>;
    readonly published: Readonly<Record<string, number | null>>;
    readonly totals: readonly { readonly cells: readonly string[]; readonly total: number }[];
    readonly attackerBounds: Readonly<
      Record<string, { lower: number; upper: number; true: number; disclosed: boolean; tooNarrow: boolean }>
    >;
    readonly anyExactDisclosure: boolean;
  }[];
}

describe.runIf(existsSync(file))('the differencing attack against the reference audit', () => {
  const audit = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Audit) : { cases: [] };

  it('has cases', () => expect(audit.cases.length).toBeGreaterThan(0));

  it.each(audit.cases.map((item) => [item.name, item] as const))('%s', (_, item) => {
    const names = Object.keys(item.trueCells);
    const at = (name: string): number => names.indexOf(name);
    const shown: KnownSum[] = names.flatMap((name) => {
      const value = item.published[name];
      return value == null ? [] : [{ of: [at(name)], lower: value, upper: value }];
    });
    const totals = item.totals.map(({ cells, total }) => ({ of: cells.map(at), lower: total, upper: total }));
    const { lower, upper } = tighten({ count: names.length }, [...shown, ...totals]);
    const got = Object.fromEntries(
      Object.keys(item.attackerBounds).map((name) => {
        const [low, high] = [lower[at(name)] as number, upper[at(name)] as number];
        return [
          name,
          {
            lower: low,
            upper: high,
            true: item.trueCells[name],
            disclosed: low === high,
            tooNarrow: high - low < item.threshold - 1 && !(low === 0 && high > 0),
          },
        ];
      }),
    );
    expect(got).toEqual(item.attackerBounds);
    expect(Object.values(got).some((bound) => bound.disclosed)).toBe(item.anyExactDisclosure);
  });
});
