import type { Freshness } from '../../../../core/quality/freshness.ts';
import type { TextKey } from '../../i18n/texts.ts';

/** A text and what is put into it. */
export type Words = [TextKey, Record<string, string | number>?];

/** Freshness in words: whether the next delivery is due, and since when it is overdue. */
export function freshnessText({ verdict, overdueDays }: Pick<Freshness, 'verdict' | 'overdueDays'>): Words {
  if (overdueDays === null) return ['coverage.nothing'];
  switch (verdict) {
    case 'fresh':
      return ['coverage.fresh'];
    case 'due':
      return ['coverage.due', { days: overdueDays }];
    case 'late':
      return ['coverage.late', { days: overdueDays }];
    case 'silent':
      return ['coverage.silent', { days: overdueDays }];
    default:
      return verdict satisfies never;
  }
}
