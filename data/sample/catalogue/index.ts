import { COMPLAINTS } from './complaints.ts';
import { DISPUTES } from './disputes.ts';
import { POLICE } from './police.ts';
import type { SourceCategory, SourceKey } from './types.ts';

/** Every category of every source; an event holds the index into this list. */
export const CATALOGUE: readonly SourceCategory[] = [...COMPLAINTS, ...POLICE, ...DISPUTES];

export const SOURCE_SHARES: Record<SourceKey, number> = { hotline: 0.7, police: 0.2, dispute: 0.1 };

/** Scheme names of `mapping.json`. */
export const SCHEMES: Record<SourceKey, string> = {
  hotline: 'hotline-words',
  police: 'police-codes',
  dispute: 'dispute-words',
};

/** What `mapping.json` of the profile must hold: source key → our code, old and new words alike. */
export function mapping(): Record<string, Record<string, string>> {
  const schemes: Record<string, Record<string, string>> = {};
  for (const category of CATALOGUE) {
    const scheme = SCHEMES[category.source];
    schemes[scheme] ??= {};
    schemes[scheme]![category.key] = category.ours;
    if (category.renamed) schemes[scheme]![category.renamed.key] = category.ours;
  }
  return schemes;
}
