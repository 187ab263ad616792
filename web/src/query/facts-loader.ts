import type { FileEntry, Manifest } from '../../../core/contract/manifest.ts';
import { problemOf, type SnapshotProblem } from '../snapshot/problem.ts';
import type { Engine } from './engine.ts';
import { appendIncoming, COMPACT_SUMMARY, CREATE_TABLES, INCOMING } from './tables.ts';

/** How much of the incidents the query worker holds. Newest first, so it is complete from `completeFromDay` on. */
export interface FactsProgress {
  readonly loaded: number;
  readonly total: number;
  /** Every incident of this day and later is loaded; null = nothing is complete yet. */
  readonly completeFromDay: number | null;
  readonly failed: readonly SnapshotProblem[];
}

/** Files on their way at once: a period may be cut into dozens of small ones. */
export const AT_ONCE = 6;

/** Newest period first; within a period in the order of the manifest. */
export function factsInOrder(manifest: Manifest): readonly FileEntry[] {
  return manifest.files
    .filter((file) => file.kind === 'facts' && (file.rows ?? 1) > 0)
    .sort((a, b) => (b.period?.firstDay ?? 0) - (a.period?.firstDay ?? 0));
}

/** First day from which nothing is missing, given the files that are in. */
export function completeFrom(files: readonly FileEntry[], isIn: (file: FileEntry) => boolean): number | null {
  const missing = files.filter((file) => !isIn(file));
  const firstDays = files.map((file) => file.period?.firstDay ?? 0);
  if (missing.length === 0) return firstDays.length > 0 ? Math.min(...firstDays) : null;
  const from = Math.max(...missing.map((file) => file.period?.endDay ?? Number.POSITIVE_INFINITY));
  return files.some((file) => isIn(file) && (file.period?.firstDay ?? 0) >= from) ? from : null;
}

/**
 * Fills `facts` and `summary`. A file that fails is named and skipped; the others go on.
 * @returns the failed ones; an empty list = every incident of the snapshot is loaded
 */
export async function loadFacts(
  engine: Engine,
  manifest: Manifest,
  bytes: (path: string) => Promise<Uint8Array>,
  onProgress: (progress: FactsProgress) => void,
): Promise<FactsProgress> {
  const files = factsInOrder(manifest);
  const total = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
  const monday = manifest.weeks[0]?.firstDay ?? manifest.window.firstDay;
  for (const statement of CREATE_TABLES) await engine.run(statement);
  const done = new Set<string>();
  const failed: SnapshotProblem[] = [];
  let loaded = 0;
  const progress = (): FactsProgress => ({
    loaded,
    total,
    completeFromDay: completeFrom(files, (file) => done.has(file.path)),
    failed: [...failed],
  });
  const fetched = inOrder(files, AT_ONCE, (file) =>
    bytes(file.path).then(
      (value) => ({ file, bytes: value }),
      (thrown: unknown) => ({ file, problem: problemOf(thrown, file.path) }),
    ),
  );
  // One period at a time: the statements cost more than the rows of a small file.
  for (const period of periodsOf(files)) {
    const arrived: FileEntry[] = [];
    for (let i = 0; i < period.length; i++) {
      const result = await fetched();
      if ('problem' in result) {
        failed.push(result.problem);
        continue;
      }
      await engine.insert(INCOMING, result.bytes, arrived.length === 0 ? 'create' : 'append');
      arrived.push(result.file);
    }
    if (arrived.length > 0) for (const statement of appendIncoming(monday)) await engine.run(statement);
    for (const file of arrived) {
      loaded += file.rows ?? 0;
      done.add(file.path);
    }
    onProgress(progress());
  }
  for (const statement of COMPACT_SUMMARY) await engine.run(statement);
  return progress();
}

/** Neighbours of one period. */
export function periodsOf(files: readonly FileEntry[]): readonly (readonly FileEntry[])[] {
  const periods: FileEntry[][] = [];
  for (const file of files) {
    const last = periods.at(-1);
    if (last?.[0]?.period?.firstDay === file.period?.firstDay && last) last.push(file);
    else periods.push([file]);
  }
  return periods;
}

/** Starts `atOnce` tasks ahead and hands the results out one by one, in order. */
export function inOrder<A, B>(inputs: readonly A[], atOnce: number, task: (input: A) => Promise<B>): () => Promise<B> {
  const started: Promise<B>[] = [];
  let given = 0;
  return () => {
    for (let at = started.length; at < Math.min(inputs.length, given + atOnce); at++)
      started.push(task(inputs[at] as A));
    const next = started[given] as Promise<B>;
    delete started[given];
    given++;
    return next;
  };
}
