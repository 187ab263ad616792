import { KeptRules, NO_KEPT_RULES } from '../../../core/contract/kept-rules.ts';
import type { StorageOf } from '../ledger/store.ts';

/** Where kept thresholds are. A server can take the place of the browser by answering the same two calls; nothing else knows. */
export interface KeptRulesStore {
  read(): Promise<KeptRulesAnswer>;
  /** Applies a change to what is kept now: another window may have written. */
  change(change: (kept: KeptRules) => KeptRules): Promise<KeptRulesAnswer>;
}

export type KeptRulesAnswer =
  | { readonly ok: true; readonly kept: KeptRules }
  /** `damaged` = something is there, but it is none of ours: it is left as it is. */
  | { readonly ok: false; readonly why: 'refused' | 'full' | 'damaged' };

export const KEPT_RULES_KEY = 'hexsight-kept-rules-1';

export function browserRules(storageOf: StorageOf = () => window.localStorage): KeptRulesStore {
  const read = (): KeptRulesAnswer => {
    let text: string | null;
    try {
      text = storageOf().getItem(KEPT_RULES_KEY);
    } catch {
      return { ok: false, why: 'refused' };
    }
    if (text === null) return { ok: true, kept: NO_KEPT_RULES };
    try {
      const parsed = KeptRules.safeParse(JSON.parse(text));
      return parsed.success ? { ok: true, kept: parsed.data } : { ok: false, why: 'damaged' };
    } catch {
      return { ok: false, why: 'damaged' };
    }
  };
  return {
    read: async () => read(),
    change: async (change) => {
      const now = read();
      if (!now.ok) return now;
      const kept = change(now.kept);
      try {
        storageOf().setItem(KEPT_RULES_KEY, JSON.stringify(kept));
        return { ok: true, kept };
      } catch (thrown) {
        const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
        return { ok: false, why: /quota/i.test(name) ? 'full' : 'refused' };
      }
    },
  };
}
