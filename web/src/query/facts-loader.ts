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

/** Files fetched ahead of the one that is being read in. */
const AHEAD = 3;

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
  const fetched: Promise<{ bytes: Uint8Array } | { problem: SnapshotProblem }>[] = [];
  const fetchOne = (at: number) => {
    const file = files[at];
    if (!file || fetched[at]) return;
    fetched[at] = bytes(file.path).then(
      (value) => ({ bytes: value }),
      (thrown: unknown) => ({ problem: problemOf(thrown, file.path) }),
    );
  };
  for (const [at, file] of files.entries()) {
    for (let ahead = at; ahead < at + AHEAD; ahead++) fetchOne(ahead);
    const result = await fetched[at]!;
    delete fetched[at];
    if ('problem' in result) failed.push(result.problem);
    else {
      await engine.insert(INCOMING, result.bytes);
      for (const statement of appendIncoming(monday)) await engine.run(statement);
      loaded += file.rows ?? 0;
      done.add(file.path);
    }
    onProgress(progress());
  }
  for (const statement of COMPACT_SUMMARY) await engine.run(statement);
  return progress();
}
