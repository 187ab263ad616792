import { poissonQuantile } from '../../stats/poisson.ts';
import type { AlertKind, Candidate, DivisionShare, QualityFlag } from '../candidate.ts';

/** Something found on cells: a cluster of the scan, an emerging hot spot, a recurring place. */
export interface CellFinding {
  readonly kind: Exclude<AlertKind, 'series'>;
  readonly rule: string;
  readonly category: number;
  readonly severity: number;
  readonly resolution: number;
  readonly cells: readonly number[];
  readonly divisions: readonly DivisionShare[];
  /** Half-open days. */
  readonly firstDay: number;
  readonly endDay: number;
  readonly observed: number;
  /** Reports behind `observed` where that counts distinct problems; left out: it counts reports. */
  readonly reports?: number | undefined;
  readonly expected: number;
  /** Variance / mean of the count under its normal, >= 1. */
  readonly dispersion: number;
  readonly p: number | null;
  readonly recurrenceDays: number | null;
  readonly quality: readonly QualityFlag[];
  readonly follow: { readonly observed: number; readonly expected: number } | null;
}

/** The 95 % interval is Poisson, widened by √dispersion around the mean; its ends stay whole and not below 0. */
export function normalInterval({
  expected,
  dispersion,
}: {
  readonly expected: number;
  readonly dispersion: number;
}): [number, number] {
  const low = expected > 0 ? poissonQuantile({ probability: 0.025, mean: expected }) : 0;
  const high = expected > 0 ? poissonQuantile({ probability: 0.975, mean: expected }) : 0;
  const widen = Math.sqrt(Math.max(1, dispersion));
  return [
    Math.max(0, Math.floor(expected - (expected - low) * widen)),
    Math.ceil(expected + (high - expected) * widen),
  ];
}

export function cellCandidate(finding: CellFinding): Candidate {
  return {
    kind: finding.kind,
    rule: finding.rule,
    category: finding.category,
    severity: finding.severity,
    place: { kind: 'cells', resolution: finding.resolution, cells: [...finding.cells].sort((a, b) => a - b) },
    divisions: finding.divisions,
    period: { firstDay: finding.firstDay, endDay: finding.endDay },
    observed: finding.observed,
    reports: finding.reports,
    expected: finding.expected,
    interval: normalInterval(finding),
    p: finding.p,
    recurrenceDays: finding.recurrenceDays,
    quality: finding.quality,
    follow: finding.follow,
  };
}
