import type { Disposition, Ledger, Remedy, Scope } from '../../../core/contract/ledger.ts';

/** A decision as it is spoken in the meeting. */
export interface Decision {
  readonly problem: string;
  readonly week: string;
  readonly snapshot: string;
  readonly scope: Scope;
  readonly measure: string;
  readonly owner: string;
  /** `2026-11-29` */
  readonly deadline: string;
}

/** One decision = a row in each of the three lists. A second measure for the same problem is hung on its row. */
export function withDecision(ledger: Ledger, decision: Decision): Ledger {
  const { week, snapshot, scope, measure, owner, deadline } = decision;
  const same = ledger.problems.find(
    (problem) => problem.week === week && problem.text === decision.problem && sameScope(problem.scope, scope),
  );
  const problem = same ?? { id: freshId(ledger.problems, `P-${week}`), text: decision.problem, week, snapshot, scope };
  const known = ledger.duties.find((duty) => duty.problem === problem.id && duty.owner === owner);
  const duty = known ?? { id: freshId(ledger.duties, `D-${week}`), problem: problem.id, owner };
  const remedy: Remedy = {
    id: freshId(ledger.remedies, `R-${week}`),
    duty: duty.id,
    measure,
    deadline,
    state: 'todo',
    result: '',
  };
  return {
    ...ledger,
    problems: same ? ledger.problems : [...ledger.problems, problem],
    duties: known ? ledger.duties : [...ledger.duties, duty],
    remedies: [...ledger.remedies, remedy],
  };
}

export function withRemedyState(ledger: Ledger, id: string, state: Remedy['state']): Ledger {
  return { ...ledger, remedies: ledger.remedies.map((remedy) => (remedy.id === id ? { ...remedy, state } : remedy)) };
}

/** The newest word about an alert; null takes it back. */
export function withDisposition(ledger: Ledger, alert: string, disposition: Disposition | null): Ledger {
  const others = ledger.dispositions.filter((one) => one.alert !== alert);
  return { ...ledger, dispositions: disposition ? [...others, disposition] : others };
}

/** Rows of an import over what is there: same id = replaced, new id = added, nothing is removed. */
export function merged(ledger: Ledger, incoming: Ledger): Ledger {
  const over = <T>(old: readonly T[], fresh: readonly T[], key: (row: T) => string): T[] => {
    const keys = new Set(fresh.map(key));
    return [...old.filter((row) => !keys.has(key(row))), ...fresh];
  };
  return {
    ...ledger,
    problems: over(ledger.problems, incoming.problems, ({ id }) => id),
    duties: over(ledger.duties, incoming.duties, ({ id }) => id),
    remedies: over(ledger.remedies, incoming.remedies, ({ id }) => id),
    dispositions: over(ledger.dispositions, incoming.dispositions, ({ alert }) => alert),
  };
}

/** `P-2026-W46-3`: readable in a spreadsheet, and no randomness. */
function freshId(rows: readonly { readonly id: string }[], prefix: string): string {
  const taken = new Set(rows.map(({ id }) => id));
  let n = 1;
  while (taken.has(`${prefix}-${n}`)) n++;
  return `${prefix}-${n}`;
}

function sameScope(a: Scope, b: Scope): boolean {
  return (
    a.division === b.division &&
    a.category === b.category &&
    a.alert === b.alert &&
    a.sources.join() === b.sources.join()
  );
}
