import type { Feed } from '../../core/contract/profile.ts';
import { NO_DIVISION } from '../../core/geo/datum-test.ts';
import type { DivisionIndex } from '../../core/geo/division-index.ts';
import { type GazetteerEntry, gazetteer, type Lead } from '../../core/geo/gazetteer.ts';
import type { Division } from './divisions.ts';
import { NONE_U32 } from './incident-columns.ts';

/** The division a source names itself, by code or by name. */
export interface OwnDivisions {
  /** Division id; null = the word names none of ours. */
  readonly idOf: (text: string) => number | null;
}

/** Known places: WGS 84 degrees, and the finest cell they may be read at. `ownDivision` NONE_U32 = the row says none. */
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

/** Per level: the division of that level that holds a WGS 84 point, NO_DIVISION where there is none. Each level is prepared once. */
export function divisionsAtLevels(
  index: DivisionIndex,
  divisions: readonly Pick<Division, 'id' | 'level' | 'parent'>[],
): (level: number) => (lng: number, lat: number) => number {
  const known = new Map<number, (lng: number, lat: number) => number>();
  const ancestor = (id: number, level: number): number => {
    let at = divisions[id];
    while (at && at.level > level) at = at.parent === null ? undefined : divisions[at.parent];
    return at?.level === level ? at.id : NO_DIVISION;
  };
  return (level) => {
    const made =
      known.get(level) ??
      index.through(
        Uint32Array.from(divisions, ({ id }) => ancestor(id, level)),
        NO_DIVISION,
      );
    known.set(level, made);
    return made;
  };
}

/** Levels whose names addresses begin with; below them a name is a place of its own (社区, 里). */
const LEADING_LEVELS = 2;
/** Texts repeat; what is remembered is bounded. */
const REMEMBERED_PLACES = 200_000;

/** The gazetteer as rows ask it. Null without entries. */
export function placeNames(
  entries: readonly GazetteerEntry[],
  divisions: readonly Pick<Division, 'id' | 'level' | 'name' | 'parent'>[],
): PlaceNames | null {
  if (entries.length === 0) return null;
  const isWithin = (inner: number, outer: number): boolean => {
    for (let at: number | null = inner; at !== null; at = divisions[at]?.parent ?? null) if (at === outer) return true;
    return false;
  };
  const book = gazetteer(entries, leadsOf(divisions), isWithin);
  const memory = new Map<string, ReturnType<PlaceNames['find']>>();
  return {
    find: (text, own) => {
      const key = `${own} ${text}`;
      let found = memory.get(key);
      if (found === undefined) {
        const answer = book.find(text, own === NONE_U32 ? null : own);
        found = answer.ok ? { lng: answer.lng, lat: answer.lat, resolution: answer.resolution } : null;
        if (memory.size < REMEMBERED_PLACES) memory.set(key, found);
      }
      return found;
    },
  };
}

/** The city and its upper divisions, each with and without its generic ending: 苏州市, 苏州; 姑苏区, 姑苏. */
function leadsOf(divisions: readonly Pick<Division, 'level' | 'name'>[]): Lead[] {
  return divisions
    .filter(({ level }) => level <= LEADING_LEVELS)
    .map(({ level, name }) => {
      const whole = plain(name).replace(/[（(].*$/, '');
      const short = whole.replace(/(街道|[市区區县縣镇鎮乡鄉])$/, '');
      const names = level === 0 ? [whole, short, `${short}市`] : [whole, short];
      // Two divisions of one name are one lead: the name alone does not contradict.
      return { level: level + 1, key: whole, names: [...new Set(names)] };
    });
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '');
