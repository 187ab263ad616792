import { z } from 'zod';
import { Label } from './manifest.ts';

/** Parts of what is being looked at that a preset may leave as they are. Camera, snapshot, language and theme always stay. */
const KEEPS = ['weeks', 'sources', 'categories', 'division', 'area', 'hours', 'cell'] as const;

/** A named view of the desk: a link, without what only one snapshot has (weeks, camera). Data, in the order of the keys 1–9. */
export const DeskPreset = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/),
  name: Label,
  /** What it answers, and what to do next. */
  question: Label,
  /** Keys of a permalink; those that are left out have their defaults. */
  link: z.string().max(2000),
  /** Complete, filled weeks at the end of the data; `present` = as chosen. */
  period: z.enum(['last-week', 'last-4-weeks', 'present']),
  keeps: z.array(z.enum(KEEPS)),
  /** Files of the snapshot it cannot do without. */
  needs: z.array(z.string()).default([]),
  /** Only sources of this kind; the snapshot must have one with reports. */
  sourceKind: z.enum(['complaint', 'police', 'dispute', 'other']).optional(),
});
export type DeskPreset = z.infer<typeof DeskPreset>;

/** `presets.json` of a profile and of its snapshot: what the keys 1–9 of the desk open in this city. */
export const DeskPresets = z
  .array(DeskPreset)
  .min(1)
  .max(9)
  .refine((presets) => new Set(presets.map(({ id }) => id)).size === presets.length, 'two presets have the same id');

/** What a city's presets name although the city has no such thing; each with its place in the file. Pure. */
export function presetProblems(
  presets: readonly DeskPreset[],
  city: {
    readonly sources: readonly { readonly key: string; readonly kind: string }[];
    readonly categories: readonly { readonly code: string }[];
  },
): readonly string[] {
  return presets.flatMap(({ link, sourceKind }, i) => {
    const keys = new URLSearchParams(link);
    const named = (key: string) => keys.get(key)?.split(',') ?? [];
    const problems: string[] = [];
    if (sourceKind && !city.sources.some(({ kind }) => kind === sourceKind))
      problems.push(`$[${i}].sourceKind: no source is of kind "${sourceKind}"`);
    for (const key of named('sources'))
      if (!city.sources.some((source) => source.key === key)) problems.push(`$[${i}].link: no source "${key}"`);
    for (const code of named('categories'))
      if (!city.categories.some((category) => category.code === code))
        problems.push(`$[${i}].link: no category "${code}"`);
    return problems;
  });
}
