import type { TextKey } from '../i18n/texts.ts';
import type { SnapshotProblem } from '../snapshot/problem.ts';
import { useText } from '../ui/use-text.ts';

export type BootState =
  | { readonly kind: 'manifest' }
  | { readonly kind: 'tables'; readonly snapshot: string }
  | { readonly kind: 'failed'; readonly problem: SnapshotProblem };

interface BootProps {
  readonly state: BootState;
  readonly onRetry: () => void;
}

/** What to do about each kind of failure. */
const ADVICE: Readonly<Record<SnapshotProblem['kind'], TextKey>> = {
  unreachable: 'problem.unreachable',
  unpublished: 'problem.unpublished',
  absent: 'problem.absent',
  refused: 'problem.refused',
  version: 'problem.version',
  'not-json': 'problem.not-json',
  schema: 'problem.schema',
  size: 'problem.size',
  hash: 'problem.hash',
  columns: 'problem.columns',
};

export function Boot({ state, onRetry }: BootProps) {
  const { t } = useText();
  return (
    <main className="boot">
      <h1>
        {t('app.name')} · {t('app.desk')}
      </h1>
      {state.kind === 'manifest' && <p role="status">{t('boot.manifest')}</p>}
      {state.kind === 'tables' && <p role="status">{t('boot.tables', { id: state.snapshot })}</p>}
      {state.kind === 'failed' && (
        <section role="alert">
          <h2>{t('boot.failed')}</h2>
          <p>{t(ADVICE[state.problem.kind])}</p>
          <dl>
            <dt>{t('boot.file')}</dt>
            <dd>
              <code>{state.problem.file}</code>
            </dd>
            <dt>{t('boot.detail')}</dt>
            <dd>
              <code>{state.problem.detail}</code>
            </dd>
          </dl>
          <button type="button" onClick={onRetry}>
            {t('boot.retry')}
          </button>
        </section>
      )}
    </main>
  );
}
