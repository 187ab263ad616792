import { type ReactNode, useEffect, useRef } from 'react';
import type { PanelState } from '../query/coordinator.ts';
import { TwinButton } from './twin-button.tsx';
import { useSession } from './use-panel.ts';
import { useText } from './use-text.ts';

interface PanelFrameProps {
  readonly id: string;
  readonly title: string;
  readonly state: PanelState<unknown>;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Title, and the looks a panel can have apart from its content: loading, failed with a retry. */
export function PanelFrame({ id, title, state, aside, className, children }: PanelFrameProps) {
  const { coordinator } = useSession();
  const { t } = useText();
  const waiting = state.status === 'loading';
  const nothingYet = waiting && state.previous === null;
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    // Scrolled away, or in a hidden room: not asked until it comes back.
    const observer = new IntersectionObserver((entries) =>
      coordinator.setVisible(id, entries.at(-1)?.isIntersecting ?? true),
    );
    if (frame.current) observer.observe(frame.current);
    return () => {
      observer.disconnect();
      coordinator.setVisible(id, true);
    };
  }, [coordinator, id]);
  return (
    <section ref={frame} className={`panel ${className ?? ''}`} aria-label={title} aria-busy={waiting} data-panel={id}>
      <header className="panel-head">
        <h2>{title}</h2>
        {aside}
        <TwinButton id={id} title={title} />
      </header>
      {state.status === 'failed' && (
        <div className="panel-failed" role="alert">
          <strong>{t('panel.failed', { panel: title })}</strong>
          <span className="panel-reason">{state.message}</span>
          <button type="button" onClick={() => coordinator.retry(id)}>
            {t('action.retry')}
          </button>
        </div>
      )}
      {nothingYet ? (
        <p className="panel-loading" role="status">
          {t('panel.loading')}
        </p>
      ) : (
        <div className={waiting ? 'panel-body is-waiting' : 'panel-body'}>{children}</div>
      )}
    </section>
  );
}
