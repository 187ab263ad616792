import type { Manifest } from '../../../core/contract/manifest.ts';
import { type DeskPreset, DeskPresets } from '../../../core/contract/presets.ts';
import { readDocument, type Snapshot } from '../snapshot/snapshot.ts';
import { DEFAULT_LINK, formatLink, type Link, parseLink } from '../state/permalink.ts';
import type { WeekRange } from '../time/week.ts';
import data from './desk-presets.json';

export type { DeskPreset };

/** Of a city that has none of its own. */
export const PRESETS: readonly DeskPreset[] = DeskPresets.parse(data);

/** By id or by number, first = 1. */
export function presetNamed(name: string, presets: readonly DeskPreset[] = PRESETS): DeskPreset | null {
  return presets.find(({ id }) => id === name) ?? (/^[1-9]$/.test(name) ? (presets[Number(name) - 1] ?? null) : null);
}

/** The city's own presets; null = it has none. */
export function ownPresets({ manifest, bytesOnce }: Snapshot): Promise<readonly DeskPreset[] | null> {
  return readDocument(manifest, bytesOnce, 'presets.json', DeskPresets);
}

export type Absent =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'source'; readonly of: NonNullable<DeskPreset['sourceKind']> };

type Contents = Pick<Manifest, 'files' | 'dictionaries'>;

/** What the preset needs and the snapshot lacks; null = it can be shown. */
export function absentFor({ needs, sourceKind }: DeskPreset, manifest: Contents): Absent | null {
  const path = needs.find((wanted) => !manifest.files.some((file) => file.path === wanted));
  if (path !== undefined) return { kind: 'file', path };
  if (sourceKind && sourcesOf(sourceKind, manifest).length === 0) return { kind: 'source', of: sourceKind };
  return null;
}

const sourcesOf = (kind: string, { dictionaries }: Contents): readonly string[] =>
  dictionaries.sources.filter((source) => source.kind === kind && source.accepted > 0).map(({ key }) => key);

export interface PresetGround {
  readonly manifest: Pick<Manifest, 'files' | 'dictionaries' | 'weeks' | 'divisionLevels'>;
  /** By week: seven days inside the data, and filled. */
  readonly usable: readonly boolean[];
}

/** What the desk shows when the preset is chosen while it shows `present`. */
export function presetLink(preset: DeskPreset, present: Link, { manifest, usable }: PresetGround): Link {
  const named = parseLink(preset.link);
  const { snapshot, view, locale, theme } = present;
  const kept = Object.fromEntries(preset.keeps.map((key) => [key, present[key]]));
  const deepest = Math.max(1, ...manifest.divisionLevels.map(({ level }) => level));
  return {
    ...named,
    ...kept,
    snapshot,
    view,
    locale,
    theme,
    weeks: preset.period === 'present' ? present.weeks : weeksOf(preset.period, manifest.weeks, usable),
    sources: preset.sourceKind
      ? sourcesOf(preset.sourceKind, manifest)
      : preset.keeps.includes('sources')
        ? present.sources
        : named.sources,
    // A city with districts only has no table of streets.
    pane:
      named.pane?.replace(/^(table-division-)(\d+)$/, (_, start, level) => start + Math.min(deepest, Number(level))) ??
      null,
  };
}

/** Is the desk where the preset leads? Whatever the camera and the opened card. */
export function isShown(preset: DeskPreset, present: Link, ground: PresetGround): boolean {
  const plain = (link: Link) =>
    formatLink({ ...link, view: null, cell: null, alert: null, preset: null, playback: null });
  return plain(presetLink(preset, present, ground)) === plain(present);
}

function weeksOf(
  period: 'last-week' | 'last-4-weeks',
  weeks: Manifest['weeks'],
  usable: readonly boolean[],
): Link['weeks'] {
  const range = lastUsableWeeks(usable, period === 'last-week' ? 1 : 4);
  const [from, to] = range ? [weeks[range.first]?.iso, weeks[range.end - 1]?.iso] : [];
  return from && to ? { from, to } : DEFAULT_LINK.weeks;
}

/** The last usable weeks, at most `length` of them; null = there is none. */
export function lastUsableWeeks(usable: readonly boolean[], length: number): WeekRange | null {
  const last = usable.lastIndexOf(true);
  if (last < 0) return null;
  let first = last;
  while (first > 0 && last - first + 1 < length && usable[first - 1]) first--;
  return { first, end: last + 1 };
}
