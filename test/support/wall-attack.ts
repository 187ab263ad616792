import { WALL_PLAYED_WEEKS, WALL_WINDOWS } from '../../core/contract/wall-tables.ts';
import type { KnownSum } from '../../core/privacy/attack.ts';
import type { WallInput, WallTables } from '../../core/privacy/wall-tables.ts';
import { NONE } from '../../core/privacy/wall-tree.ts';

/** Base counts of one or several snapshots under common keys. */
export interface BaseCounts {
  readonly keys: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
}

export function baseCounts({ rows, lastWeek }: WallInput): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows.n.length; i++) {
    if ((rows.week[i] as number) > lastWeek) continue;
    const key = [rows.sensitive, rows.division, rows.cell, rows.week, rows.group, rows.source].map((c) => c[i]).join();
    counts.set(key, (counts.get(key) ?? 0) + (rows.n[i] as number)); // a count starts at nothing
  }
  return counts;
}

/**
 * The published sums of one snapshot over the given unknowns, read from the three tables alone with the rule "nearest row above".
 * A row without a number is taken as "fewer than k" where that is true, so the attacker never guesses wrong.
 */
export function publishedSums(input: WallInput, tables: WallTables, keys: readonly string[]): KnownSum[] {
  const { map, time, weeks } = tables;
  const rowOf = new Map<string, number>();
  const size = map.floor.length;
  for (let i = 0; i < size; i++)
    rowOf.set(
      `m${[map.sensitive, map.weeks, map.place, map.division, map.cell, map.group].map((c) => c[i]).join()}`,
      i,
    );
  for (let i = 0; i < time.floor.length; i++)
    rowOf.set(
      `t${[time.sensitive, time.week, time.division, time.source, time.group].map((c) => c[i]).join()}.${time.depth[i]}`,
      size + i,
    );
  const played = size + time.floor.length;
  for (let i = 0; i < weeks.floor.length; i++)
    rowOf.set(
      `w${[weeks.sensitive, weeks.week, weeks.place, weeks.division, weeks.cell].map((c) => c[i]).join()}`,
      played + i,
    );
  const floors = [...map.floor, ...time.floor, ...weeks.floor];
  const sensitives = [...map.sensitive, ...time.sensitive, ...weeks.sensitive];
  const members: number[][] = Array.from({ length: floors.length }, () => []);
  const put = (paths: readonly string[], unknown: number): void => {
    for (const path of paths) {
      const row = rowOf.get(path);
      if (row === undefined) continue;
      (members[row] as number[]).push(unknown);
      return;
    }
  };
  keys.forEach((key, unknown) => {
    const [s, d, c, week, g, source] = key.split(',').map(Number) as [number, number, number, number, number, number];
    const places: string[] = [];
    if (d !== NONE && c !== NONE) {
      const cells = [
        [8, c],
        [7, input.parents.r7[c]],
        [6, input.parents.r6[c]],
        [5, input.parents.r5[c]],
      ] as [number, number][];
      for (const [place, cell] of cells)
        if (s === 0 || place <= input.sensitiveResolution)
          places.push(`${place},${d},${cell},${g}`, `${place},${d},${cell},${NONE}`);
    } else if (d !== NONE) places.push(`2,${d},${NONE},${g}`, `2,${d},${NONE},${NONE}`);
    places.push(`1,${d},${NONE},${g}`, `1,${d},${NONE},${NONE}`, `0,${NONE},${NONE},${NONE}`);
    for (const weeks of WALL_WINDOWS)
      if (week > input.lastWeek - weeks)
        put(
          places.map((place) => `m${s},${weeks},${place}`),
          unknown,
        );
    if (week > input.lastWeek - WALL_PLAYED_WEEKS) {
      const ways: string[] = [];
      if (d !== NONE && c !== NONE)
        for (const [place, cell] of [
          [7, input.parents.r7[c]],
          [6, input.parents.r6[c]],
          [5, input.parents.r5[c]],
        ] as [number, number][])
          if (s === 0 || place <= input.sensitiveResolution) ways.push(`${place},${d},${cell}`);
      if (d !== NONE && c === NONE) ways.push(`2,${d},${NONE}`);
      ways.push(`1,${d},${NONE}`, `0,${NONE},${NONE}`);
      put(
        ways.map((way) => `w${s},${week},${way}`),
        unknown,
      );
    }
    put(
      [
        `t${s},${week},${d},${source},${g}.3`,
        `t${s},${week},${d},${source},${NONE}.2`,
        `t${s},${week},${d},${NONE},${NONE}.1`,
        `t${s},${week},${NONE},${NONE},${NONE}.0`,
      ],
      unknown,
    );
  });
  const counts = baseCounts(input);
  return members.flatMap((of, row) => {
    if (of.length === 0) return [];
    const floor = floors[row] as number;
    const sensitive = sensitives[row];
    const k = sensitive ? input.kSensitive : input.k;
    const truth = of.reduce((sum, i) => sum + (counts.get(keys[i] as string) ?? 0), 0); // a key of another snapshot
    if (floor === NONE) return [{ of, lower: 1, upper: truth < k ? k - 1 : Number.POSITIVE_INFINITY }];
    if (truth < floor || truth > floor + k - 1)
      throw new Error(`row ${row}: ${truth} is not within its floor ${floor}`);
    return [{ of, lower: floor, upper: floor + k - 1 }];
  });
}
