import { parseArea } from '../../../core/geo/area/area-text.ts';

/** Areas kept in this browser, newest first, as their texts. */
const KEY = 'hexsight.areas';
const MOST = 50;

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** What somebody else wrote there, or an older version, is passed over. */
export function savedAreas(store: Store): readonly string[] {
  try {
    const read: unknown = JSON.parse(store.getItem(KEY) ?? '[]');
    if (!Array.isArray(read)) return [];
    return read.filter((text): text is string => typeof text === 'string' && parseArea(text) !== null).slice(0, MOST);
  } catch {
    return [];
  }
}

/** An area of the same name is replaced. @returns the list as it is then; null = the browser keeps nothing (full, or forbidden) */
export function saveArea(store: Store, text: string): readonly string[] | null {
  const name = parseArea(text)?.name;
  return write(store, [
    text,
    ...savedAreas(store).filter((other) => other !== text && parseArea(other)?.name !== name),
  ]);
}

export function forgetArea(store: Store, text: string): readonly string[] | null {
  return write(
    store,
    savedAreas(store).filter((other) => other !== text),
  );
}

function write(store: Store, texts: readonly string[]): readonly string[] | null {
  const kept = texts.slice(0, MOST);
  try {
    store.setItem(KEY, JSON.stringify(kept));
    return kept;
  } catch {
    return null;
  }
}
