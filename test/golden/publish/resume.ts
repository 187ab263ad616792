import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readCheckedJson } from '../../../pipelines/io/checked-json.ts';
import type { RunSummary } from '../../../pipelines/run.ts';
import { citySpread } from './store-damage.ts';
import { publishedMark, victimOf } from './victim.ts';

type Made = RunSummary['made'];
const FILES_A_PERIOD = 5;

/**
 * `kill -9` at calls of the file layer spread over a run from nothing; then the run is started again. What the killed run had finished
 * stands, so the second makes the rest only: both together make at most one unit and one period, and one part a core, more than a run
 * that nobody disturbs.
 *
 * @returns the most that any kill kept, and the most that any second run made again
 */
export async function resumeChecks(wanted: number): Promise<{ kills: number; kept: Made; remade: Made }> {
  const victim = victimOf(citySpread());
  const { out, store } = victim;
  const fresh = (): void => {
    for (const folder of [out, store]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const whole = await victim.run();
    expect(whole.code, whole.stderr).toBe(0);
    const needed = madeBy(whole.stdout);
    const mark = publishedMark(out);
    // The grid stays: making it is no unit of work.
    cpSync(join(store, 'grid'), `${store}-grid`, { recursive: true });
    const kept = { parts: 0, units: 0, periods: 0 };
    const remade = { parts: 0, units: 0, periods: 0 };
    let kills = 0;
    for (let i = 0; i < wanted; i++) {
      fresh();
      cpSync(`${store}-grid`, join(store, 'grid'), { recursive: true });
      const at = 1 + Math.floor(((i + 0.5) / wanted) * (whole.calls as number));
      const killed = await victim.run({ fault: { at, code: 'KILL' } });
      if (killed.signal === 'SIGKILL') kills++;
      const done = finished(store);
      const begun = begunBy(store, out, needed);
      const second = await victim.run();
      expect(second.code, second.stderr).toBe(0);
      expect(publishedMark(out), `after a kill at call ${at}`).toBe(mark);
      const made = madeBy(second.stdout);
      for (const kind of ['parts', 'units', 'periods'] as const) {
        // What was finished is not made again.
        expect(made[kind], `${kind} after a kill at call ${at} (${killed.hit}), ${done[kind]} were finished`).toBe(
          needed[kind] - done[kind],
        );
        kept[kind] = Math.max(kept[kind], done[kind]);
        remade[kind] = Math.max(remade[kind], begun[kind]);
      }
    }
    expect(remade.parts).toBeLessThanOrEqual(availableParallelism());
    return { kills, kept, remade };
  } finally {
    rmSync(`${store}-grid`, { recursive: true, force: true });
    victim.remove();
  }
}

const madeBy = (stdout: string): Made => (JSON.parse(stdout.trim().split('\n').at(-1) as string) as RunSummary).made;
const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** What a killed run left behind as finished. Places are remembered with the periods; they are one entry more. */
function finished(store: string): Made {
  const built = Object.keys((readCheckedJson(join(store, 'built.json')) ?? {}) as object).length; // none yet
  return {
    parts: list(join(store, 'parts')).filter((name) => name.endsWith('.part')).length,
    units: list(join(store, 'units')).filter((name) => name.endsWith('.counts')).length,
    periods: Math.max(0, built - 1),
  };
}

/** What it had begun and not finished: rows without a summary, tables without counts, artifacts that no remembered period names. */
function begunBy(store: string, out: string, needed: Made): Made {
  const stems = (folder: string, ended: RegExp): number => {
    const names = list(join(store, folder));
    const whole = new Set(names.filter((name) => ended.test(name)).map((name) => name.split('.')[0]));
    return new Set(names.map((name) => name.split('.')[0]).filter((stem) => !whole.has(stem))).size;
  };
  const entries = Object.values(
    (readCheckedJson(join(store, 'built.json')) ?? {}) as Record<string, { file: string }[]>,
  );
  const named = new Set(entries.flat().map(({ file }) => file.slice('files/'.length)));
  const unnamed = list(join(out, 'files')).filter((name) => /^[0-9a-f]{64}\.[a-z]+$/.test(name) && !named.has(name));
  // Two divisions and three cubes a period; before the first come the places, after the last tables of the whole window.
  const isPeriods = entries.length > 0 && entries.length < needed.periods + 1;
  return {
    parts: stems('parts', /\.part$/),
    units: stems('units', /\.counts$/),
    periods: isPeriods ? Math.ceil(unnamed.length / FILES_A_PERIOD) : 0,
  };
}
