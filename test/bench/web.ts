/**
 * `npm run bench -- web --incidents 5000000 --json`: the desk in headless Chromium over a generated city. What is compared is measured
 * in pairs, one after the other in the same run: our first map with a bare one, a filter change with one pass over typed arrays in
 * one thread. The last line is one JSON object with every figure.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { Manifest } from '../../core/contract/manifest.ts';
import { runGenerate } from '../../pipelines/commands/generate.ts';
import { decodeDivisions } from '../../web/src/snapshot/decode.ts';
import { launchBrowser } from '../e2e/support/browser.ts';
import { hexsight } from './hexsight.ts';
import { baselineColumns, filtersOf, measureBaseline, openBaseline, type Subtrees } from './web-baseline-page.ts';
import { type FilterChange, randomChanges } from './web-changes.ts';
import { differences } from './web-differences.ts';
import { changeFilters, heapBytes, rendererBytes } from './web-page.ts';
import { scanFigures } from './web-scan.ts';
import { buildPages, servePages } from './web-site.ts';
import { repeated } from './web-times.ts';

export interface WebBenchOptions {
  readonly snapshot: string;
  readonly changes: number;
  /** Changes after which every view is compared with a plain pass over the files. */
  readonly compared: number;
  readonly memoryChanges: number;
  readonly firstMaps: number;
  readonly viewport: { readonly width: number; readonly height: number };
}

export async function benchWeb(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      incidents: { type: 'string', default: '5000000' },
      /** A published snapshot to measure on instead of making one. */
      snapshot: { type: 'string' },
      /** Every incident so many times: see web-times.ts. */
      times: { type: 'string', default: '1' },
      changes: { type: 'string', default: '200' },
      compared: { type: 'string', default: '50' },
      memoryChanges: { type: 'string', default: '1000' },
      firstMaps: { type: 'string', default: '3' },
      json: { type: 'boolean' },
    },
  });
  const made = values.snapshot ?? (await madeSnapshot(Number(values.incidents)));
  const snapshot = repeated(made, Number(values.times));
  const figures = await webFigures({
    snapshot,
    changes: Number(values.changes),
    compared: Number(values.compared),
    memoryChanges: Number(values.memoryChanges),
    firstMaps: Number(values.firstMaps),
    viewport: { width: 1280, height: 800 },
  });
  process.stdout.write(`${JSON.stringify(figures, null, values.json ? 0 : 2)}\n`);
}

/** Made once and kept: a run of 5 M takes minutes. */
async function madeSnapshot(incidents: number): Promise<string> {
  const root = join(tmpdir(), `hexsight-bench-web-${incidents}`);
  const out = join(root, 'snapshot');
  if (existsSync(join(out, 'manifest.json'))) return out;
  mkdirSync(root, { recursive: true });
  await runGenerate({ out: join(root, 'raw'), incidents, weeks: 156, seed: 7 });
  hexsight(['run', '--profile', 'suzhou', '--input', join(root, 'raw'), '--out', out, '--quiet']);
  return out;
}

export async function webFigures(options: WebBenchOptions) {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(options.snapshot, 'manifest.json'), 'utf8')));
  const facts = manifest.files.filter(({ kind }) => kind === 'facts');
  const incidents = facts.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  const wireBytes = facts.reduce((sum, { encoded, bytes }) => sum + (encoded.br ?? encoded.gz ?? bytes), 0);
  const site = await buildPages();
  const server = await servePages(site, options.snapshot);
  const browser = await launchBrowser();
  try {
    const first = note(await firstMaps(browser, server, options));
    const desk = await openDesk(browser, `${server.app}/desk`, options);
    const ready = await desk.evaluate(
      () => performance.getEntriesByName('hexsight:filters-ready')[0]?.startTime ?? Number.NaN,
    );
    const start = await desk.evaluate(
      () => performance.getEntriesByName('hexsight:first-map')[0]?.startTime ?? Number.NaN,
    );
    const held = await desk.evaluate(() => window.__hexsight.scan?.bytesHeld ?? Number.NaN);
    note({ filtersReadyMs: ready, heldBytesPerIncident: held / incidents });
    // Let what follows the facts (scales, details at rest) pass.
    await desk.waitForTimeout(3000);
    const subtree = subtreesIn(options.snapshot, manifest);
    const columns = baselineColumns(options.snapshot, manifest);
    const changes = randomChanges(manifest, options.changes, 11);
    const scan = note(
      scanSummary(
        scanFigures(options.snapshot, manifest, { changes, brush: brushSteps(manifest), baseline: columns, subtree }),
      ),
    );
    const baseline = await openBaseline(browser, `${server.bare}/index.html`, columns);

    const filterMs: number[] = [];
    const baselineMs: number[] = [];
    for (const change of changes) {
      filterMs.push(await changeFilters(desk, change));
      baselineMs.push(await measureBaseline(baseline, columns, filtersOf(change, manifest, subtree)));
    }
    note({
      filter: [quantile(filterMs, 0.5), quantile(filterMs, 0.95)],
      baseline: [quantile(baselineMs, 0.5), quantile(baselineMs, 0.95)],
    });
    const brush = note(await brushFigures(desk, manifest));
    const same = note(
      await differences(desk, manifest, {
        changes: randomChanges(manifest, options.compared, 31),
        baseline: columns,
        subtree,
      }),
    );
    const memory = await memoryFigures(desk, manifest, options.memoryChanges);
    return {
      incidents,
      ...first,
      filtersReadyMs: round(ready),
      filtersReadyAfterFirstMapMs: round(ready - start),
      filterP50Ms: quantile(filterMs, 0.5),
      filterP95Ms: quantile(filterMs, 0.95),
      baselineP50Ms: quantile(baselineMs, 0.5),
      baselineP95Ms: quantile(baselineMs, 0.95),
      filterToBaseline: round(
        quantile(
          filterMs.map((ms, i) => ms / (baselineMs[i] as number)),
          0.5,
        ),
      ),
      filterToBaselineP95: round(quantile(filterMs, 0.95) / quantile(baselineMs, 0.95)),
      ...brush,
      ...scan,
      ...memory,
      ...same,
      heldBytesPerIncident: round(held / incidents),
      wireBytesPerIncident: round(wireBytes / incidents),
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Ours and the bare one in turn; cold caches, a context each. */
async function firstMaps(
  browser: Browser,
  server: { readonly app: string; readonly bare: string },
  { firstMaps: times, viewport }: WebBenchOptions,
) {
  const ours: number[] = [];
  const bare: number[] = [];
  const oursBytes: number[] = [];
  const bareBytes: number[] = [];
  let jsGzipBytes = 0;
  let bareJsGzipBytes = 0;
  for (let i = 0; i < times; i++) {
    const own = await firstMap(browser, `${server.app}/desk`, 'hexsight:first-map', viewport);
    const other = await firstMap(browser, `${server.bare}/index.html`, 'bare:first-map', viewport);
    ours.push(own.ms);
    bare.push(other.ms);
    oursBytes.push(own.bytes);
    bareBytes.push(other.bytes);
    jsGzipBytes = own.jsGzipBytes;
    bareJsGzipBytes = other.jsGzipBytes;
  }
  return {
    firstMapMs: quantile(ours, 0.5),
    bareMapMs: quantile(bare, 0.5),
    firstMapToBare: round(
      quantile(
        ours.map((ms, i) => ms / (bare[i] as number)),
        0.5,
      ),
    ),
    firstMapMegabytesBeyondBare: round((quantile(oursBytes, 0.5) - quantile(bareBytes, 0.5)) / 1e6),
    /** With the worker of MapLibre. */
    jsGzipKilobytesBeforeFirstMap: round(jsGzipBytes / 1024),
    bareJsGzipKilobytes: round(bareJsGzipBytes / 1024),
  };
}

async function firstMap(browser: Browser, url: string, mark: string, viewport: WebBenchOptions['viewport']) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const scripts: { readonly url: string; readonly gzip: Promise<number> }[] = [];
  page.on('response', (response) => {
    if (/\.js$/.test(new URL(response.url()).pathname))
      scripts.push({
        url: response.url(),
        gzip: response.body().then(
          (body) => gzipSync(body, { level: 9 }).length,
          () => 0,
        ),
      });
  });
  await page.goto(url);
  await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, mark, { timeout: 120_000 });
  const measured = await page.evaluate((name) => {
    const ms = performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const before = resources.filter((resource) => resource.responseEnd <= ms);
    return {
      ms,
      bytes: before.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      before: before.map((r) => r.name),
    };
  }, mark);
  const gzip = await Promise.all(
    scripts.map(async (script) => (measured.before.includes(script.url) ? await script.gzip : 0)),
  );
  await context.close();
  return { ms: measured.ms, bytes: measured.bytes, jsGzipBytes: gzip.reduce((sum, n) => sum + n, 0) };
}

async function openDesk(browser: Browser, url: string, { viewport }: WebBenchOptions): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.goto(url);
  await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, { timeout: 600_000 });
  return page;
}

/** A window of 13 weeks pushed a week at a time from one end to the other, with a category chosen. */
export function brushSteps({ weeks, dictionaries }: Manifest): readonly FilterChange[] {
  const group = dictionaries.categories.find(({ level }) => level === 1);
  return Array.from({ length: Math.max(2, weeks.length - 12) }, (_, first) => {
    const end = Math.min(weeks.length, first + 13);
    return {
      weeks: { first, end },
      sources: [],
      categories: group ? [group.code] : [],
      division: null,
      hours: null,
      names: { from: weeks[first]?.iso ?? '', to: weeks[end - 1]?.iso ?? '' },
    };
  });
}

async function brushFigures(desk: Page, manifest: Manifest) {
  const [first, ...others] = brushSteps(manifest);
  if (!first) throw new Error('the snapshot has no weeks');
  const firstMs = await changeFilters(desk, first);
  const ms: number[] = [];
  for (const step of others) ms.push(await changeFilters(desk, step));
  return { brushFirstMs: round(firstMs), brushP50Ms: quantile(ms, 0.5), brushP95Ms: quantile(ms, 0.95) };
}

/** What is held after a fifth of the changes against what is held after all of them. */
async function memoryFigures(desk: Page, manifest: Manifest, changes: number) {
  const all = randomChanges(manifest, changes, 23);
  const early = Math.floor(changes / 5);
  let before = { heap: 0, renderer: 0 };
  for (const [i, change] of all.entries()) {
    await changeFilters(desk, change);
    if (i === early) before = { heap: await heapBytes(desk), renderer: await rendererBytes(desk) };
  }
  const heap = await heapBytes(desk);
  const renderer = await rendererBytes(desk);
  return {
    memoryChanges: changes,
    heapGrowthPercent: round((100 * (heap - before.heap)) / before.heap),
    rendererGrowthPercent: round((100 * (renderer - before.renderer)) / before.renderer),
    rendererMegabytes: round(renderer / 1e6),
  };
}

/** Pre-order range of a division by its code. */
export function subtreesIn(snapshot: string, manifest: Manifest): Subtrees {
  const entry = manifest.files.find(({ path }) => path === 'divisions.arrow');
  if (!entry) throw new Error('the snapshot has no divisions');
  const { code, end } = decodeDivisions(readFileSync(join(snapshot, entry.file)), entry.path);
  return (wanted) => {
    const id = code.indexOf(wanted);
    return id < 0 ? null : { id, end: end[id] as number };
  };
}

function scanSummary({ scanCpu, baselineCpu, brushCpu, ...others }: ReturnType<typeof scanFigures>) {
  return {
    shares: others.shares,
    scanBuildCpuMs: round(others.scanBuildCpuMs),
    scanCpuP50Ms: quantile(scanCpu, 0.5),
    scanCpuP95Ms: quantile(scanCpu, 0.95),
    baselineCpuP50Ms: quantile(baselineCpu, 0.5),
    baselineCpuP95Ms: quantile(baselineCpu, 0.95),
    brushCpuP50Ms: quantile(brushCpu, 0.5),
    brushCpuP95Ms: quantile(brushCpu, 0.95),
  };
}

/** As it goes: a run is long, and what it has found so far is worth knowing when it is stopped. */
function note<T>(figures: T): T {
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  return figures;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
