import { useMemo } from 'react';
import type { Alert, Alerts } from '../../../../../core/contract/sense.ts';
import { ALL_CATEGORIES } from '../../../../../core/contract/sense.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName } from '../divisions.ts';
import { useSay } from './use-sense.ts';

export function findAlert(alerts: Alerts, id: string): Alert | null {
  const { register = [] } = alerts; // older snapshots have none
  return [...alerts.alerts, ...alerts.rest, ...register, ...alerts.ended].find((alert) => alert.id === id) ?? null;
}

/** Names of this snapshot in the reader's language. */
export function useNames() {
  const { manifest, divisions } = useSession().snapshot;
  const { locale, label } = useText();
  const say = useSay();
  return useMemo(() => {
    const { categories, sources } = manifest.dictionaries;
    return {
      division: (id: number) => divisionName(divisions, id, locale),
      category: (id: number) => {
        if (id === ALL_CATEGORIES) return say('hot.allCategories');
        const entry = categories[id];
        return entry ? label(entry.name) : String(id);
      },
      source: (id: number) => {
        const entry = sources.find((source) => source.id === id);
        return entry ? label(entry.name) : String(id);
      },
    };
  }, [manifest, divisions, locale, label, say]);
}
