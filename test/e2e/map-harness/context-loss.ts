/** Takes the WebGL context away and watches what is on the screen until the map answers again. */
import type { Page } from 'playwright-core';
import type { Harness } from './main.ts';

declare const window: Window & { harness: Harness };

export interface Loss {
  /** Milliseconds until hexagons are on the canvas of the rebuilt map again. */
  readonly backMs: number;
  /** Looks at which neither the map nor its stand-in showed anything. */
  readonly blank: number;
  readonly looks: number;
}

export async function loseContext(page: Page): Promise<Loss> {
  return page.evaluate(async () => {
    const { map } = window.harness;
    const started = performance.now();
    const before = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas')!;
    before.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
    // The event of the loss is a task of its own.
    await new Promise((done) => before.addEventListener('webglcontextlost', done, { once: true }));
    await new Promise((done) => setTimeout(done));
    let blank = 0;
    let looks = 0;
    for (;;) {
      looks++;
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas');
      const rebuilt = canvas !== null && canvas !== before;
      if (!map.standIn) {
        const share = rebuilt && map.idle ? await window.harness.shareFilled() : 0;
        if (share > 0.02) return { backMs: performance.now() - started, blank, looks };
        // The stand-in goes when the map is whole; a map that is not shown then is blank.
        if (!rebuilt || !map.drawn) blank++;
      }
      if (performance.now() - started > 60_000) return { backMs: Number.POSITIVE_INFINITY, blank, looks };
      await new Promise((done) => setTimeout(done, 30));
    }
  });
}
