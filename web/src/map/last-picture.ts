/** Not more often than this: reading a frame back costs a few milliseconds. */
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
  const copy = document.createElement('canvas');
  copy.className = 'map-last-picture';
  copy.setAttribute('aria-hidden', 'true');
  let keptMs = Number.NEGATIVE_INFINITY;
  return {
    keep: (canvas, nowMs) => {
      if (nowMs - keptMs < EVERY_MS || copy.isConnected) return false;
      keptMs = nowMs;
      // One pixel a CSS pixel: it stands in for seconds.
      copy.width = canvas.clientWidth;
      copy.height = canvas.clientHeight;
      if (copy.width === 0 || copy.height === 0) return false;
      copy.getContext('2d')?.drawImage(canvas, 0, 0, copy.width, copy.height);
      return true;
    },
    show: () => {
      if (keptMs > Number.NEGATIVE_INFINITY) container.append(copy);
    },
    hide: () => copy.remove(),
    get shown() {
      return copy.isConnected;
    },
  };
}
