import { useCallback } from 'react';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { useDocument } from '../../ui/use-document.ts';
import { useSession } from '../../ui/use-panel.ts';
import type { Area } from './map-geometry.ts';

const opened = new WeakMap<Snapshot, Promise<readonly Area[]>>();

/** Outlines of the two upper division levels, read once; empty where the snapshot has none. */
export function useAreas(): readonly Area[] | null {
  const { snapshot } = useSession();
  const read = useCallback(() => {
    const known = opened.get(snapshot);
    if (known) return known;
    const made = readAreas(snapshot);
    opened.set(snapshot, made);
    made.catch(() => opened.delete(snapshot));
    return made;
  }, [snapshot]);
  const { value, failed } = useDocument(read);
  return failed === null ? value : NONE;
}

const NONE: readonly Area[] = [];

async function readAreas({ manifest, bytes }: Snapshot): Promise<readonly Area[]> {
  const levels = manifest.divisionLevels.filter(
    ({ level }) => level <= 2 && manifest.files.some(({ path }) => path === `divisions/${level}.geojson`),
  );
  return Promise.all(
    levels.map(async ({ level }) => ({
      level,
      // Written by our own publisher and checked by its hash.
      features: JSON.parse(new TextDecoder().decode(await bytes(`divisions/${level}.geojson`))) as Area['features'],
    })),
  );
}
