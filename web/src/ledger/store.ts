import { EMPTY_LEDGER, Ledger } from '../../../core/contract/ledger.ts';

/**
 * Where the ledger is kept. A server can take the place of the browser by answering the same three calls; nothing else knows.
 */
export interface LedgerStore {
  /** @returns what is kept; `damaged` = something is, but it is no ledger: it is left as it is */
  read(): Promise<LedgerAnswer>;
  /** Applies a change to what is kept now, not to what was read some time ago: another window may have written. */
  change(change: (ledger: Ledger) => Ledger): Promise<LedgerAnswer>;
  /** Puts a damaged ledger aside, under a name of its own, and starts an empty one. */
  putAside(): Promise<LedgerAnswer>;
  /** Called when another window changed it. */
  subscribe(listener: () => void): () => void;
}

export type LedgerProblem = 'refused' | 'full' | 'damaged';
export type LedgerAnswer =
  | { readonly ok: true; readonly ledger: Ledger }
  | { readonly ok: false; readonly why: LedgerProblem };

export const STORAGE_KEY = 'hexsight-ledger-1';
const ASIDE_KEY = `${STORAGE_KEY}-damaged`;

/** The part of `localStorage` that is used; asking for it may throw already (storage switched off). */
export type StorageOf = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function browserStore(storageOf: StorageOf = () => window.localStorage): LedgerStore {
  const read = (): LedgerAnswer => {
    let text: string | null;
    try {
      text = storageOf().getItem(STORAGE_KEY);
    } catch {
      return { ok: false, why: 'refused' };
    }
    if (text === null) return { ok: true, ledger: EMPTY_LEDGER };
    try {
      const parsed = Ledger.safeParse(JSON.parse(text));
      return parsed.success ? { ok: true, ledger: parsed.data } : { ok: false, why: 'damaged' };
    } catch {
      return { ok: false, why: 'damaged' };
    }
  };
  const write = (ledger: Ledger): LedgerAnswer => {
    try {
      storageOf().setItem(STORAGE_KEY, JSON.stringify(ledger));
      return { ok: true, ledger };
    } catch (thrown) {
      const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
      return { ok: false, why: /quota/i.test(name) ? 'full' : 'refused' };
    }
  };
  return {
    read: async () => read(),
    change: async (change) => {
      const now = read();
      return now.ok ? write(change(now.ledger)) : now;
    },
    putAside: async () => {
      try {
        const storage = storageOf();
        storage.setItem(ASIDE_KEY, storage.getItem(STORAGE_KEY) ?? '');
      } catch {
        return { ok: false, why: 'refused' };
      }
      return write(EMPTY_LEDGER);
    },
    subscribe: (listener) => {
      const onStorage = (event: StorageEvent) => {
        if (event.key === STORAGE_KEY || event.key === null) listener();
      };
      window.addEventListener('storage', onStorage);
      return () => window.removeEventListener('storage', onStorage);
    },
  };
}
