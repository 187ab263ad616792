import { Component, type ReactNode, Suspense } from 'react';
import { useText } from './use-text.ts';

interface LazyPartProps {
  /** In place of the part while its code comes. */
  readonly waiting?: ReactNode;
  readonly children: ReactNode;
}

/** A part whose code comes later. When it cannot be loaded, or breaks, the rest of the page goes on. */
export class LazyPart extends Component<LazyPartProps, { readonly failed: string | null }> {
  override state: { readonly failed: string | null } = { failed: null };

  static getDerivedStateFromError(thrown: unknown): { readonly failed: string } {
    return { failed: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed !== null) return <FailedPart message={failed} />;
    return <Suspense fallback={this.props.waiting ?? null}>{this.props.children}</Suspense>;
  }
}

/** Code that once failed to load is not asked for again by the browser: the page is opened anew, and the link holds its state. */
function FailedPart({ message }: { readonly message: string }) {
  const { t } = useText();
  return (
    <span className="panel-failed" role="alert">
      <span className="panel-reason">{message}</span>
      <button type="button" onClick={() => location.reload()}>
        {t('boot.retry')}
      </button>
    </span>
  );
}
