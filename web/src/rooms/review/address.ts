import { lastCompleteWeek } from '../../../../core/brief/week.ts';
import type { Manifest } from '../../../../core/contract/manifest.ts';

/** `/review/2026-W46`, `/review/2026-W46/meeting/2`. What is damaged falls back: to the last complete week, to the page. */
export interface ReviewAddress {
  /** ISO week; null = the last complete one. */
  readonly week: string | null;
  /** Slide of the meeting, first = 1; null = the page. */
  readonly slide: number | null;
}

const PATH = /^\/review(?:\/(\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3])))?(?:\/meeting(?:\/([1-9]\d?))?)?\/?$/;

export function parseReview(pathname: string): ReviewAddress {
  const match = PATH.exec(pathname);
  if (!match) return { week: null, slide: null };
  return { week: match[1] ?? null, slide: /\/meeting/.test(pathname) ? Number(match[2] ?? 1) : null };
}

export function reviewPath({ week, slide }: ReviewAddress): string {
  return `/review${week ? `/${week}` : ''}${slide === null ? '' : `/meeting/${slide}`}`;
}

/** Index of the week the address means; `unknown` = it names one this snapshot does not have. Null = the snapshot has no week. */
export function weekOf(
  address: ReviewAddress,
  manifest: Pick<Manifest, 'weeks' | 'window'>,
): { readonly index: number; readonly unknown: string | null } | null {
  const last = lastCompleteWeek(manifest);
  if (last === null) return null;
  if (address.week === null) return { index: last, unknown: null };
  const index = manifest.weeks.findIndex(({ iso }) => iso === address.week);
  return index < 0 ? { index: last, unknown: address.week } : { index, unknown: null };
}
