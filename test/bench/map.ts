import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { launch, settled } from '../e2e/map-harness/browser.ts';
import { loseContext } from '../e2e/map-harness/context-loss.ts';
import type { Harness } from '../e2e/map-harness/main.ts';
import { comparePicks } from '../e2e/map-harness/picking.ts';
import { buildHarness, serveHarness } from '../e2e/map-harness/serve.ts';
import { writeSyntheticSnapshot } from '../e2e/map-harness/synthetic-snapshot.ts';

declare const window: Window & { harness: Harness };

/**
 * `npm run bench -- map [--cells 100000] [--losses 20] [--geo-layers <folder>] [--json]`: the map on a processor that also has to draw
 * (no graphics card). Everything in one run, so that the ratios hold on a noisy machine. `--geo-layers` names a folder in which
 * `@deck.gl/geo-layers` is installed, which the product does without: then H3HexagonLayer recolours the same cells.
 */
export interface MapFigures {
  readonly cells: number;
  /** Main-thread milliseconds of a change of counts with all cells drawn; without the frame, and with it. */
  readonly recolour: { readonly times: number; readonly setMs: Spread; readonly frameMs: Spread };
  readonly h3HexagonLayer: { readonly recolourMs: Spread; readonly ratio: number } | { readonly why: string };
  /** Frames a second while the camera moves; `asChosen` = the resolution the map takes at this zoom. */
  readonly pan: {
    readonly emptyFps: number;
    readonly asChosen: { readonly fps: number; readonly cells: number; readonly share: number };
    readonly allCells: { readonly fps: number; readonly cells: number; readonly share: number };
  };
  readonly picking: readonly { readonly name: string; readonly checked: number; readonly wrong: number }[];
  readonly losses: { readonly times: number; readonly slowestMs: number; readonly blank: number };
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2));
  return { min: at(0), median: at(0.5), max: at(1) };
}

/** Radius of the made city, degrees, that has about so many cells of resolution 10. */
const radiusFor = (cells: number) => Math.sqrt((cells * 0.0151) / (Math.PI * 111.2 ** 2 * 0.855)) * 0.94;

const option = (args: readonly string[], name: string): string | null => {
  const at = args.indexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
};

export async function benchMap(args: readonly string[]): Promise<void> {
  const figures = await measureMap({
    cells: Number(option(args, '--cells') ?? 100_000),
    losses: Number(option(args, '--losses') ?? 20),
    geoLayers: option(args, '--geo-layers'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${args.includes('--json') ? JSON.stringify(figures) : JSON.stringify(figures, null, 2)}\n`);
}

export async function measureMap(options: {
  readonly cells: number;
  readonly losses: number;
  readonly geoLayers: string | null;
  readonly log: (line: string) => void;
}): Promise<MapFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-map-'));
  let browser: Browser | null = null;
  const closing: (() => void)[] = [];
  try {
    writeSyntheticSnapshot(join(folder, 'snapshot'), radiusFor(options.cells));
    await buildHarness(join(folder, 'dist'));
    const { server, url } = await serveHarness(join(folder, 'dist'), () => join(folder, 'snapshot'));
    closing.push(() => server.close());
    browser = await launch();
    const page = await newPage(browser, { viewport: { width: 1920, height: 1080 } });
    await page.goto(url);
    await settled(page);
    await page.evaluate(async () => window.harness.map.setCounts(await window.harness.finest()));
    await settled(page);

    options.log('pan');
    const asChosen = await panRate(page);
    const cellsChosen = await page.evaluate(() => window.harness.map.cells);
    await drawAll(page);
    const allCells = await panRate(page);
    const cellsAll = await page.evaluate(() => window.harness.map.cells);
    const recolour = await recolourAll(page);
    await hide(page);
    const emptyFps = await panRate(page);
    // As it goes: a run is long, and what it has found so far is worth knowing when it is stopped.
    const note = (figures: object) => options.log(JSON.stringify(figures));
    note({ cellsAll, emptyFps, asChosen, cellsChosen, allCells, recolour });

    const h3HexagonLayer = options.geoLayers
      ? await h3Layer(browser, folder, options.geoLayers, recolour.setMs.median + recolour.frameMs.median)
      : { why: 'no folder with @deck.gl/geo-layers was named' };
    note({ h3HexagonLayer });

    const picking: { name: string; checked: number; wrong: number }[] = [];
    for (const [width, height, scale, pitch] of [
      [1920, 1080, 1, 0],
      [1920, 1080, 1, 45],
      [1920, 1080, 2, 45],
      [3840, 2160, 1, 45],
    ] as const) {
      const other = await newPage(browser, { viewport: { width, height }, deviceScaleFactor: scale });
      await other.goto(`${url}?sharp`);
      await settled(other);
      const camera = { zoom: 13.6, pitch, bearing: pitch === 0 ? 0 : 25 };
      const { checked, wrong } = await comparePicks(other, { camera, columns: false, points: 20_000, seed: 3 });
      picking.push({ name: `${width}×${height}, DPR ${scale}, pitch ${pitch}`, checked, wrong });
      note({ picking });
      await other.close();
    }

    options.log('lost contexts');
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.evaluate(() => {
      window.harness.map.setFill(null);
      window.harness.map.setLayers([]);
      window.harness.map.flyTo({ lng: 120.66, lat: 31.3, zoom: 11 });
    });
    await page.waitForTimeout(2500);
    await settled(page);
    let slowestMs = 0;
    let blank = 0;
    for (let i = 0; i < options.losses; i++) {
      const loss = await loseContext(page);
      slowestMs = Math.max(slowestMs, loss.backMs);
      blank += loss.blank;
      await page.waitForTimeout(1500);
      await settled(page);
    }
    return {
      cells: cellsAll,
      recolour,
      h3HexagonLayer,
      pan: {
        emptyFps,
        asChosen: { fps: asChosen, cells: cellsChosen, share: share(asChosen, emptyFps) },
        allCells: { fps: allCells, cells: cellsAll, share: share(allCells, emptyFps) },
      },
      picking,
      losses: { times: options.losses, slowestMs: Math.round(slowestMs), blank },
    };
  } finally {
    await browser?.close();
    for (const close of closing) close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** tsx names the functions it compiles by a helper that a page does not have. */
async function newPage(browser: Browser, options: Parameters<Browser['newPage']>[0]): Promise<Page> {
  const page = await browser.newPage(options);
  await page.addInitScript('globalThis.__name = (named) => named');
  return page;
}

const share = (fps: number, empty: number) => Number((fps / empty).toFixed(2));

/** Frames a second over two seconds of moving there and back: as often as the map can draw. */
async function panRate(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { map } = window.harness;
    const start = map.camera()!;
    const started = performance.now();
    let frames = 0;
    while (performance.now() - started < 3000) {
      const turn = (performance.now() - started) / 500;
      await map.frameAt({
        ...start,
        lng: start.lng + 0.02 * Math.sin(turn),
        lat: start.lat + 0.01 * Math.sin(turn * 2),
      });
      frames++;
    }
    const fps = frames / ((performance.now() - started) / 1000);
    await map.frameAt(start);
    return Number(fps.toFixed(2));
  });
}

/** Every cell of the finest resolution, whatever the zoom. */
async function drawAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { map, manifest } = window.harness;
    const { finest } = manifest.grid;
    const classes = Uint32Array.from({ length: manifest.grid.cells[String(finest)]! }, (_, row) => 1 + (row % 6));
    const colours =
      window.harness.map.legend().colours.length >= 6
        ? map.legend().colours
        : ['#ddd6e8', '#c7afdd', '#b084c6', '#9759a6', '#77357a', '#501c4a'];
    map.setFill({ resolution: finest, finest, cells: { resolution: finest, classes, colours } });
  });
  await page.waitForFunction(() => window.harness.map.resolution === window.harness.manifest.grid.finest, null, {
    timeout: 300_000,
  });
  await settled(page);
}

async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.harness.map.setFill(null);
    window.harness.map.setLayers(
      (['divisions', 'hexagons', 'dots', 'outlines', 'seams', 'facilities', 'names'] as const).map((id) => ({
        id,
        visible: false,
        opacity: 1,
      })),
    );
  });
  await page.waitForTimeout(1000);
  await settled(page);
}

async function recolourAll(page: Page): Promise<MapFigures['recolour']> {
  const times = await page.evaluate(async () => {
    const { map, manifest } = window.harness;
    const { finest } = manifest.grid;
    const rows = manifest.grid.cells[String(finest)]!;
    const colours = ['#ddd6e8', '#c7afdd', '#b084c6', '#9759a6', '#77357a', '#501c4a'];
    const fills = [0, 1, 2, 3].map((turn) => ({
      resolution: finest,
      finest,
      cells: {
        resolution: finest,
        classes: Uint32Array.from({ length: rows }, (_, row) => 1 + ((row + turn) % 6)),
        colours,
      },
    }));
    const seen: { set: number; frame: number }[] = [];
    // The rasteriser may need seconds a frame.
    const enoughMs = performance.now() + 60_000;
    for (let i = 0; i < 24 && (seen.length < 4 || performance.now() < enoughMs); i++) {
      const before = performance.now();
      map.setFill(fills[i % 4]!);
      const set = performance.now() - before;
      const frame = await map.nextFrameMs();
      if (i >= 4) seen.push({ set, frame });
      await new Promise((done) => setTimeout(done, 20));
    }
    return seen;
  });
  return {
    times: times.length,
    setMs: spread(times.map(({ set }) => set)),
    frameMs: spread(times.map(({ frame }) => frame)),
  };
}

/** The same cells in deck.gl's own layer, from a build that only this bench makes. */
async function h3Layer(
  browser: Browser,
  folder: string,
  geoLayers: string,
  oursMs: number,
): Promise<MapFigures['h3HexagonLayer']> {
  const root = join(folder, 'h3-layer');
  mkdirSync(root);
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><div id="map" style="position:fixed;inset:0"></div><script type="module" src="./main.js"></script>',
  );
  writeFileSync(
    join(root, 'main.js'),
    `import { Deck } from '@deck.gl/core';
import { H3HexagonLayer } from '@deck.gl/geo-layers';
import { gridDisk, latLngToCell } from 'h3-js';
const colours = [[221,214,232],[199,175,221],[176,132,198],[151,89,166],[119,53,122],[80,28,74]];
window.measure = async (cells) => {
  const k = Math.ceil(Math.sqrt(cells / 3));
  const data = gridDisk(latLngToCell(31.3, 120.66, 10), k).slice(0, cells);
  let turn = 0;
  const layer = () => new H3HexagonLayer({ id: 'h3', data, getHexagon: (d) => d, extruded: false, stroked: false,
    highPrecision: false, getFillColor: (d, { index }) => colours[(index + turn) % 6], updateTriggers: { getFillColor: turn } });
  const deck = new Deck({ parent: document.getElementById('map'), initialViewState: { longitude: 120.66, latitude: 31.3, zoom: 9.5 }, layers: [layer()] });
  await new Promise((done) => setTimeout(done, 20000));
  const times = [];
  for (turn = 1; turn <= 5; turn++) {
    const before = performance.now();
    deck.setProps({ layers: [layer()] });
    deck.redraw('bench');
    times.push(performance.now() - before);
    await new Promise((done) => setTimeout(done, 500));
  }
  return times;
};`,
  );
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: {
      preserveSymlinks: true,
      alias: [{ find: /^(@deck\.gl\/[a-z-]+|h3-js)$/, replacement: join(geoLayers, 'node_modules', '$1') }],
    },
    build: { outDir: join(folder, 'h3-dist'), emptyOutDir: true, chunkSizeWarningLimit: 9000 },
  });
  const { server, url } = await serveHarness(join(folder, 'h3-dist'), () => folder);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(url);
    const times = (await page.evaluate('window.measure(100000)')) as number[];
    await page.close();
    const recolourMs = spread(times);
    return { recolourMs, ratio: Number((recolourMs.median / oursMs).toFixed(1)) };
  } finally {
    server.close();
  }
}
