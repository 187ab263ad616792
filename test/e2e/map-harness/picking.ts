/** Picking against the picture: whatever cell is painted at a pixel is the one that answers there. */
import type { Page } from 'playwright-core';
import { settled } from './browser.ts';
import type { Harness } from './main.ts';

declare const window: Window & { harness: Harness };

export interface Camera {
  readonly zoom: number;
  readonly pitch: number;
  readonly bearing: number;
}

export interface Picked {
  /** Points at which the picture says which cell is there. */
  readonly checked: number;
  readonly wrong: number;
  readonly cells: number;
}

/** Neither names nor lines nor dots: every pixel is a cell, the gap between two, or a blend of both. */
const ONLY_CELLS = ['divisions', 'dots', 'outlines', 'seams', 'facilities', 'names'] as const;

export async function lookAt(page: Page, camera: Camera): Promise<void> {
  await page.evaluate((to) => window.harness.map.flyTo({ lng: 120.66, lat: 31.3, ...to }), camera);
  await page.waitForTimeout(950);
  await settled(page);
}

/**
 * Flat cells: each has a colour of its own. Columns: six heights, so six colours; a wrong neighbour then has the same colour one time in
 * six, which thousands of points make up for.
 */
export async function comparePicks(
  page: Page,
  options: { readonly camera: Camera; readonly columns: boolean; readonly points: number; readonly seed: number },
): Promise<Picked> {
  await page.evaluate(
    ({ columns, hidden }) => {
      const { map, manifest } = window.harness;
      map.setLayers(hidden.map((id) => ({ id, visible: false, opacity: 1 })));
      const { finest } = manifest.grid;
      const rows = manifest.grid.cells[String(finest)]!;
      const kinds = columns ? 6 : rows;
      const classes = Uint32Array.from({ length: rows }, (_, row) => 1 + (columns ? (row * 7919) % kinds : row));
      const colours = Array.from({ length: kinds }, (_, i) => {
        const word = columns
          ? [0xf01010, 0x10f010, 0x1010f0, 0xf0f010, 0x10f0f0, 0xf010f0][i]!
          : (i * 40_503 + 4321) % 0xffffff;
        return `#${word.toString(16).padStart(6, '0')}`;
      });
      map.setFill({ resolution: finest, finest, cells: { resolution: finest, classes, colours } });
      map.setColumns(columns);
    },
    { columns: options.columns, hidden: [...ONLY_CELLS] },
  );
  await lookAt(page, options.camera);
  return page.evaluate(
    async ({ points, seed, columns }) => {
      const { map } = window.harness;
      const { clientWidth: width, clientHeight: height } = document.getElementById('map')!;
      let state = seed;
      const random = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
      };
      const ratio = devicePixelRatio;
      // The middle of a device pixel: that is where it is painted.
      const middle = (value: number) => (Math.floor(value * ratio) + 0.5) / ratio;
      const at = Array.from({ length: points }, () => [middle(random() * width), middle(random() * height)] as const);
      // A smooth edge is a blend, which may by chance be the colour of some other cell: there only a pixel like its four neighbours
      // counts. Without smoothing every pixel does, edges too.
      const context = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas')!.getContext('webgl2')!;
      const around = (
        [
          [0, 0],
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ] as const
      ).slice(0, context.getContextAttributes()!.antialias ? 5 : 1);
      const clamp = (value: number, most: number) => Math.min(most - 1 / ratio / 2, Math.max(0, value));
      const near = await window.harness.pixelsAt(
        at.flatMap(([x, y]) =>
          around.map(([dx, dy]) => [clamp(x + dx / ratio, width), clamp(y + dy / ratio, height)] as const),
        ),
      );
      const seen = at.map((_, i) => {
        const pixels = near.slice(around.length * i, around.length * (i + 1));
        return pixels.every((pixel) => pixel === pixels[0]) ? pixels[0]! : '';
      });
      const shade = (colour: string) => {
        const word = Number.parseInt(colour.slice(1), 16);
        const dark = [word >> 16, (word >> 8) & 255, word & 255].map((byte) => Math.round(byte * 0.66));
        return `#${dark.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
      };
      const known = new Set<string>();
      const cells = new Set<string>();
      const answers = at.map(([x, y]) => map.cellAtPoint(x, y));
      const colours = answers.map((h3) => (h3 === null ? null : map.cellColour(h3)));
      for (const colour of map.fillColours()) {
        known.add(colour);
        if (columns) known.add(shade(colour));
      }
      let checked = 0;
      let wrong = 0;
      seen.forEach((pixel, i) => {
        if (!known.has(pixel)) return;
        checked++;
        const colour = colours[i] ?? null;
        if (answers[i]) cells.add(answers[i]!);
        if (colour !== pixel && !(columns && colour !== null && shade(colour) === pixel)) wrong++;
      });
      return { checked, wrong, cells: cells.size };
    },
    { points: options.points, seed: options.seed, columns: options.columns },
  );
}
