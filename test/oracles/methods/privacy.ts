import { type KnownSum, tighten } from '../../../core/privacy/attack.ts';
import { findPersonal, isIdentityNumber, passesLuhn, personLike } from '../../../core/privacy/detectors.ts';
import {
  discreteLaplace,
  discreteLaplacePmf,
  drawDiscreteLaplace,
  symmetricHalfWidth,
} from '../../../core/stats/discrete-laplace.ts';
import { gammaQ } from '../../../core/stats/gamma.ts';
import { Random } from '../../../core/stats/random.ts';
import type { OracleMethod, Tolerance } from '../oracle-case.ts';

interface LaplaceCase {
  readonly cases: readonly {
    readonly epsilon: number;
    readonly sensitivity: number;
    readonly alpha: number;
    readonly pmfAbs0to40: readonly number[];
    readonly variance: number;
    readonly symmetric95HalfWidth: number;
    readonly pNonZero: number;
  }[];
  readonly tolerance: Tolerance;
}
const DRAWS = 1_000_000;
/** The cases print 12 significant digits, which alone is up to 5e-12 of the value: compare what we would print. */
const printed = (value: number): number => Number(value.toPrecision(12));

/** p of a chi-square test of the drawn counts against the masses; values of expected count below 10 are pooled into the tails. */
function chiSquareP(counts: ReadonlyMap<number, number>, mass: (k: number) => number): number {
  let most = 0;
  while (DRAWS * mass(most + 1) >= 10) most++;
  let [statistic, seen, expected] = [0, 0, 0];
  for (let k = -most; k <= most; k++) {
    const mean = DRAWS * mass(k);
    statistic += ((counts.get(k) ?? 0) - mean) ** 2 / mean;
    seen += counts.get(k) ?? 0;
    expected += mean;
  }
  const rest = DRAWS - expected;
  if (rest >= 5) statistic += (DRAWS - seen - rest) ** 2 / rest;
  return gammaQ({ shape: (2 * most + (rest >= 5 ? 1 : 0)) / 2, x: statistic / 2 });
}

const LAPLACE: OracleMethod = {
  name: 'discrete Laplace noise',
  takes: ({ method }) => typeof method === 'string' && /discrete Laplace/i.test(method),
  run: ({ data }, findings) => {
    const { cases, tolerance } = data as unknown as LaplaceCase;
    for (const [i, expected] of cases.entries()) {
      const law = discreteLaplace(expected);
      if (!law) throw new Error(`case ${i}: no law`);
      const at = `cases[${i}]`;
      findings.near(`${at}.alpha`, printed(law.alpha), expected.alpha, tolerance);
      const masses = expected.pmfAbs0to40.map((_, k) => printed(discreteLaplacePmf(law, k)));
      findings.near(`${at}.pmfAbs0to40`, masses, expected.pmfAbs0to40, tolerance);
      findings.near(`${at}.variance`, printed(law.variance), expected.variance, tolerance);
      findings.same(`${at}.symmetric95HalfWidth`, symmetricHalfWidth(law, 0.95), expected.symmetric95HalfWidth);
      findings.near(`${at}.pNonZero`, printed(law.probabilityNonZero), expected.pNonZero, tolerance);
      const random = new Random(20_260_101 + i);
      const counts = new Map<number, number>();
      for (let draw = 0; draw < DRAWS; draw++) {
        const value = drawDiscreteLaplace(law, random);
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const p = chiSquareP(counts, (k) => printed(discreteLaplacePmf(law, k)));
      findings.holds(`${at}.sampler`, p > 1e-4, p, 'chi-square p > 1e-4 on 1e6 draws');
    }
  },
};

interface TextsCase {
  readonly cases: readonly {
    readonly text: string;
    readonly entities: readonly { type: string; start: number; end: number; text: string }[];
  }[];
}
/** Types that the case's own note makes optional. */
const OPTIONAL = new Set(['wechat', 'qq', 'passport']);
const TEXTS: OracleMethod = {
  name: 'personal data in texts',
  takes: ({ method }) => typeof method === 'string' && method.startsWith('PII detection'),
  run: ({ data }, findings) => {
    for (const { text, entities } of (data as unknown as TextsCase).cases) {
      const optional = entities.filter(({ type }) => OPTIONAL.has(type));
      // An optional entity may be found or not; if found, then as what it is.
      const found = findPersonal(text)
        .map(({ type, start, end }) => ({ type: type as string, start, end, text: text.slice(start, end) }))
        .filter(
          (span) => !optional.some((one) => one.start === span.start && one.end === span.end && one.type === span.type),
        );
      findings.same(
        text,
        found,
        entities.filter(({ type }) => !OPTIONAL.has(type)),
      );
    }
  },
};

interface ChecksumCase {
  readonly idCard: { readonly cases: readonly { value: string; valid: boolean }[] };
  readonly luhn: readonly { value: string; valid: boolean }[];
}
const CHECKSUMS: OracleMethod = {
  name: 'checksums of identity and card numbers',
  takes: (data) => 'idCard' in data && 'luhn' in data,
  run: ({ data }, findings) => {
    const { idCard, luhn } = data as unknown as ChecksumCase;
    for (const { value, valid } of idCard.cases) {
      findings.same(`idCard ${value}`, isIdentityNumber(value), valid);
      findings.same(`idCard ${value} as a cell`, personLike(value) === 'identity-number', valid);
    }
    for (const { value, valid } of luhn) {
      findings.same(`luhn ${value}`, passesLuhn(value), valid);
      // A card number has at least 16 digits.
      if (value.length >= 16) findings.same(`luhn ${value} as a cell`, personLike(value) === 'bank-card', valid);
    }
  },
};

interface AuditCase {
  readonly cases: readonly {
    readonly name: string;
    readonly threshold: number;
    readonly trueCells: Readonly<Record<string, number>>;
    readonly published: Readonly<Record<string, number | null>>;
    readonly totals: readonly { readonly cells: readonly string[]; readonly total: number }[];
    readonly attackerBounds: Readonly<Record<string, unknown>>;
    readonly anyExactDisclosure: boolean;
  }[];
}
const AUDIT: OracleMethod = {
  name: 'differencing attack on suppressed cells',
  takes: ({ method }) => typeof method === 'string' && method.startsWith('Disclosure audit'),
  run: ({ data }, findings) => {
    for (const item of (data as unknown as AuditCase).cases) {
      const names = Object.keys(item.trueCells);
      const at = (name: string): number => names.indexOf(name);
      const shown: KnownSum[] = names.flatMap((name) => {
        const value = item.published[name];
        return value == null ? [] : [{ of: [at(name)], lower: value, upper: value }];
      });
      const totals = item.totals.map(({ cells, total }) => ({ of: cells.map(at), lower: total, upper: total }));
      const { lower, upper } = tighten({ count: names.length }, [...shown, ...totals]);
      const bounds = Object.keys(item.attackerBounds).map((name) => {
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
        ] as const;
      });
      findings.same(item.name, Object.fromEntries(bounds), item.attackerBounds);
      findings.same(
        `${item.name}: anyExactDisclosure`,
        bounds.some(([, bound]) => bound.disclosed),
        item.anyExactDisclosure,
      );
    }
  },
};

export const PRIVACY_METHODS: readonly OracleMethod[] = [LAPLACE, TEXTS, CHECKSUMS, AUDIT];
