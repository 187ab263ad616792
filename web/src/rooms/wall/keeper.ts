import type { Manifest } from '../../../../core/contract/manifest.ts';
import { openSnapshot } from '../../snapshot/load.ts';
import { readSnapshot, type Snapshot } from '../../snapshot/snapshot.ts';
import { failuresOf, loadWall } from './load-wall.ts';
import { wallModel } from './model.ts';
import { offsetFrom } from './wall-clock.ts';
import { useWall } from './wall-store.ts';

/**
 * Looks for a newer snapshot and takes it over whole or not at all: every file is read before anything is shown. While the server is
 * gone, or the newer snapshot is damaged, the last good one stays, and the wall says so.
 */
export interface Keeper {
  /** One look; resolves when what it found is shown or refused. */
  look(): Promise<void>;
}

/** @param onOtherGround the outlines or grids differ: the map has to be made anew */
export function keeperOf(onAdopted: (snapshot: Snapshot) => void, onOtherGround: () => void): Keeper {
  let tag: string | null = null;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    const found = await ask();
    if (!found || found.tag === tag) return;
    const opened = await openSnapshot();
    if (!opened.ok) return useWall.getState().setHealth({ refused: opened.problem });
    const { manifest } = opened.value;
    const shown = useWall.getState().shown;
    if (shown?.data.snapshot.manifest.snapshot === manifest.snapshot) {
      tag = found.tag;
      return useWall.getState().setHealth({ refused: null });
    }
    if (shown && groundOf(shown.data.snapshot.manifest) !== groundOf(manifest)) return onOtherGround();
    const read = await readSnapshot(opened.value);
    if (!read.ok) return useWall.getState().setHealth({ refused: read.problem });
    const refused = await adopt(read.value, false);
    // Asked again at the next look: a folder that is being published gets whole.
    if (!refused) tag = found.tag;
    if (!refused) onAdopted(read.value);
  };
  return {
    look: () => {
      looking ??= look().finally(() => {
        looking = null;
      });
      return looking;
    },
  };
}

/**
 * Reads everything, then shows it in one step.
 *
 * @param first the page has nothing yet: what there is, is shown, and what failed is named
 * @returns whether it was refused
 */
export async function adopt(snapshot: Snapshot, first: boolean): Promise<boolean> {
  if (first) {
    for (const depth of ['figures', 'map'] as const) {
      const early = await loadWall(snapshot, depth);
      useWall.getState().setShown({ data: early, model: wallModel(early), adoptedAtMs: Date.now() });
    }
  }
  const data = await loadWall(snapshot, 'whole');
  const [failure] = failuresOf(data);
  const { setShown, setHealth, tell, health } = useWall.getState();
  if (failure && !first) {
    setHealth({ refused: failure });
    return true;
  }
  const model = wallModel(data);
  setShown({ data, model, adoptedAtMs: Date.now() });
  tell({ kind: 'stops', stops: model.stops, first });
  setHealth({ refused: failure ?? null, swaps: health.swaps + (first ? 0 : 1) });
  return false;
}

/** Files that the map has built its cells and outlines from. */
export function groundOf({ files }: Pick<Manifest, 'files'>): string {
  return files
    .filter(({ kind }) => kind === 'grid' || kind === 'divisions' || kind === 'geometry')
    .map(({ path, sha256 }) => `${path}=${sha256}`)
    .sort()
    .join();
}

const ASK_WITHIN_MS = 20_000;

/** The tag of the manifest, and the server's clock on the way. */
async function ask(): Promise<{ readonly tag: string | null } | null> {
  const { setHealth, health } = useWall.getState();
  const sentMs = Date.now();
  try {
    const signal = AbortSignal.timeout(ASK_WITHIN_MS);
    const answer = await fetch('/snapshot/manifest.json', { method: 'HEAD', cache: 'no-store', signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const answeredMs = Date.now();
    const offset = offsetFrom({ dateHeader: answer.headers.get('Date'), sentMs, answeredMs });
    setHealth({
      lostSinceMs: null,
      lastAnswerMs: answeredMs,
      serverOffsetMs: offset ?? health.serverOffsetMs,
    });
    return { tag: answer.headers.get('ETag') };
  } catch {
    setHealth({ lostSinceMs: health.lostSinceMs ?? sentMs });
    return null;
  }
}
