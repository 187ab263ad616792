import { z } from 'zod';
import { create } from 'zustand';
import type { FillProgress } from './fill.ts';
import type { QueryProblem } from './problem.ts';
import type { QueryResult } from './run.ts';
import type { ConsoleTable } from './tables.ts';

export type ConsoleStatus =
  | { readonly kind: 'closed' }
  | { readonly kind: 'loading'; readonly progress: FillProgress | null }
  | { readonly kind: 'ready' }
  | { readonly kind: 'running'; readonly startedMs: number }
  | { readonly kind: 'failed'; readonly message: string };

export interface ShownResult extends QueryResult {
  readonly sql: string;
  readonly ms: number;
}

/** A result on the map. */
export interface SqlOnMap {
  readonly sql: string;
  /** Column whose numbers fill the hexagons. */
  readonly column: string;
  readonly resolution: number;
  readonly values: readonly { readonly h3: string; readonly value: number }[];
  /** Rows that could not be drawn: no cell, no number, or another resolution. */
  readonly left: number;
}

interface ConsoleState {
  readonly text: string;
  readonly status: ConsoleStatus;
  readonly tables: readonly ConsoleTable[];
  readonly result: ShownResult | null;
  readonly problem: QueryProblem | null;
  /** Seconds after which a query is ended. */
  readonly timeoutS: number;
  /** Newest first. */
  readonly history: readonly string[];
  readonly saved: readonly Snippet[];
  readonly onMap: SqlOnMap | null;
  setText(text: string): void;
  setStatus(status: ConsoleStatus): void;
  setTables(tables: readonly ConsoleTable[]): void;
  setAnswer(answer: { readonly result: ShownResult } | { readonly problem: QueryProblem }): void;
  setTimeoutS(seconds: number): void;
  remember(sql: string): void;
  save(snippet: Snippet): void;
  forget(name: string): void;
  putOnMap(onMap: SqlOnMap | null): void;
}

const Snippet = z.strictObject({ name: z.string().min(1).max(80), sql: z.string().max(20_000) });
export type Snippet = z.infer<typeof Snippet>;
const Kept = z.strictObject({ history: z.array(z.string().max(20_000)).max(100), saved: z.array(Snippet).max(200) });

const KEY = 'hexsight:sql';
const HISTORY = 50;

/** What another version or a hand has damaged is as if nothing had been kept. */
function readKept(): z.infer<typeof Kept> {
  try {
    const parsed = Kept.safeParse(JSON.parse(localStorage.getItem(KEY) ?? ''));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON, or no storage allowed.
  }
  return { history: [], saved: [] };
}

function keep({ history, saved }: Pick<ConsoleState, 'history' | 'saved'>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ history, saved }));
  } catch {
    // Full, or not allowed: it lasts as long as the page.
  }
}

export const useConsole = create<ConsoleState>()((set) => ({
  text: '',
  status: { kind: 'closed' },
  tables: [],
  result: null,
  problem: null,
  timeoutS: 10,
  ...readKept(),
  onMap: null,
  setText: (text) => set({ text }),
  setStatus: (status) => set({ status }),
  setTables: (tables) => set({ tables }),
  // A problem leaves the last result where it is.
  setAnswer: (answer) =>
    set('result' in answer ? { result: answer.result, problem: null } : { problem: answer.problem }),
  setTimeoutS: (timeoutS) => set({ timeoutS }),
  remember: (sql) =>
    set((state) => {
      const history = [sql, ...state.history.filter((other) => other !== sql)].slice(0, HISTORY);
      keep({ history, saved: state.saved });
      return { history };
    }),
  save: (snippet) =>
    set((state) => {
      const saved = [snippet, ...state.saved.filter(({ name }) => name !== snippet.name)];
      keep({ history: state.history, saved });
      return { saved };
    }),
  forget: (name) =>
    set((state) => {
      const saved = state.saved.filter((snippet) => snippet.name !== name);
      keep({ history: state.history, saved });
      return { saved };
    }),
  putOnMap: (onMap) => set({ onMap }),
}));
