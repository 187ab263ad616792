import { KeptRules, NO_KEPT_RULES } from '../../../core/contract/kept-rules.ts';
import {
  browserDocument,
  type DocumentAnswer,
  type DocumentStore,
  type StorageOf,
} from '../storage/browser-document.ts';

/** Where kept thresholds are. A server can take the place of the browser by answering the same calls; nothing else knows. */
export type KeptRulesStore = DocumentStore<KeptRules>;
export type KeptRulesAnswer = DocumentAnswer<KeptRules>;

export const KEPT_RULES_KEY = 'hexsight-kept-rules-1';

export function browserRules(storageOf?: StorageOf): KeptRulesStore {
  return browserDocument({ key: KEPT_RULES_KEY, empty: NO_KEPT_RULES, schema: KeptRules }, storageOf);
}
