import { create } from 'zustand';
import { EMPTY_LEDGER, type Ledger } from '../../../core/contract/ledger.ts';
import { browserStore, type LedgerAnswer, type LedgerProblem } from './store.ts';

/** The ledger as the rooms see it. One store for the page; a server takes its place here. */
const store = browserStore();

interface LedgerState {
  readonly ledger: Ledger;
  readonly loaded: boolean;
  /** Why it could not be read, or why the last change was not kept. Null = all is well. */
  readonly problem: LedgerProblem | null;
  /** @returns was it kept? */
  change(change: (ledger: Ledger) => Ledger): Promise<boolean>;
  putAside(): Promise<void>;
  reload(): Promise<void>;
}

export const useLedger = create<LedgerState>()((set) => {
  const take = (answer: LedgerAnswer): boolean => {
    set(answer.ok ? { ledger: answer.document, loaded: true, problem: null } : { loaded: true, problem: answer.why });
    return answer.ok;
  };
  return {
    ledger: EMPTY_LEDGER,
    loaded: false,
    problem: null,
    change: async (change) => take(await store.change(change)),
    putAside: async () => void take(await store.putAside()),
    reload: async () => void take(await store.read()),
  };
});

let watching = false;
/** Reads it once and follows other windows; called by whatever shows it. */
export function watchLedger(): void {
  if (watching) return;
  watching = true;
  void useLedger.getState().reload();
  store.subscribe(() => void useLedger.getState().reload());
}
