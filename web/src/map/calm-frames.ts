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

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly callback: FrameRequestCallback;
}

/** An interleaved overlay is drawn by the map; its own loop only updates layers, at the cost of some percent of a core for ever. */
export function calmFrames(): {
  readonly provider: FrameProvider;
  readonly attach: (overlay: MapboxOverlay) => void;
  /** Something changed: the loop runs again from the next frame on. */
  readonly stir: () => void;
} {
  let stirredUntilMs = 0;
  const waiting = new Map<number, Waiting>();
  let next = -1;
  const call = (id: number): void => {
    const one = waiting.get(id);
    if (!one) return;
    clearTimeout(one.timer);
    waiting.delete(id);
    one.callback(performance.now());
  };
  const provider: FrameProvider = {
    requestAnimationFrame: (callback) => {
      if (performance.now() < stirredUntilMs) return requestAnimationFrame(callback);
      const id = next--;
      waiting.set(id, { callback, timer: setTimeout(() => call(id), CALM_MS) });
      return id;
    },
    cancelAnimationFrame: (id) => {
      if (id >= 0) return cancelAnimationFrame(id);
      clearTimeout(waiting.get(id)?.timer);
      waiting.delete(id);
    },
  };
  return {
    provider,
    attach: (overlay) => {
      const { _deck: deck } = overlay as unknown as WithLoop;
      deck?.animationLoop?.setProps({ animationFrameProvider: provider });
    },
    stir: () => {
      stirredUntilMs = performance.now() + STIRRED_MS;
      // Whoever sleeps is not left to sleep on; what was cancelled meanwhile is not called.
      for (const id of [...waiting.keys()]) requestAnimationFrame(() => call(id));
    },
  };
}
