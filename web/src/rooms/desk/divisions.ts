import type { Manifest } from '../../../../core/contract/manifest.ts';
import type { Locale } from '../../map/contract.ts';
import type { Divisions } from '../../snapshot/model.ts';
import type { CellPlace } from '../../snapshot/place.ts';
import { useDesk } from '../../state/store.ts';
import { useSession } from '../../ui/use-panel.ts';

/** Id of the division in focus; 0 = the whole city. */
export function useFocus(): number {
  const { divisions } = useSession().snapshot;
  const code = useDesk((state) => state.division);
  return code === null ? 0 : Math.max(0, divisions.code.indexOf(code));
}

export function divisionName(divisions: Divisions, id: number, locale: Locale): string {
  const chinese = divisions.name[id] ?? String(id);
  return locale === 'en' ? (divisions.nameEn[id] ?? chinese) : chinese;
}

export function levelOf(
  manifest: Manifest,
  divisions: Divisions,
  id: number,
): Manifest['divisionLevels'][number] | undefined {
  return manifest.divisionLevels.find((level) => level.level === divisions.level[id]);
}

/** The deepest division that holds the whole cell; where that is only the city, the first two that share it. */
export function placeName({ path, shared }: CellPlace, divisions: Divisions, locale: Locale): string {
  const deepest = path.at(-1) ?? 0;
  if (deepest !== 0 || shared.length === 0) return divisionName(divisions, deepest, locale);
  const names = shared.slice(0, 2).map((id) => divisionName(divisions, id, locale));
  return names.join(' / ') + (shared.length > 2 ? ' …' : '');
}
