/** Why a file of the snapshot cannot be used. `file` is its logical name: `manifest.json`, `facts/city/2025-Q3.arrow`. */
export interface SnapshotProblem {
  readonly kind:
    | 'unreachable'
    | 'unpublished'
    | 'absent'
    | 'refused'
    | 'version'
    | 'not-json'
    | 'schema'
    | 'size'
    | 'hash'
    | 'columns';
  readonly file: string;
  /** For an engineer; not translated. */
  readonly detail: string;
}

export type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: SnapshotProblem };

export class SnapshotError extends Error {
  readonly problem: SnapshotProblem;
  constructor(problem: SnapshotProblem, options?: ErrorOptions) {
    super(`${problem.file}: ${problem.detail}`, options);
    this.name = 'SnapshotError';
    this.problem = problem;
  }
}

/** The problem an unknown thrown thing stands for. */
export function problemOf(thrown: unknown, file: string): SnapshotProblem {
  if (thrown instanceof SnapshotError) return thrown.problem;
  return { kind: 'unreachable', file, detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
