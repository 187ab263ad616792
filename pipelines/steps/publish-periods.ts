import type { FileEntry } from '../../core/contract/manifest.ts';
import { sha256 } from '../io/atomic.ts';
import type { Duck } from '../io/duck.ts';
import type { Progress } from '../progress.ts';
import { publishPeriod, type TimeFrame, unitsIn } from './aggregate.ts';
import type { ArtifactWriter } from './artifact-writer.ts';
import type { Built } from './built.ts';
import type { Division } from './divisions.ts';
import { checkTables, type Unit } from './units.ts';

export interface PeriodsInput {
  readonly duck: Duck;
  readonly store: string;
  /** Hash of configuration, grid and code. */
  readonly basis: string;
  readonly frame: TimeFrame;
  readonly units: readonly Unit[];
  /** Units that this run has made: their tables need no look. */
  readonly fresh: ReadonlySet<Unit>;
  readonly divisions: readonly Division[];
  readonly built: Built;
  readonly writer: ArtifactWriter;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Facts and cell cubes of every period that changed; the others are those of an earlier run. One after the other: each is remembered when it
 * is done, so that a run which is killed loses one.
 */
export async function publishPeriods(input: PeriodsInput): Promise<{ files: FileEntry[]; made: number }> {
  const { duck, store, frame, units, fresh, built } = input;
  const total = units.reduce((sum, unit) => sum + unit.rows, 0);
  const files: FileEntry[] = [];
  let [done, made] = [0, 0];
  for (const period of frame.periods) {
    const members = unitsIn(period, units);
    if (members.length > 0) {
      const key = sha256(
        JSON.stringify([input.basis, period, frame.weeks[0]?.firstDay, members.map((unit) => unit.signature)]),
      );
      files.push(
        ...(await built.get(key, () => {
          made++;
          checkTables(
            store,
            members.filter((unit) => !fresh.has(unit)),
          );
          return publishPeriod(duck, store, period, members, frame, input.divisions, input.writer);
        })),
      );
    }
    done += members.reduce((sum, unit) => sum + unit.rows, 0);
    input.progress({ stage: 'publish', done, total, unit: 'incidents' });
    input.signal?.throwIfAborted();
  }
  return { files, made };
}
