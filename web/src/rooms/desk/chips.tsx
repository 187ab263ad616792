import { lazy, type ReactNode } from 'react';
import { blockText, sayHours } from '../../i18n/hours-texts.ts';
import { useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { divisionName } from './divisions.ts';
import { useFilters } from './filters.ts';
import { periodText } from './period.ts';

const AreaChip = lazy(() => import('./area/area-chip.tsx').then(({ AreaChip: chip }) => ({ default: chip })));

/** One chip for every active filter, each with its own way out. */
export function Chips() {
  const { manifest, divisions } = useSession().snapshot;
  const { t, locale, label } = useText();
  const desk = useDesk();
  const filters = useFilters();
  const { sources, categories } = manifest.dictionaries;
  const chips: ReactNode[] = [];
  if (filters.weeks) {
    const text = periodText(filters.weeks, manifest.weeks, locale);
    const single = filters.weeks.end - filters.weeks.first === 1;
    const name = single
      ? text
      : t('chips.weekSpan', {
          from: text.split(' – ')[0] ?? '',
          to: text.split(' – ').at(-1) ?? '',
          n: filters.weeks.end - filters.weeks.first,
        });
    chips.push(<Chip key="weeks" kind={t('chips.weeks')} name={name} onRemove={() => desk.setWeeks(null)} />);
  }
  if (filters.division) {
    const name = divisionName(divisions, filters.division.id, locale);
    chips.push(
      <Chip key="division" kind={t('chips.division')} name={name} onRemove={() => desk.focusDivision(null)} />,
    );
  }
  if (filters.hours)
    chips.push(
      <Chip
        key="hours"
        kind={sayHours(locale, 'chip')}
        name={blockText(filters.hours, locale)}
        onRemove={() => desk.setHours(null)}
      />,
    );
  for (const key of desk.sources) {
    const source = sources.find((entry) => entry.key === key);
    const remove = () => desk.setSources(desk.sources.filter((other) => other !== key));
    if (source)
      chips.push(<Chip key={`s-${key}`} kind={t('chips.source')} name={label(source.name)} onRemove={remove} />);
  }
  for (const code of desk.categories) {
    const category = categories.find((entry) => entry.code === code);
    const remove = () => desk.setCategories(desk.categories.filter((other) => other !== code));
    if (category)
      chips.push(<Chip key={`c-${code}`} kind={t('chips.category')} name={label(category.name)} onRemove={remove} />);
  }
  if (desk.area !== null)
    chips.push(
      <LazyPart key="area">
        <AreaChip />
      </LazyPart>,
    );
  return (
    <ul className="chips" aria-label={t('chips.label')}>
      {chips.length === 0 && <li className="chips-none">{t('chips.none')}</li>}
      {chips}
      {chips.length > 1 && (
        <li>
          <button type="button" className="quiet" onClick={desk.clearFilters}>
            {t('chips.clearAll')}
          </button>
        </li>
      )}
    </ul>
  );
}

interface ChipProps {
  readonly kind: string;
  readonly name: string;
  readonly onRemove: () => void;
}

function Chip({ kind, name, onRemove }: ChipProps) {
  const { t } = useText();
  return (
    <li className="chip">
      <span className="chip-kind">{kind}</span>
      <span className="chip-name">{name}</span>
      <button type="button" aria-label={t('chips.remove', { name })} onClick={onRemove}>
        ×
      </button>
    </li>
  );
}
