/**
 * The patrol of a wall: a list of stops made from the snapshot, and a state that only events change. It moves the camera and the data;
 * nothing is mounted or removed on its way.
 */
export type Bounds = readonly [number, number, number, number];
export interface Stop {
  /** `city`, `alert/<id>`, `place/<division code>`, `weeks`. */
  readonly id: string;
  readonly kind: 'city' | 'alert' | 'place' | 'weeks';
  /** null = the whole city. */
  readonly bounds: Bounds | null;
  readonly caption: { readonly zh: string; readonly en: string };
  /** Level of an alert. */
  readonly level: number | null;
  /** What it plays takes so long, beside the reading of its caption. */
  readonly playMs?: number;
}

export interface TourState {
  readonly stops: readonly Stop[];
  readonly at: number;
  /** Monotonic milliseconds at which the stop was reached. */
  readonly sinceMs: number;
  /** Until then nothing moves by itself; null = it moves. */
  readonly pausedUntilMs: number | null;
  /** Set by the operator; until taken back. */
  readonly frozen: boolean;
  /** Off by the address. */
  readonly off: boolean;
  /** Level Ⅰ that was shown out of turn; then the tour goes on where it was. */
  readonly returnTo: string | null;
  /** Alerts of level Ⅰ that have had their turn: each jumps the queue once. */
  readonly jumped: readonly string[];
  /** An alert that came while the wall was standing. */
  readonly fresh: string | null;
  /** A place outside the list that the operator asked for. */
  readonly visit: Stop | null;
}

export const stopOf = ({ visit, stops, at }: TourState): Stop | null => visit ?? stops[at] ?? null;

/** Six seconds, and one per 8 hanzi (or 4 words) of the caption. */
export function dwellMs(caption: string): number {
  const hanzi = [...caption].filter((sign) => /\p{Script=Han}/u.test(sign)).length;
  const words = caption.match(/[A-Za-z]+/g)?.length ?? 0;
  return 6000 + 1000 * Math.ceil(hanzi / 8 + words / 4);
}

const stayMs = ({ caption, playMs = 0 }: Stop, locale: 'zh' | 'en'): number => dwellMs(caption[locale]) + playMs;

export const PAUSE_MS = 120_000;
/** After so many dwells without a step something is stuck. */
export const STUCK_DWELLS = 3;

export const EMPTY_TOUR: TourState = {
  stops: [],
  at: 0,
  sinceMs: 0,
  pausedUntilMs: null,
  frozen: false,
  off: false,
  returnTo: null,
  jumped: [],
  fresh: null,
  visit: null,
};

export type TourEvent =
  /** A snapshot was adopted. `first` = the page has just started: what it brings is not new. */
  | { readonly kind: 'stops'; readonly stops: readonly Stop[]; readonly first: boolean }
  | { readonly kind: 'due' }
  | { readonly kind: 'touched' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'step'; readonly by: 1 | -1 }
  | { readonly kind: 'go'; readonly id: string }
  | { readonly kind: 'visit'; readonly stop: Stop }
  | { readonly kind: 'freeze'; readonly frozen: boolean }
  | { readonly kind: 'heartbeat'; readonly locale: 'zh' | 'en' };

export function tourAfter(state: TourState, event: TourEvent, nowMs: number): TourState {
  switch (event.kind) {
    case 'stops':
      return withStops(state, event, nowMs);
    case 'due':
      return canMove(state, nowMs) ? stepped(state, 1, nowMs) : state;
    case 'touched':
      return { ...state, pausedUntilMs: nowMs + PAUSE_MS };
    case 'resume':
      return { ...state, pausedUntilMs: null, frozen: false, sinceMs: nowMs };
    case 'step':
      return { ...stepped(state, event.by, nowMs), pausedUntilMs: nowMs + PAUSE_MS };
    case 'go': {
      const at = state.stops.findIndex(({ id }) => id === event.id);
      if (at < 0) return state;
      return { ...state, at, sinceMs: nowMs, visit: null, returnTo: null, pausedUntilMs: nowMs + PAUSE_MS };
    }
    case 'visit':
      return { ...state, visit: event.stop, sinceMs: nowMs, pausedUntilMs: nowMs + PAUSE_MS };
    case 'freeze':
      return { ...state, frozen: event.frozen, sinceMs: nowMs };
    case 'heartbeat':
      return isStuck(state, event.locale, nowMs) ? stepped({ ...state, pausedUntilMs: null }, 1, nowMs) : state;
    default:
      return event satisfies never;
  }
}

function withStops(
  state: TourState,
  { stops, first }: Extract<TourEvent, { kind: 'stops' }>,
  nowMs: number,
): TourState {
  const here = state.stops[state.at]?.id;
  const same = Math.max(
    0,
    stops.findIndex(({ id }) => id === here),
  );
  const jumped = [...state.jumped];
  const known = new Set(state.stops.map(({ id }) => id));
  const urgent = stops.filter(({ id, level }) => level === 1 && !jumped.includes(id) && (first || !known.has(id)));
  // Of a page that has just started every level Ⅰ is in its place near the head of the list: no jump, but its turn is spent.
  jumped.push(...urgent.map(({ id }) => id));
  const jump = first || state.frozen ? undefined : urgent[0];
  const next = { ...state, stops, jumped: jumped.slice(-200), at: same };
  if (!jump) return here === stops[same]?.id ? next : { ...next, sinceMs: nowMs };
  return {
    ...next,
    at: stops.indexOf(jump),
    sinceMs: nowMs,
    visit: null,
    returnTo: stops[same]?.id ?? null,
    fresh: jump.id,
  };
}

function stepped(state: TourState, by: 1 | -1, nowMs: number): TourState {
  const n = state.stops.length;
  if (n === 0) return { ...state, sinceMs: nowMs, visit: null };
  const back = state.returnTo === null ? -1 : state.stops.findIndex(({ id }) => id === state.returnTo);
  const at = back >= 0 ? back : (state.at + by + n) % n;
  return { ...state, at, sinceMs: nowMs, returnTo: null, fresh: null, visit: null };
}

const isPaused = ({ pausedUntilMs }: TourState, nowMs: number): boolean =>
  pausedUntilMs !== null && nowMs < pausedUntilMs;
const canMove = (state: TourState, nowMs: number): boolean => !state.off && !state.frozen && !isPaused(state, nowMs);

/** Moment of the next step; null = none by itself. */
export function nextStepMs(state: TourState, locale: 'zh' | 'en'): number | null {
  const stop = stopOf(state);
  if (!stop || state.off || state.frozen || state.stops.length < 2) return null;
  return Math.max(state.sinceMs + stayMs(stop, locale), state.pausedUntilMs ?? 0);
}

function isStuck(state: TourState, locale: 'zh' | 'en', nowMs: number): boolean {
  const stop = stopOf(state);
  if (!stop || state.stops.length < 2 || !canMove(state, nowMs)) return false;
  const from = Math.max(state.sinceMs, state.pausedUntilMs ?? 0);
  return nowMs - from > STUCK_DWELLS * stayMs(stop, locale);
}
