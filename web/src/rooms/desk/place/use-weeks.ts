import { useMemo } from 'react';
import { spokenWeeks } from '../../../place/judged.ts';
import { type WeekStates, weekStates } from '../../../sense/week-states.ts';
import { type WeekRange, weekName } from '../../../time/week.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { useSayPlace } from './use-say-place.ts';

/** Which weeks may be compared under the chosen sources, and of which the card speaks; null = none. */
export function useWeeks(): { readonly states: WeekStates; readonly spoken: WeekRange | null } {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const filters = useFilters();
  const coverage = useDocument(snapshot.coverage).value;
  return useMemo(() => {
    const states = weekStates(manifest, coverage, filters.sources);
    return { states, spoken: spokenWeeks(filters.weeks, states.usable) };
  }, [manifest, coverage, filters.sources, filters.weeks]);
}

export function useWeeksText(): (range: WeekRange) => string {
  const { weeks } = useSession().snapshot.manifest;
  const say = useSayPlace();
  const { locale } = useText();
  return ({ first, end }) => {
    const [from, to] = [weeks[first]?.iso ?? '', weeks[end - 1]?.iso ?? ''];
    return end - first === 1
      ? say('weeks.one', { week: weekName(to, locale) })
      : say('weeks.several', { from: weekName(from, locale), to: weekName(to, locale), n: end - first });
  };
}
