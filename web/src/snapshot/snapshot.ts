import type { Coverage } from '../../../core/contract/coverage.ts';
import type { Manifest } from '../../../core/contract/manifest.ts';
import type { Quality } from '../../../core/contract/quality.ts';
import { decodeCoarseGrid, decodeDivisions, decodeFinestGrid, decodeOverviewCube, decodeWeekCube } from './decode.ts';
import type { SnapshotSource } from './load.ts';
import type { CoarseGrid, Divisions, FinestGrid, OverviewCube, WeekCube } from './model.ts';
import { type Loaded, problemOf, SnapshotError } from './problem.ts';

/** What the desk holds of a snapshot from the first map on. Larger tables come when asked for, once. */
export interface Snapshot {
  readonly manifest: Manifest;
  readonly divisions: Divisions;
  readonly overview: OverviewCube;
  readonly overviewCells: CoarseGrid;
  readonly weekCube: WeekCube;
  /** Checked bytes of a logical path; small files are kept, and every caller gets a copy it may hand over. */
  readonly bytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Checked bytes that are read once: facts. */
  readonly bytesOnce: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly coarseGrid: (resolution: number) => Promise<CoarseGrid>;
  readonly finestGrid: () => Promise<FinestGrid>;
  readonly quality: () => Promise<Quality | null>;
  /** null = a snapshot from before there was such a file. */
  readonly coverage: () => Promise<Coverage | null>;
}

export async function readSnapshot(source: SnapshotSource): Promise<Loaded<Snapshot>> {
  const { manifest } = source;
  const bytes = kept(source.bytes);
  const coarseGrid = once(async (resolution: number) => {
    const path = `grid/r${resolution}.arrow`;
    return decodeCoarseGrid(await bytes(path), path, resolution);
  });
  const finestGrid = once(async (path: string) => decodeFinestGrid(await bytes(path), path));
  // Their contracts come with them: the first map does not wait for either.
  const quality = once(async (path: string) => {
    const { Quality: contract } = await import('../../../core/contract/quality.ts');
    return readDocument(manifest, bytes, path, contract);
  });
  const coverage = once(async (path: string) => {
    const { Coverage: contract } = await import('../../../core/contract/coverage.ts');
    return readDocument(manifest, bytes, path, contract);
  });
  try {
    const [divisions, overview, overviewCells, weekCube] = await Promise.all([
      bytes('divisions.arrow').then((value) => decodeDivisions(value, 'divisions.arrow')),
      bytes('cube/overview.arrow').then((value) => decodeOverviewCube(value, 'cube/overview.arrow')),
      coarseGrid(manifest.grid.overview),
      bytes('cube/week.arrow').then((value) => decodeWeekCube(value, 'cube/week.arrow')),
    ]);
    const value: Snapshot = {
      manifest,
      divisions,
      overview,
      overviewCells,
      weekCube,
      bytes,
      bytesOnce: source.bytes,
      coarseGrid,
      finestGrid: () => finestGrid('grid.arrow'),
      quality: () => quality('quality.json'),
      coverage: () => coverage('coverage.json'),
    };
    return { ok: true, value };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown, 'snapshot') };
  }
}

/** A JSON document of the snapshot; null = it has none of that name. */
export async function readDocument<T>(
  manifest: Manifest,
  bytes: (path: string) => Promise<Uint8Array>,
  path: string,
  schema: Schema<T>,
): Promise<T | null> {
  if (!manifest.files.some((file) => file.path === path)) return null;
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(await bytes(path))));
  if (parsed.success) return parsed.data;
  throw new SnapshotError({ kind: 'schema', file: path, detail: parsed.error.issues[0]?.message ?? 'unreadable' });
}

interface Schema<T> {
  readonly safeParse: (
    value: unknown,
  ) =>
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly { readonly message: string }[] } };
}

/** One transfer a path; a failed one is forgotten, so that a retry asks again. */
function kept(
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
): (path: string) => Promise<Uint8Array<ArrayBuffer>> {
  const shared = once(read);
  return async (path) => (await shared(path)).slice();
}

function once<K, V>(make: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const made = new Map<K, Promise<V>>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const promise = make(key);
    made.set(key, promise);
    promise.catch(() => made.delete(key));
    return promise;
  };
}
