import Negotiator from 'negotiator';

/** Suffix of a precompressed variant on disk → its name in `Content-Encoding`. */
export const ENCODINGS = { br: 'br', zst: 'zstd', gz: 'gzip' } as const;
export type Suffix = keyof typeof ENCODINGS;
export const SUFFIXES: readonly Suffix[] = ['br', 'zst', 'gz'];

export interface Variant<T = unknown> {
  readonly suffix: Suffix;
  readonly bytes: number;
  readonly content: T;
}

export type Choice<T> =
  | { readonly kind: 'identity' }
  | { readonly kind: 'variant'; readonly variant: Variant<T> }
  | { readonly kind: 'unacceptable' };

/**
 * What the client likes best; among those it likes equally the smallest one.
 * A Range counts bytes of the original, so it always gets the original.
 */
export function chooseEncoding<T>(
  headers: { readonly range?: string | undefined; readonly 'accept-encoding'?: string | string[] | undefined },
  variants: readonly Variant<T>[],
): Choice<T> {
  if (headers.range !== undefined) return { kind: 'identity' };
  const smallestFirst = [...variants].sort((a, b) => a.bytes - b.bytes);
  const names: string[] = smallestFirst.map((variant) => ENCODINGS[variant.suffix]);
  // The types know negotiator 0.6; `preferred` came with 1.0.
  const negotiator: { encoding(names: string[], options: { preferred: string[] }): string | undefined } =
    new Negotiator({ headers: { 'accept-encoding': String(headers['accept-encoding'] ?? '') } });
  const chosen = negotiator.encoding([...names, 'identity'], { preferred: names });
  if (chosen === undefined) return { kind: 'unacceptable' };
  const variant = smallestFirst[names.indexOf(chosen)];
  return variant ? { kind: 'variant', variant } : { kind: 'identity' };
}

/** Each encoding is another representation: its tag differs, else a cache could splice them together. */
export function entityTag(tag: string, suffix: Suffix | null): string {
  return suffix === null ? `"${tag}"` : `"${tag}-${suffix}"`;
}
