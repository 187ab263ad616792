import type { DeskFinding } from '../../../core/contract/finding.ts';

/** A new one at the end; one with a known id in its place. */
export function withFinding(findings: readonly DeskFinding[], finding: DeskFinding): readonly DeskFinding[] {
  return findings.some(({ id }) => id === finding.id)
    ? findings.map((one) => (one.id === finding.id ? finding : one))
    : [...findings, finding];
}

export const withoutFinding = (findings: readonly DeskFinding[], id: string): readonly DeskFinding[] =>
  findings.filter((one) => one.id !== id);

/** Rows of an import over what is there: same id = replaced, new id = added, nothing is removed. */
export function mergedFindings(
  findings: readonly DeskFinding[],
  incoming: readonly DeskFinding[],
): readonly DeskFinding[] {
  return incoming.reduce(withFinding, findings);
}

/** `F-2026-W46-3`: readable in a spreadsheet, and no randomness. Two people with two browsers must exchange files before they number on. */
export function freshFindingId(findings: readonly DeskFinding[], week: string): string {
  const taken = new Set(findings.map(({ id }) => id));
  let n = 1;
  while (taken.has(`F-${week}-${n}`)) n++;
  return `F-${week}-${n}`;
}
