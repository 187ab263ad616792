import { create } from 'zustand';
import { type DeskFinding, Findings, NO_FINDINGS } from '../../../core/contract/finding.ts';
import { browserDocument, type DocumentAnswer, type StorageProblem } from '../storage/browser-document.ts';

export const FINDINGS_KEY = 'hexsight-findings-1';

/** One store for the page; a server takes its place here. */
const store = browserDocument({ key: FINDINGS_KEY, empty: NO_FINDINGS, schema: Findings });

interface FindingsState {
  readonly findings: readonly DeskFinding[];
  readonly loaded: boolean;
  /** Why they could not be read, or why the last change was not kept. Null = all is well. */
  readonly problem: StorageProblem | null;
  /** @returns was it kept? */
  change(change: (findings: readonly DeskFinding[]) => readonly DeskFinding[]): Promise<boolean>;
  putAside(): Promise<void>;
  reload(): Promise<void>;
}

export const useFindings = create<FindingsState>()((set) => {
  const take = (answer: DocumentAnswer<Findings>): boolean => {
    set(
      answer.ok
        ? { findings: answer.document.findings, loaded: true, problem: null }
        : { loaded: true, problem: answer.why },
    );
    return answer.ok;
  };
  return {
    findings: [],
    loaded: false,
    problem: null,
    change: async (change) =>
      take(await store.change((document) => ({ ...document, findings: [...change(document.findings)] }))),
    putAside: async () => void take(await store.putAside()),
    reload: async () => void take(await store.read()),
  };
});

let watching = false;
/** Reads them once and follows other windows; called by whatever shows them. */
export function watchFindings(): void {
  if (watching) return;
  watching = true;
  void useFindings.getState().reload();
  store.subscribe(() => void useFindings.getState().reload());
}
