import { frameCopies } from './frame-copy.ts';

/** Not more often than this: a copy is the size of the screen. */
const EVERY_MS = 1000;

/**
 * The last frame at rest, kept outside WebGL: when the context is lost it stands in for the map until the rebuilt one has drawn, so
 * that the screen is never blank.
 */
export interface LastPicture {
  /** In the frame that drew it, else the buffer is empty. @returns whether it was taken now */
  keep(canvas: HTMLCanvasElement, nowMs: number): boolean;
  show(): void;
  hide(): void;
  readonly shown: boolean;
}

export function lastPicture(container: HTMLElement): LastPicture {
  const canvas = document.createElement('canvas');
  canvas.className = 'map-last-picture';
  canvas.setAttribute('aria-hidden', 'true');
  const copies = frameCopies();
  let keptMs = Number.NEGATIVE_INFINITY;
  return {
    keep: (drawn, nowMs) => {
      if (nowMs - keptMs < EVERY_MS || canvas.isConnected) return false;
      keptMs = nowMs;
      return copies.take(drawn);
    },
    show: () => {
      if (!canvas.isConnected && copies.paint(canvas)) container.append(canvas);
    },
    hide: () => canvas.remove(),
    get shown() {
      return canvas.isConnected;
    },
  };
}
