import { EMPTY_LEDGER, Ledger } from '../../../core/contract/ledger.ts';
import {
  browserDocument,
  type DocumentAnswer,
  type DocumentStore,
  type StorageOf,
  type StorageProblem,
} from '../storage/browser-document.ts';

/**
 * Where the ledger is kept. A server can take the place of the browser by answering the same calls; nothing else knows.
 */
export type LedgerStore = DocumentStore<Ledger>;
export type LedgerProblem = StorageProblem;
export type LedgerAnswer = DocumentAnswer<Ledger>;

export const STORAGE_KEY = 'hexsight-ledger-1';

export function browserStore(storageOf?: StorageOf): LedgerStore {
  return browserDocument({ key: STORAGE_KEY, empty: EMPTY_LEDGER, schema: Ledger }, storageOf);
}
