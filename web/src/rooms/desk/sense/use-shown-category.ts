import { useMemo } from 'react';
import { type ShownCategory, shownCategory } from '../../../sense/hotspots.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useFilters } from '../filters.ts';
import { useNames } from './use-alerts.ts';
import { useSay } from './use-sense.ts';

/** The published category nearest to the filter, and the words for it. */
export function useShownCategory(): ShownCategory & { readonly text: string } {
  const { categories } = useFilters();
  const { dictionaries } = useSession().snapshot.manifest;
  const names = useNames();
  const say = useSay();
  const shown = useMemo(() => shownCategory(categories, dictionaries.categories), [categories, dictionaries]);
  const name = names.category(shown.category);
  const text =
    shown.fit === 'exact'
      ? say('hot.category', { name })
      : shown.fit === 'above'
        ? say('hot.categoryUp', { name })
        : say('hot.categoryMany');
  return { ...shown, text };
}
