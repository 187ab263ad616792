import type { Table } from '@uwdata/flechette';
import type { StandingAlert } from '../../../core/alert/engine.ts';
import { DIVISIONS, FACTS, GRID_COARSE } from '../../../core/contract/tables.ts';
import type { CityFacts } from '../../../core/evaluate/backtest/city-facts.ts';
import {
  type FactTable,
  type GridColumns,
  PLACE_RESOLUTION,
  publishedFacts,
  REPLAY_RESOLUTION,
} from '../../../core/evaluate/backtest/published-facts.ts';
import type { ReplayedPlace } from '../../../core/evaluate/backtest/published-rules.ts';
import { type RuleOutcome, ruleReplay } from '../../../core/evaluate/backtest/rule-replay.ts';
import { openTable } from '../snapshot/decode.ts';
import type { ReplayAnswer, ReplayedSide, ReplayRequest } from './replay-messages.ts';

/** Checked bytes of a logical path of the snapshot. */
export type ReadBytes = (path: string) => Promise<Uint8Array>;

/** The published files as the replay of core wants them, whichever Arrow reader opened them. Files are read one after the other. */
export async function readCityFacts(
  { manifest, coverage, calendar }: Pick<ReplayRequest, 'manifest' | 'coverage' | 'calendar'>,
  bytes: ReadBytes,
  onRead: (done: number, total: number) => void,
): Promise<CityFacts> {
  const grid = async (resolution: number): Promise<GridColumns> => {
    const path = `grid/r${resolution}.arrow`;
    const table = openTable(await bytes(path), path, GRID_COARSE);
    return {
      h3: Array.from(table.getChild('h3').toArray() as BigUint64Array, (h3) => h3.toString(16)),
      firstId: Uint32Array.from(numbers(table, 'first_id')),
      endId: Uint32Array.from(numbers(table, 'end_id')),
    };
  };
  const divisions = openTable(await bytes('divisions.arrow'), 'divisions.arrow', DIVISIONS);
  const names = divisions.getChild('name');
  const files = manifest.files.filter(({ kind }) => kind === 'facts');
  const facts: FactTable[] = [];
  for (const { path } of files) {
    facts.push(factTable(openTable(await bytes(path), path, FACTS)));
    onRead(facts.length, files.length);
  }
  return publishedFacts(
    {
      manifest,
      coverage,
      cells: await grid(REPLAY_RESOLUTION),
      places: await grid(PLACE_RESOLUTION),
      divisions: {
        rows: divisions.numRows,
        level: numbers(divisions, 'level'),
        end: numbers(divisions, 'end'),
        name: (row) => String(names.at(row)),
      },
      facts,
    },
    calendar,
  );
}

/** The same question as `hexsight evaluate --replay-rule`, answered by the same function of core. */
export function replayJob(facts: CityFacts, { calendar, rules, change }: ReplayRequest): ReplayAnswer {
  const { weeks, was, before, now } = ruleReplay({ facts, calendar, rules }, change);
  return { change, weeks, was, before: sideOf(before), now: sideOf(now) };
}

const sideOf = ({ count, alerts }: RuleOutcome): ReplayedSide => ({ count, places: alerts.map(placeOf) });

function placeOf({ since, lastDay, first }: StandingAlert): ReplayedPlace {
  const { place, category } = first;
  return {
    category,
    since,
    lastDay,
    cells: place.kind === 'cells' ? { resolution: place.resolution, ids: [...place.cells] } : null,
    division: place.kind === 'cells' ? null : place.kind === 'city' ? 0 : place.division,
  };
}

const numbers = (table: Table, name: string): ArrayLike<number> => table.getChild(name).toArray() as ArrayLike<number>;

function factTable(table: Table): FactTable {
  const nullable = (name: string): ((row: number) => number | null) => {
    const values = table.getChild(name).toArray() as ArrayLike<number | null>;
    return (row) => values[row] ?? null;
  };
  return {
    rows: table.numRows,
    day: numbers(table, 'day'),
    res: numbers(table, 'res'),
    source: numbers(table, 'source'),
    category: numbers(table, 'category'),
    cellId: nullable('cell_id'),
    division: nullable('division'),
    closeHours: nullable('close_hours'),
  };
}
