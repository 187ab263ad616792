import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { loadProfile } from '../config/load-profile.ts';
import { ConfigError, EXIT, HexsightError } from '../errors.ts';
import { fileFailure } from '../io/file-failure.ts';
import type { Progress } from '../progress.ts';
import { publishBasemap } from '../publish/basemap.ts';
import { buildTiles, type TilesResult } from '../tiles/build-tiles.ts';
import { type LayerOption, parseLayerOption } from '../tiles/layer-option.ts';
import { currentManifest } from '../verify.ts';

interface Shell {
  /** Adds what every command has: --json, --quiet, the example. */
  readonly common: (command: Command, example: string) => Command;
  readonly answer: (value: object, text: string) => void;
  readonly bar: (options: { readonly quiet?: boolean }) => { readonly report: Progress; readonly end: () => void };
  /** Epoch; and a clock that only goes forward. */
  readonly nowMs: () => number;
  readonly elapsedMs: () => number;
  readonly signal: AbortSignal;
}

interface Options {
  readonly quiet?: boolean;
  readonly profile: string;
  readonly input?: string;
  readonly osm: readonly string[];
  readonly layer: readonly LayerOption[];
  readonly attribution: readonly string[];
  readonly marginKm: number;
  readonly out?: string;
  readonly snapshot?: string;
}

const DEFAULT_MARGIN_KM = 5;

/** `hexsight tiles`: the base map of a profile as one PMTiles file, and into a snapshot. */
export function addTilesCommand(program: Command, shell: Shell): void {
  shell
    .common(
      program
        .command('tiles')
        .description('离线底图 · build the offline base map (PMTiles) of a profile; with --snapshot, publish it there'),
      'npx hexsight tiles --profile suzhou --osm city.osm.pbf --layer roads@gcj02=ring.geojson --snapshot ~/snapshot',
    )
    .requiredOption('--profile <name|folder>', 'profile: its divisions and water are on the map')
    .option('--input <folder>', 'folder of the raw files, where the profile says that its outlines lie there')
    .option('--osm <file>', 'OpenStreetMap extract (.osm.pbf); may be given several times', collect, [])
    .option(
      '--layer <layer=file>',
      'GeoJSON (.geojson, .geojsonl, .gz) or Shapefile: <layer>[.<class>][@<datum>]=<file>; layers roads, water, green, buildings, poi, names; datum wgs84 (default), gcj02, bd09, cgcs2000, web-mercator, "+proj=…"',
      layer,
      [],
    )
    .option('--attribution <text>', 'origin of the --layer files, shown on the map', collect, [])
    .option('--margin-km <km>', 'how far beyond the study area', kilometres, DEFAULT_MARGIN_KM)
    .option('--out <file>', 'the .pmtiles to write')
    .option('--snapshot <folder>', 'published snapshot that gets the base map; the next runs keep it')
    .action(async (options: Options) => {
      const startedMs = shell.elapsedMs();
      const { report, end } = shell.bar(options);
      try {
        const { result, published } = await runTiles(options, {
          progress: report,
          signal: shell.signal,
          nowMs: shell.nowMs,
        });
        end();
        if (options.layer.length > 0 && options.attribution.length === 0)
          process.stderr.write(
            '注意 warning: --layer 未注明来源，请用 --attribution 说明 no origin given for --layer files\n',
          );
        const seconds = Math.round(shell.elapsedMs() - startedMs) / 1000;
        const peakRssBytes = process.resourceUsage().maxRSS * 1024;
        shell.answer({ ...result, published, seconds, peakRssBytes }, textOf(result, published, seconds));
      } catch (error) {
        end();
        throw error;
      }
    });
}

interface Published {
  readonly snapshot: string;
  readonly changed: boolean;
}

async function runTiles(
  options: Options,
  { progress, signal, nowMs }: Pick<Shell, 'signal' | 'nowMs'> & { readonly progress: Progress },
): Promise<{ readonly result: TilesResult; readonly published: Published | null }> {
  const { snapshot, out } = options;
  if (out === undefined && snapshot === undefined)
    throw new HexsightError(EXIT.usage, 'tiles', ['give --out <file>, --snapshot <folder>, or both']);
  const loaded = loadProfile(options.profile);
  if (loaded.profile.basemap && snapshot !== undefined)
    throw new ConfigError('tiles', [
      `profile ${loaded.profile.id} names a base map of its own ($.basemap): remove it, or use --out alone`,
    ]);
  const folder = snapshot === undefined ? null : resolve(snapshot);
  if (folder !== null) currentManifest(folder); // the building takes minutes: say it first
  const scratch = out === undefined ? scratchFolder() : null;
  try {
    const result = await buildTiles({
      loaded,
      input: options.input === undefined ? null : resolve(options.input),
      osm: options.osm.map((path) => resolve(path)),
      layers: options.layer,
      attribution: options.attribution,
      marginKm: options.marginKm,
      out: out === undefined ? join(scratch!, 'basemap.pmtiles') : resolve(out),
      progress,
      signal,
    });
    if (folder === null) return { result, published: null };
    const built = { path: result.out, sha256: result.sha256, bytes: result.bytes, attribution: result.attribution };
    const published = await publishBasemap(folder, built, { profile: loaded.profile, nowMs: nowMs() });
    return { result, published };
  } finally {
    if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
  }
}

/** Not beside the snapshot: a run that begins meanwhile sweeps what is temporary there. TMPDIR says which disk. */
function scratchFolder(): string {
  const folder = join(tmpdir(), 'hexsight-basemap-');
  try {
    return mkdtempSync(folder);
  } catch (cause) {
    throw fileFailure(folder, cause);
  }
}

function textOf(result: TilesResult, published: Published | null, seconds: number): string {
  const { bytes, tiles, contents, features, minZoom } = result;
  const open = result.osm.reduce((sum, { openAreas }) => sum + openAreas, 0);
  const skipped = result.layers.reduce((sum, counts) => sum + counts.skipped, 0);
  return [
    `底图 base map: ${(bytes / 1e6).toFixed(1)} MB, ${tiles} tiles (${contents} different), zoom ${minZoom}–14, ${features} features, ${seconds} s`,
    ...(open > 0
      ? [`  ${open} 个面在数据范围内不闭合，未绘制 areas do not close inside the extract and are not drawn`]
      : []),
    ...(skipped > 0 ? [`  ${skipped} 条要素没有可用坐标 records without usable coordinates`] : []),
    `  来源 attribution: ${result.attribution.zh}`,
    published === null
      ? `  → ${result.out}`
      : `  → 快照 snapshot ${published.snapshot}${published.changed ? '' : '（未变 unchanged）'}`,
  ].join('\n');
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function layer(text: string, before: readonly LayerOption[]): readonly LayerOption[] {
  const option = parseLayerOption(text);
  if ('problem' in option) throw new InvalidArgumentError(option.problem);
  return [...before, { ...option, path: resolve(option.path) }];
}

function kilometres(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 200))
    throw new InvalidArgumentError('expected kilometres, 0 to 200');
  return value;
}
