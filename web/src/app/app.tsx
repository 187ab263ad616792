import { useEffect, useState } from 'react';
import { openSnapshot } from '../snapshot/load.ts';
import type { SnapshotProblem } from '../snapshot/problem.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { readSnapshot } from '../snapshot/snapshot.ts';
import { knownNames, resolveFilters } from '../state/resolve.ts';
import { themeOf, useRoom } from '../state/room.ts';
import { initialLink, linkOf, useDesk } from '../state/store.ts';
import { syncUrl } from '../state/url.ts';
import { SessionContext } from '../ui/use-panel.ts';
import { Boot, type BootState } from './boot.tsx';
import { Rooms } from './rooms.tsx';
import { createSession, type Session } from './session.ts';

type AppState =
  | { readonly kind: 'boot'; readonly boot: BootState }
  | { readonly kind: 'open'; readonly session: Session };

const WALL_RETRY_MS = 15_000;

// Under way while React starts; a retry opens anew.
let firstOpening: ReturnType<typeof openSnapshot> | null = openSnapshot();
// The figures of the other rooms come before their maps: a megabyte of code would stand in their way.
if (useRoom.getState().room === 'desk') void import('../map/city-map.ts').catch(() => undefined);

// Read before React: the language of the very first words.
useDesk.getState().openLink(initialLink());

export function App() {
  const [state, setState] = useState<AppState>({ kind: 'boot', boot: { kind: 'manifest' } });
  const [attempt, setAttempt] = useState(0);
  const locale = useDesk((desk) => desk.locale);
  const theme = useDesk((desk) => desk.theme);
  const room = useRoom((rooms) => rooms.room);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dataset.theme = themeOf(room, theme);
  }, [locale, theme, room]);

  // Nobody presses a button on a wall: it tries by itself until there is something to show.
  const failed = state.kind === 'boot' && state.boot.kind === 'failed';
  useEffect(() => {
    if (!failed || room !== 'wall') return;
    const timer = setTimeout(() => setAttempt((count) => count + 1), WALL_RETRY_MS);
    return () => clearTimeout(timer);
  }, [failed, room]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt runs it again
  useEffect(() => {
    let gone = false;
    let close = () => {};
    const boot = (next: BootState) => !gone && setState({ kind: 'boot', boot: next });
    const fail = (problem: SnapshotProblem) => boot({ kind: 'failed', problem });
    void (async () => {
      boot({ kind: 'manifest' });
      const opened = await (firstOpening ?? openSnapshot());
      firstOpening = null;
      if (!opened.ok) return fail(opened.problem);
      boot({ kind: 'tables', snapshot: opened.value.manifest.snapshot });
      const read = await readSnapshot(opened.value);
      if (!read.ok) return fail(read.problem);
      if (gone) return;
      adoptSnapshot(read.value);
      const session = createSession(read.value);
      const stopSync = syncUrl();
      close = () => {
        stopSync();
        session.close();
      };
      setState({ kind: 'open', session });
    })();
    return () => {
      gone = true;
      close();
    };
  }, [attempt]);

  if (state.kind === 'boot') return <Boot state={state.boot} onRetry={() => setAttempt((count) => count + 1)} />;
  return (
    <SessionContext value={state.session}>
      <Rooms />
    </SessionContext>
  );
}

/** Fits the link to the snapshot that is there, and says where they differ. */
function adoptSnapshot({ manifest, divisions }: Snapshot): void {
  const desk = useDesk.getState();
  if (desk.snapshot && desk.snapshot !== manifest.snapshot)
    desk.notify({ kind: 'other-snapshot', link: desk.snapshot, now: manifest.snapshot });
  const { unknown } = resolveFilters(desk, manifest, divisions);
  if (desk.area === null && new URLSearchParams(location.search).has('area')) desk.notify({ kind: 'bad-area' });
  if (unknown.length > 0) desk.notify({ kind: 'unknown-names', names: unknown });
  desk.openLink({ ...linkOf(desk), ...knownNames(desk, unknown), snapshot: manifest.snapshot });
}
