import { readFileSync } from 'node:fs';
import { AlertRules } from '../../core/contract/alert-rules.ts';

/** The rules that come with the product. */
export const alertRulesOf = (): AlertRules =>
  AlertRules.parse(JSON.parse(readFileSync(new URL('../../data/alert-rules.json', import.meta.url), 'utf8')));
