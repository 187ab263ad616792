import type { Feed } from '../../core/contract/profile.ts';
import type { Division } from './divisions.ts';

/** The division a source names itself, by code or by name. */
export interface OwnDivisions {
  /** Division id; null = the word names none of ours. */
  readonly idOf: (text: string) => number | null;
}

/** Known places: WGS 84 degrees, and the finest cell they may be read at. */
export interface PlaceNames {
  readonly find: (text: string, ownDivision: number) => { lng: number; lat: number; resolution: number } | null;
}

/**
 * Words of one level: codes as they are, names without blanks (`北 區` is `北區`); words of the contract's own table first. A name that
 * two divisions of the level share says nothing.
 */
export function ownDivisions(
  field: NonNullable<Feed['fields']['division']>,
  divisions: readonly Division[],
  level: number,
): OwnDivisions {
  const known = new Map<string, number | null>();
  for (const division of divisions) {
    if (division.level !== level) continue;
    const word = field.by === 'code' ? division.code : plain(division.name);
    known.set(word, known.has(word) ? null : division.id);
  }
  const byCode = new Map(divisions.filter((division) => division.level === level).map((d) => [d.code, d.id]));
  const map = new Map(
    Object.entries(field.map).map(([word, code]) => [plain(word), byCode.get(code) ?? null] as const),
  );
  // Longest name first: `太平街道` before `太平`.
  const prefixes = field.match === 'prefix' ? [...known].sort((a, b) => b[0].length - a[0].length) : [];
  const memory = new Map<string, number | null>();
  const byPrefix = (word: string): number | null => {
    let found = memory.get(word);
    if (found === undefined) {
      found = prefixes.find(([name]) => name !== '' && word.startsWith(name))?.[1] ?? null;
      if (memory.size < 100_000) memory.set(word, found);
    }
    return found;
  };
  return {
    idOf: (text) => {
      const word = plain(text);
      const mapped = map.get(word);
      if (mapped !== undefined) return mapped;
      if (field.match === 'prefix') return byPrefix(word);
      return known.get(field.by === 'code' ? text : word) ?? null;
    },
  };
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '');
