import type { DeskFinding } from '../contract/finding.ts';

/** Findings that persons wrote for the brief of a week: graded ones first, highest level first, then in the order in which they were written. */
export function findingsOfWeek(findings: readonly DeskFinding[], iso: string): readonly DeskFinding[] {
  const order = ({ level }: DeskFinding) => level ?? UNGRADED;
  return findings
    .filter(({ week }) => week === iso)
    .sort((a, b) => order(a) - order(b) || (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
}

const UNGRADED = 5;
