import type { MapboxOverlay } from '@deck.gl/mapbox';

/** While nothing changes deck.gl looks twice a second whether something did, instead of at every frame of the screen. */
const CALM_MS = 500;
/** After a change it looks at every frame for so long. */
const STIRRED_MS = 1500;

interface FrameProvider {
  requestAnimationFrame(callback: FrameRequestCallback): number;
  cancelAnimationFrame(id: number): void;
}

/** deck.gl keeps its loop to itself; luma.gl lets the provider of frames be replaced. */
interface WithLoop {
  readonly _deck?: {
    readonly animationLoop: { setProps(props: { animationFrameProvider: FrameProvider }): void } | null;
  };
}

interface CalmOptions {
  readonly container: HTMLElement;
  /** Also while it is looked at. In a hidden room a map is calm anyway. */
  readonly always: boolean;
}

/** An interleaved overlay is drawn by the map; its own loop only updates layers, at the cost of some percent of a core for ever. */
export function calmFrames({ container, always }: CalmOptions): {
  readonly attach: (overlay: MapboxOverlay) => void;
  readonly stir: () => void;
} {
  let stirredUntilMs = 0;
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let next = -1;
  const provider: FrameProvider = {
    requestAnimationFrame: (callback) => {
      const calm = always || container.closest('[hidden]') !== null;
      if (!calm || performance.now() < stirredUntilMs) return requestAnimationFrame(callback);
      const id = next--;
      const timer = setTimeout(() => {
        timers.delete(id);
        callback(performance.now());
      }, CALM_MS);
      timers.set(id, timer);
      return id;
    },
    cancelAnimationFrame: (id) => {
      if (id >= 0) return cancelAnimationFrame(id);
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
  };
  return {
    attach: (overlay) => {
      const { _deck: deck } = overlay as unknown as WithLoop;
      deck?.animationLoop?.setProps({ animationFrameProvider: provider });
    },
    stir: () => {
      stirredUntilMs = performance.now() + STIRRED_MS;
    },
  };
}
