import type { ReactNode } from 'react';
import type { Box, PanelId } from './layout.ts';
import type { Part } from './load-wall.ts';
import { useSayWall } from './use-wall.ts';
import { useWall } from './wall-store.ts';

interface PanelProps {
  readonly id: PanelId;
  readonly box: Box;
  readonly title: string;
  /** As of when, out of what. */
  readonly note: string;
  readonly stale?: boolean;
  readonly children: ReactNode;
}

/** A panel stands where the layout says, moved by a pixel or two now and then. */
export function Panel({ id, box, title, note, stale = false, children }: PanelProps) {
  const drift = useWall((wall) => wall.drift);
  return (
    <section
      className="wall-panel"
      aria-label={title}
      data-panel={id}
      data-stale={stale}
      style={{ left: box.x + drift.x, top: box.y + drift.y, width: box.w, height: box.h }}
    >
      <header>
        <h2>{title}</h2>
        <p>{note}</p>
      </header>
      {children}
    </section>
  );
}

/** What stands in place of a panel's content when a file is not there: not part of the snapshot, or unreadable. */
export function Missing({ part }: { readonly part: Exclude<Part<unknown>, { status: 'ready' }> }) {
  const say = useSayWall();
  if (part.status === 'loading') return <p className="wall-absent">{say('part.loading')}</p>;
  if (part.status === 'absent') return <p className="wall-absent">{say('part.absent')}</p>;
  return (
    <p className="wall-failed" role="alert">
      {say('part.failed', { file: part.problem.file })}
    </p>
  );
}
