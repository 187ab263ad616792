import { create } from 'zustand';
import type { CameraView, Locale, Theme } from '../map/contract.ts';
import type { FactsProgress } from '../query/facts-loader.ts';
import type { FilterKey } from '../query/filters.ts';
import type { MapLook } from './map-look.ts';
import { DEFAULT_LINK, type HotspotBasis, type Link, type MapLayer, parseLink, roundView } from './permalink.ts';

/** The filters that are in the link. */
type LinkFilter = FilterKey & keyof Link;

/** What is being looked at; the whole slice is the permalink. */
interface LinkSlice extends Link {
  /** Filter parts in the order in which they were set: Esc takes back the last. */
  readonly order: readonly LinkFilter[];
  setWeeks(weeks: Link['weeks']): void;
  setSources(sources: readonly string[]): void;
  setCategories(categories: readonly string[]): void;
  focusDivision(code: string | null): void;
  setArea(area: string | null): void;
  setHours(hours: Link['hours']): void;
  pinCell(h3: string | null): void;
  openAlert(id: string | null): void;
  setLayer(layer: MapLayer): void;
  setHotspots(choice: { readonly basis: HotspotBasis | null; readonly window: string | null }): void;
  setMarks(marks: boolean): void;
  setPlayback(playback: Link['playback']): void;
  setCompare(compare: Link['compare']): void;
  setPane(pane: string | null): void;
  choosePreset(preset: string | null): void;
  setLook(look: Partial<MapLook>): void;
  setView(view: CameraView): void;
  setLocale(locale: Locale): void;
  setTheme(theme: Theme): void;
  clearLastFilter(): void;
  clearFilters(): void;
  openLink(link: Link): void;
}

export type EngineState =
  | { readonly status: 'starting' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready' }
  | { readonly status: 'restarting' }
  /** More incidents than the page may hold (row-budget.ts). */
  | { readonly status: 'cubes-only'; readonly message: string }
  | { readonly status: 'failed'; readonly message: string };

export type Notice =
  | { readonly kind: 'other-snapshot'; readonly link: string; readonly now: string }
  | { readonly kind: 'unknown-names'; readonly names: readonly string[] }
  | { readonly kind: 'bad-area' }
  | { readonly kind: 'map-error'; readonly message: string }
  | { readonly kind: 'copied' }
  | { readonly kind: 'copy-failed' };

export type Side = 'alerts' | 'places';

/** How far the machinery is; not in the link. */
interface StatusSlice {
  readonly engine: EngineState;
  readonly progress: FactsProgress | null;
  /** Resolution the map draws now; null before the first map. */
  readonly resolution: number | null;
  /** The first map is there, or is not coming: what can wait for it may start. */
  readonly mapSettled: boolean;
  readonly notices: readonly Notice[];
  readonly helpOpen: boolean;
  readonly coverageOpen: boolean;
  /** What the right column shows while nothing is opened there; null = alerts where the snapshot has any. */
  readonly side: Side | null;
  /** The list of alerts takes the focus as soon as it is there. */
  readonly wantsAlertFocus: boolean;
  setEngine(engine: EngineState): void;
  setProgress(progress: FactsProgress | null): void;
  setResolution(resolution: number): void;
  settleMap(): void;
  notify(notice: Notice): void;
  dismiss(kind: Notice['kind']): void;
  setHelpOpen(open: boolean): void;
  setCoverageOpen(open: boolean): void;
  setSide(side: Side): void;
  wantAlertFocus(wanted: boolean): void;
}

export type DeskState = LinkSlice & StatusSlice;

export const useDesk = create<DeskState>()((set) => ({
  ...DEFAULT_LINK,
  order: [],
  setWeeks: (weeks) => set((state) => ({ weeks, order: ordered(state.order, 'weeks', weeks !== null) })),
  setSources: (sources) => set((state) => ({ sources, order: ordered(state.order, 'sources', sources.length > 0) })),
  setCategories: (categories) =>
    set((state) => ({ categories, order: ordered(state.order, 'categories', categories.length > 0) })),
  focusDivision: (division) =>
    set((state) => ({ division, order: ordered(state.order, 'division', division !== null) })),
  setArea: (area) => set((state) => ({ area, order: ordered(state.order, 'area', area !== null) })),
  setHours: (hours) => set((state) => ({ hours, order: ordered(state.order, 'hours', hours !== null) })),
  pinCell: (cell) => set({ cell }),
  openAlert: (alert) => set({ alert, cell: null }),
  setLayer: (layer) => set({ layer }),
  setHotspots: ({ basis, window }) => set({ basis, window }),
  setMarks: (marks) => set({ marks }),
  // One map plays, or two are compared.
  setPlayback: (playback) => set(playback ? { playback, compare: null } : { playback }),
  setCompare: (compare) => set(compare ? { compare, playback: null, layer: 'count' } : { compare }),
  setPane: (pane) => set({ pane }),
  choosePreset: (preset) => set({ preset }),
  setLook: (look) => set((state) => ({ look: { ...state.look, ...look } })),
  setView: (view) => set({ view: roundView(view) }),
  setLocale: (locale) => set({ locale }),
  setTheme: (theme) => set({ theme }),
  clearLastFilter: () =>
    set((state) => {
      const last = state.order.at(-1);
      return last ? { [last]: DEFAULT_LINK[last], order: state.order.slice(0, -1) } : {};
    }),
  clearFilters: () =>
    set({ weeks: null, sources: [], categories: [], division: null, area: null, hours: null, order: [] }),
  openLink: (link) => set({ ...link, order: orderOf(link) }),

  engine: { status: 'starting' },
  progress: null,
  resolution: null,
  mapSettled: false,
  notices: [],
  helpOpen: false,
  coverageOpen: false,
  side: null,
  wantsAlertFocus: false,
  setEngine: (engine) => set({ engine }),
  setProgress: (progress) => set({ progress }),
  setResolution: (resolution) => set({ resolution }),
  settleMap: () => set({ mapSettled: true }),
  notify: (notice) =>
    set((state) => ({ notices: [...state.notices.filter(({ kind }) => kind !== notice.kind), notice] })),
  dismiss: (kind) => set((state) => ({ notices: state.notices.filter((notice) => notice.kind !== kind) })),
  setHelpOpen: (helpOpen) => set({ helpOpen }),
  setCoverageOpen: (coverageOpen) => set({ coverageOpen }),
  setSide: (side) => set({ side }),
  wantAlertFocus: (wantsAlertFocus) => set({ wantsAlertFocus }),
}));

export function linkOf(state: DeskState): Link {
  const { snapshot, view, weeks, sources, categories, division, area, hours, cell, alert, layer, basis } = state;
  const { window, marks, playback, compare, pane, preset, look, locale, theme } = state;
  return {
    snapshot,
    view,
    weeks,
    sources,
    categories,
    division,
    area,
    hours,
    cell,
    alert,
    layer,
    basis,
    window,
    marks,
    playback,
    compare,
    pane,
    preset,
    look,
    locale,
    theme,
  };
}

export function initialLink(): Link {
  return parseLink(location.search);
}

function ordered(order: readonly LinkFilter[], key: LinkFilter, active: boolean): readonly LinkFilter[] {
  const others = order.filter((other) => other !== key);
  return active ? [...others, key] : others;
}

function orderOf(link: Link): readonly LinkFilter[] {
  const active: LinkFilter[] = [];
  if (link.weeks) active.push('weeks');
  if (link.sources.length > 0) active.push('sources');
  if (link.categories.length > 0) active.push('categories');
  if (link.division !== null) active.push('division');
  if (link.area !== null) active.push('area');
  if (link.hours) active.push('hours');
  return active;
}
