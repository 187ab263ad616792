import { betaRatio } from './beta.ts';

/** P(|T| >= |t|) of Student's t with `degrees` > 0 degrees of freedom (NIST DLMF 8.17; two-sided). Cost: one incomplete beta. */
export function studentTwoSided({ t, degrees }: { readonly t: number; readonly degrees: number }): number {
  if (!(degrees > 0) || Number.isNaN(t))
    throw new RangeError(`Student's t needs degrees > 0, got t ${t}, degrees ${degrees}`);
  if (!Number.isFinite(t)) return 0;
  const square = t * t;
  return betaRatio({
    a: degrees / 2,
    b: 0.5,
    x: degrees / (degrees + square),
    complement: square / (degrees + square),
  });
}
