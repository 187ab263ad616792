import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Columns } from './columns.ts';
import type { Engine } from './engine.ts';
import type { Sql } from './sql.ts';

/** Queries in SQL over the incidents; the engine starts with the first one, and again after it died. */
export interface LazySql {
  readonly run: (query: Sql) => Promise<Columns>;
  close(): void;
}

export function lazySql(snapshot: Snapshot): LazySql {
  let engine: Promise<Engine> | null = null;
  let closed = false;
  const started = (): Promise<Engine> => {
    if (engine) return engine;
    const starting = import('./sql-facts.ts').then(({ startSqlFacts }) =>
      startSqlFacts(snapshot, () => {
        if (engine === starting) engine = null;
      }),
    );
    starting.then(
      (made) => closed && made.close(),
      () => {
        if (engine === starting) engine = null;
      },
    );
    engine = starting;
    return starting;
  };
  return {
    run: async (query) => (await started()).run(query),
    close: () => {
      closed = true;
      void engine?.then(
        (made) => made.close(),
        () => undefined,
      );
    },
  };
}
