import type { DeskFinding } from '../../../../../core/contract/finding.ts';
import { blockText } from '../../../i18n/hours-texts.ts';
import { DEFAULT_LINK, formatLink } from '../../../state/permalink.ts';
import { linkOf, useDesk } from '../../../state/store.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName } from '../divisions.ts';
import { useFilters } from '../filters.ts';
import { periodText } from '../period.ts';
import { useSayFinding } from './use-say-finding.ts';

export type View = Pick<DeskFinding, 'link' | 'scope' | 'n' | 'snapshot' | 'asOf'>;

/** What a finding keeps of the present view. Language and theme belong to the reader, not to the view. */
export function useView(): View {
  const { snapshot, panels } = useSession();
  const { manifest, divisions } = snapshot;
  const { locale, label } = useText();
  const say = useSayFinding();
  const desk = useDesk();
  const filters = useFilters();
  const state = usePanel(panels.totals);
  const totals = shownValue(state);
  const { sources, categories } = manifest.dictionaries;
  const parts: string[] = [];
  if (filters.weeks) parts.push(say('scope.weeks', { name: periodText(filters.weeks, manifest.weeks, locale) }));
  if (filters.division) parts.push(divisionName(divisions, filters.division.id, locale));
  for (const code of desk.categories) {
    const entry = categories.find((one) => one.code === code);
    if (entry) parts.push(label(entry.name));
  }
  for (const key of desk.sources) {
    const entry = sources.find((one) => one.key === key);
    if (entry) parts.push(label(entry.name));
  }
  if (filters.hours) parts.push(say('scope.hours', { name: blockText(filters.hours, locale) }));
  if (desk.area !== null) parts.push(say('scope.area'));
  if (desk.cell) parts.push(say('scope.cell', { cell: desk.cell }));
  if (desk.alert !== null) parts.push(say('scope.alert'));
  const link = { ...linkOf(desk), preset: null, locale: DEFAULT_LINK.locale, theme: DEFAULT_LINK.theme };
  return {
    link: formatLink(link),
    scope: parts.join(say('scope.join')).slice(0, 300),
    n: state.status === 'ready' && totals ? totals.n : null,
    snapshot: manifest.snapshot,
    asOf:
      sources
        .flatMap((source) => source.asOf ?? [])
        .sort()
        .at(-1) ?? '',
  };
}
