import type { PrivacyWall } from '../contract/privacy.ts';
import type { WallTables, WindowReach } from './wall-tables.ts';

/** The `wall` part of `privacy.json`. Pure; `lastWeek` as ISO text, null when no week is complete. */
export function privacyWallSection(
  tables: Pick<WallTables, 'reach' | 'complementary' | 'barred' | 'withheldSlices' | 'proven'>,
  rule: { readonly k: number; readonly kSensitive: number; readonly lastWeek: string | null },
): PrivacyWall {
  return {
    k: rule.k,
    kSensitive: rule.kSensitive,
    flooredTo: 'k',
    lastWeek: rule.lastWeek,
    windows: tables.reach.map((window) => ({ ...window, shareAtLeast: sharesOf(window) })),
    suppressedComplementarily: tables.complementary,
    mergedForProof: tables.barred,
    withheldSlices: tables.withheldSlices,
    selfCheck: { smallCounts: tables.proven, notProven: 0, attack: 'test' },
  };
}

function sharesOf({ reports, byPlace }: WindowReach): PrivacyWall['windows'][number]['shareAtLeast'] {
  const share = (n: number): number | null => (reports === 0 ? null : Math.round((n / reports) * 1e4) / 1e4);
  const { r8, r7, r6 } = byPlace;
  return { r8: share(r8), r7: share(r8 + r7), r6: share(r8 + r7 + r6) };
}
