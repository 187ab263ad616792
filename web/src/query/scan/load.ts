import type { FileEntry, Manifest } from '../../../../core/contract/manifest.ts';
import { problemOf, type SnapshotProblem } from '../../snapshot/problem.ts';
import { AT_ONCE, completeFrom, type FactsProgress, factsInOrder, inOrder, periodsOf } from '../facts-loader.ts';
import type { ScanPool } from './pool.ts';

/**
 * Fills the scan, newest period first. A file that fails is named and skipped; the others go on.
 *
 * @param onProgress after every period: what is loaded so far can be asked
 */
export async function loadScan(
  pool: ScanPool,
  manifest: Manifest,
  onProgress: (progress: FactsProgress) => void,
): Promise<FactsProgress> {
  const files = factsInOrder(manifest);
  const total = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
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
    pool.fetch(file).then(
      (bytes) => ({ file, bytes }),
      (thrown: unknown) => ({ file, problem: problemOf(thrown, file.path) }),
    ),
  );
  for (const period of periodsOf(files)) {
    const arrived: { readonly file: FileEntry; readonly bytes: ArrayBuffer }[] = [];
    for (let i = 0; i < period.length; i++) {
      const result = await fetched();
      if ('problem' in result) failed.push(result.problem);
      else arrived.push(result);
    }
    if (arrived.length > 0) await pool.addPeriod(arrived.map(({ bytes }) => bytes));
    for (const { file } of arrived) {
      loaded += file.rows ?? 0;
      done.add(file.path);
    }
    onProgress(progress());
  }
  return progress();
}
