import { describe, expect, it } from 'vitest';
import { type DeskPreset, DeskPresets, presetProblems } from '../../../core/contract/presets.ts';
import { loadProfile, profileNames } from '../../../pipelines/config/load-profile.ts';
import {
  absentFor,
  isShown,
  lastUsableWeeks,
  PRESETS,
  presetLink,
  presetNamed,
} from '../../../web/src/presets/presets.ts';
import { DEFAULT_LINK, formatLink, type Link, parseLink } from '../../../web/src/state/permalink.ts';

const source = (key: string, kind: 'complaint' | 'police' | 'dispute', accepted: number) => ({
  id: 0,
  key,
  kind,
  name: { zh: key, en: key },
  cadenceDays: 7,
  asOf: null,
  firstDay: null,
  lastDay: null,
  read: accepted,
  accepted,
  rejected: {},
  located: accepted,
  divisionOnly: 0,
  unlocated: {},
  unmapped: 0,
  monthsMissing: [],
});
const file = (path: string) => ({
  path,
  file: `files/${'0'.repeat(64)}.arrow`,
  sha256: '0'.repeat(64),
  bytes: 1,
  encoded: {},
  rows: 1,
  kind: 'sense' as const,
  grade: 'desk' as const,
  division: null,
  period: null,
});
const weeks = ['2026-W42', '2026-W43', '2026-W44', '2026-W45', '2026-W46'].map((iso, i) => ({
  iso,
  firstDay: 20_738 + 7 * i,
}));
const ground = (levels: number, sources = [source('hotline', 'complaint', 5), source('mediation', 'dispute', 3)]) => ({
  manifest: {
    files: ['sense/hotspots.arrow', 'sense.json'].map(file),
    dictionaries: { sources, categories: [] },
    weeks,
    divisionLevels: Array.from({ length: levels }, (_, i) => ({
      level: i + 1,
      key: `l${i}`,
      name: { zh: 'x', en: 'x' },
      count: 1,
      made: false,
    })),
  },
  usable: [true, true, true, true, false],
});
const chosen: Link = {
  ...DEFAULT_LINK,
  snapshot: '0123456789abcdef',
  view: { lng: 120, lat: 31, zoom: 10 },
  weeks: { from: '2026-W42', to: '2026-W43' },
  sources: ['hotline'],
  categories: ['noise'],
  division: '320508',
  locale: 'en',
  theme: 'dark',
  alert: 'a-1',
};
/** What a link says, and what is understood of it: a value that is its own default is left out. */
const said = (link: string) => Object.fromEntries(new URLSearchParams(link));
const understood = (link: string) => {
  const back = new URLSearchParams(formatLink(parseLink(link)));
  back.delete('version');
  const defaults = { mode: 'count', against: 'previous' };
  const own = Object.entries(defaults).filter(([key, value]) => said(link)[key] === value);
  return { ...Object.fromEntries(own), ...Object.fromEntries(back) };
};
const named = (name: string) => {
  const preset = presetNamed(name);
  if (!preset) throw new Error(name);
  return preset;
};

describe('presets of a city', () => {
  const cities = profileNames().flatMap((name) => {
    const { presets } = loadProfile(name);
    return presets ? [{ name, presets }] : [];
  });
  it('are read with its profile', () => expect(cities.map(({ name }) => name)).toContain('tainan'));
  it.each(cities)('$name: links say nothing that a link does not know', ({ presets }) => {
    for (const { id, link } of presets) expect(said(link), id).toEqual(understood(link));
  });
  it('name no source, kind or category that the city does not have', () => {
    const preset: DeskPreset = { ...named('where'), link: 'sources=tram&categories=noise', sourceKind: 'police' };
    const city = { sources: [{ key: 'hotline', kind: 'complaint' }], categories: [{ code: 'noise' }] };
    expect(presetProblems([preset], city)).toEqual([
      '$[0].sourceKind: no source is of kind "police"',
      '$[0].link: no source "tram"',
    ]);
    expect(DeskPresets.safeParse([named('where'), named('where')]).success).toBe(false);
    expect(DeskPresets.safeParse([]).success).toBe(false);
  });
  it('take the keys of the desk', () => {
    const own = [named('index'), named('where')];
    expect(presetNamed('1', own)?.id).toBe('index');
    expect(presetNamed('3', own)).toBeNull();
  });
});

describe('presets of the desk', () => {
  it('are at most nine, of different names, and their links say nothing that a link does not know', () => {
    expect(PRESETS.length).toBeLessThanOrEqual(9);
    expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
    for (const { id, link } of PRESETS) expect(said(link), id).toEqual(understood(link));
  });

  it('are named by id and by number', () => {
    expect(presetNamed('1')).toBe(PRESETS[0]);
    expect(presetNamed('where')?.id).toBe('where');
    expect(presetNamed('0')).toBeNull();
    expect(presetNamed('nothing')).toBeNull();
  });

  it('keep camera, snapshot, language and theme, and of the filters what they name', () => {
    for (const preset of PRESETS) {
      const { snapshot, view, locale, theme } = presetLink(preset, chosen, ground(2));
      expect({ snapshot, view, locale, theme }, preset.id).toEqual({
        snapshot: chosen.snapshot,
        view: chosen.view,
        locale: 'en',
        theme: 'dark',
      });
    }
    const who = presetLink(named('who'), chosen, ground(2));
    expect([who.categories, who.division, who.weeks, who.alert]).toEqual([['noise'], null, chosen.weeks, null]);
    expect(presetLink(named('stage'), chosen, ground(2)).division).toBe('320508');
  });

  it('mean the last full weeks, never the one that is still filling', () => {
    expect(presetLink(named('changed'), chosen, ground(2)).weeks).toEqual({ from: '2026-W45', to: '2026-W45' });
    expect(presetLink(named('disputes'), chosen, ground(2)).weeks).toEqual({ from: '2026-W42', to: '2026-W45' });
    expect(lastUsableWeeks([true, false, true, true], 4)).toEqual({ first: 2, end: 4 });
    expect(lastUsableWeeks([false, false], 4)).toBeNull();
  });

  it('take the deepest level of a city that has fewer, and only sources that delivered', () => {
    expect(presetLink(named('who'), chosen, ground(1)).pane).toBe('table-division-1');
    expect(presetLink(named('who'), chosen, ground(4)).pane).toBe('table-division-2');
    expect(presetLink(named('disputes'), chosen, ground(2)).sources).toEqual(['mediation']);
  });

  it('say what the snapshot lacks', () => {
    const { manifest } = ground(2);
    expect(absentFor(named('where'), manifest)).toBeNull();
    expect(absentFor(named('index'), manifest)).toEqual({ kind: 'file', path: 'sense/risk.arrow' });
    expect(absentFor(named('police'), manifest)).toEqual({ kind: 'source', of: 'police' });
    const empty = ground(2, [source('mediation', 'dispute', 0)]).manifest;
    expect(absentFor(named('disputes'), empty)).toEqual({ kind: 'source', of: 'dispute' });
  });

  it('know when the desk shows them, whatever the camera and the opened card; no other is shown then', () => {
    for (const preset of PRESETS) {
      const link = presetLink(preset, chosen, ground(2));
      const moved = { ...link, view: null, cell: '8a2a1072b59ffff', alert: 'b' };
      const shown = PRESETS.filter((one) => isShown(one, moved, ground(2))).map(({ id }) => id);
      expect(shown, preset.id).toContain(preset.id);
      expect(isShown(preset, { ...moved, look: { ...link.look, columns: true } }, ground(2))).toBe(false);
    }
  });
});
