/**
 * One thing that was seen while drafting a contract. `seen` is told so that a person can agree; `check` was chosen among things that look
 * alike and may be wrong; `fill` could not be known from the file and must be written by hand. Names no value of a record.
 */
export interface Finding {
  readonly level: 'seen' | 'check' | 'fill';
  /** Column, or part of the feed such as `crs`. */
  readonly about: string;
  readonly zh: string;
  readonly en: string;
}

const LEVELS = { fill: '需填写 fill in', check: '需核对 check', seen: '看到 seen' } as const;

/** Findings as lines for a person, the ones with work first, in both languages. */
export function findingLines(findings: readonly Finding[]): string[] {
  return (['fill', 'check', 'seen'] as const).flatMap((level) =>
    findings
      .filter((finding) => finding.level === level)
      .map(({ about, zh, en }) => `[${LEVELS[level]}] ${about}: ${zh} · ${en}`),
  );
}

/** 0.1234 → `12.3 %`; never rounds something to nothing or to all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}
