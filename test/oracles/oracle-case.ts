/**
 * Reference cases: one JSON file is one case (or a small set of them) with input, parameters, expected output and tolerance.
 * A method (`test/oracles/methods/<subject>.ts`) runs our function on the input and records one finding per expected field.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface OracleCase {
  /** File name below the folder that was scanned, `/` separated. */
  readonly file: string;
  readonly data: JsonObject;
  /** Another file of the same folder, as named by `inputFile` and the like. Throws when it is not there. */
  readonly sibling: (name: string) => JsonObject;
}

/** Both given = either suffices, relative to the larger absolute value. */
export interface Tolerance {
  readonly rel?: number;
  readonly abs?: number;
}

export interface Finding {
  readonly field: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
  /** Largest difference found, in the unit of the field; null when a value is not a number. */
  readonly difference: number | null;
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text === undefined ? 'undefined' : text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** Collects the findings of one case. Arrays and objects are walked; the first value that differs is shown. */
export class Findings {
  readonly list: Finding[] = [];

  /** Numbers within the tolerance, everything else (null, text, booleans) equal. A typed array counts as an array. */
  near(field: string, found: unknown, expected: unknown, tolerance: Tolerance): void {
    let worst: number | null = null;
    let bad: { at: string; found: unknown; expected: unknown } | null = null;
    const compare = (at: string, a: unknown, b: unknown): void => {
      if (ArrayBuffer.isView(a)) {
        compare(at, Array.from(a as unknown as ArrayLike<number>), b);
        return;
      }
      if (Array.isArray(b)) {
        if (!Array.isArray(a) || a.length !== b.length)
          bad ??= { at: `${at}.length`, found: (a as unknown[])?.length, expected: b.length };
        else for (let i = 0; i < b.length; i++) compare(`${at}[${i}]`, a[i], b[i]);
        return;
      }
      if (b !== null && typeof b === 'object') {
        for (const key of Object.keys(b))
          compare(`${at}.${key}`, (a as Record<string, unknown> | null)?.[key], (b as Record<string, unknown>)[key]);
        return;
      }
      if (typeof a === 'number' && typeof b === 'number') {
        const difference = Math.abs(a - b);
        if (!(difference <= (worst ?? 0))) worst = difference;
        const larger = Math.max(Math.abs(a), Math.abs(b));
        const ok = difference <= (tolerance.abs ?? 0) || difference <= (tolerance.rel ?? 0) * larger;
        if (!ok) bad ??= { at, found: a, expected: b };
        return;
      }
      if (a !== b) bad ??= { at, found: a, expected: b };
    };
    compare('', found, expected);
    const wrong = bad as { at: string; found: unknown; expected: unknown } | null;
    this.list.push({
      field: wrong ? `${field}${wrong.at}` : field,
      ok: wrong === null,
      expected: shown(wrong ? wrong.expected : expected),
      found: shown(wrong ? wrong.found : found),
      difference: worst,
    });
  }

  same(field: string, found: unknown, expected: unknown): void {
    this.near(field, found, expected, {});
  }

  /** A bound that is not a plain tolerance, for example one with sampling error; `rule` says it in words. */
  holds(field: string, ok: boolean, found: unknown, rule: string): void {
    this.list.push({ field, ok, expected: rule, found: shown(found), difference: null });
  }
}

/** One subject's methods: the `method` text of the case (or, for files without one, a test on its shape) and what to run. */
export interface OracleMethod {
  readonly name: string;
  readonly takes: (data: JsonObject) => boolean;
  readonly run: (given: OracleCase, findings: Findings) => void;
}
