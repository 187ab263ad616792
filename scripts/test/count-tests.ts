import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What went wrong beyond failing tests; each is counted in `failed`. */
  readonly problems: readonly string[];
}

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/**
 * Counts the JSON report of Vitest. Nothing may hide: a file that did not load, a file on disk that did not run, a
 * missing report and a runner that failed although every test passed each count as one failure.
 *
 * @param report text of the report, null when there is none
 * @param files absolute paths of the test files on disk
 */
export function countTests(report: string | null, files: readonly string[], exitCode: number): Counts {
  const parsed = Report.safeParse(report === null ? null : jsonOrNull(report));
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0, problems: ['the test runner left no report'] };
  const results = parsed.data.testResults;
  const statuses = results.flatMap((result) => result.assertionResults.map(({ status }) => status));
  const count = (...wanted: string[]) => statuses.filter((status) => wanted.includes(status)).length;
  const ran = new Set(results.map(({ name }) => name));
  const problems = [
    ...results
      .filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed))
      .map(({ name }) => `${name} failed outside its tests`),
    ...files.filter((file) => !ran.has(file)).map((file) => `${file} did not run`),
  ];
  const failed = count('failed') + problems.length;
  if (exitCode !== 0 && failed === 0) problems.push(`the test runner ended with exit code ${exitCode}`);
  return {
    passed: count('passed'),
    failed: count('failed') + problems.length,
    skipped: statuses.length - count('passed', 'failed'),
    problems,
  };
}

const isFailed = ({ status }: { readonly status: string }) => status === 'failed';

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The last line of `npm test`, which CI reads. */
export function closingLine({ passed, failed, skipped }: Omit<Counts, 'problems'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
