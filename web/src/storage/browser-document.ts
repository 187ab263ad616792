/**
 * A document that people write, kept in the browser's storage behind calls that a server can answer as well.
 */
export interface DocumentStore<T> {
  /** @returns what is kept; `damaged` = something is, but it is not of the schema: it is left as it is */
  read(): Promise<DocumentAnswer<T>>;
  /** Applies a change to what is kept now, not to what was read some time ago: another window may have written. */
  change(change: (document: T) => T): Promise<DocumentAnswer<T>>;
  /** Puts a damaged document aside, under a name of its own, and starts an empty one. */
  putAside(): Promise<DocumentAnswer<T>>;
  /** Called when another window changed it. */
  subscribe(listener: () => void): () => void;
}

export type StorageProblem = 'refused' | 'full' | 'damaged';
export type DocumentAnswer<T> =
  | { readonly ok: true; readonly document: T }
  | { readonly ok: false; readonly why: StorageProblem };

/** The part of `localStorage` that is used; asking for it may throw already (storage switched off). */
export type StorageOf = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface DocumentKind<T> {
  readonly key: string;
  readonly empty: T;
  readonly schema: { readonly safeParse: (value: unknown) => { success: true; data: T } | { success: false } };
}

export function browserDocument<T>(
  { key, empty, schema }: DocumentKind<T>,
  storageOf: StorageOf = () => window.localStorage,
): DocumentStore<T> {
  const read = (): DocumentAnswer<T> => {
    let text: string | null;
    try {
      text = storageOf().getItem(key);
    } catch {
      return { ok: false, why: 'refused' };
    }
    if (text === null) return { ok: true, document: empty };
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? { ok: true, document: parsed.data } : { ok: false, why: 'damaged' };
    } catch {
      return { ok: false, why: 'damaged' };
    }
  };
  const write = (document: T): DocumentAnswer<T> => {
    try {
      storageOf().setItem(key, JSON.stringify(document));
      return { ok: true, document };
    } catch (thrown) {
      const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
      return { ok: false, why: /quota/i.test(name) ? 'full' : 'refused' };
    }
  };
  return {
    read: async () => read(),
    change: async (change) => {
      const now = read();
      return now.ok ? write(change(now.document)) : now;
    },
    putAside: async () => {
      try {
        const storage = storageOf();
        storage.setItem(`${key}-damaged`, storage.getItem(key) ?? '');
      } catch {
        return { ok: false, why: 'refused' };
      }
      return write(empty);
    },
    subscribe: (listener) => {
      const onStorage = (event: StorageEvent) => {
        if (event.key === key || event.key === null) listener();
      };
      window.addEventListener('storage', onStorage);
      return () => window.removeEventListener('storage', onStorage);
    },
  };
}
