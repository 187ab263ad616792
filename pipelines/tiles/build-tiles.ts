import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Label } from '../../core/contract/manifest.ts';
import { BASEMAP_LAYERS, CLASSES, MAX_ZOOM } from '../../tiles/schema.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import { InputError } from '../errors.ts';
import { fileFailure } from '../io/file-failure.ts';
import type { Progress } from '../progress.ts';
import { BlockStore } from './block-store.ts';
import { cutTiles } from './cut-tiles.ts';
import type { LayerOption } from './layer-option.ts';
import { type Archive, PmtilesFile } from './pmtiles-file.ts';
import { divisionsOf, emitDivisions, emitWater } from './profile-features.ts';
import { type LayerCounts, readLayer } from './read-layer.ts';
import { type OsmCounts, readOsmFeatures } from './read-osm.ts';
import type { Box } from './tile-feature.ts';
import { lowestZoom } from './tile-grid.ts';

export interface TilesInput {
  readonly loaded: LoadedProfile;
  /** Where files of the profile lie that are not in its own folder. */
  readonly input: string | null;
  readonly osm: readonly string[];
  readonly layers: readonly LayerOption[];
  /** What the user says about the origin of the files. */
  readonly attribution: readonly string[];
  /** Kilometres around the study area that are on the map too. */
  readonly marginKm: number;
  readonly out: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

export interface TilesResult extends Archive {
  readonly out: string;
  readonly attribution: Label;
  readonly features: number;
  readonly box: Box;
  readonly minZoom: number;
  readonly osm: readonly OsmCounts[];
  readonly layers: readonly LayerCounts[];
}

const OSM_CREDIT: Label = { zh: '© OpenStreetMap 贡献者（ODbL）', en: '© OpenStreetMap contributors (ODbL)' };

/** Beyond the margin, so that an area that begins in it can close. Degrees. */
const OSM_SLACK_DEG = 0.25;

/**
 * One PMTiles base map of a profile from its divisions and water, and what else is given. The same inputs make the same bytes. In
 * memory: 16 bytes for each OSM node near the city, what is drawn before zoom 12, and one block of about 10 km at a time.
 *
 * @throws InputError, ConfigError, HexsightError (disk); the reason of the signal when it aborts. Nothing half-made stays.
 */
export async function buildTiles(options: TilesInput): Promise<TilesResult> {
  const { loaded, osm, layers, out, progress, signal } = options;
  const folders = options.input === null ? [] : [options.input];
  const set = divisionsOf(loaded, folders);
  const box = widened(set.bounds, options.marginKm);
  const counts: { osm: OsmCounts[]; layers: LayerCounts[] } = { osm: [], layers: [] };
  checkTarget(out);
  const store = new BlockStore(box, `${out}.features.tmp-${process.pid}`);
  let file: PmtilesFile | null = null;
  try {
    const sink = store.add.bind(store);
    emitWater(loaded, folders, sink);
    emitDivisions(set, sink);
    const near: Box = [box[0] - OSM_SLACK_DEG, box[1] - OSM_SLACK_DEG, box[2] + OSM_SLACK_DEG, box[3] + OSM_SLACK_DEG];
    for (const path of osm) {
      const before = store.count;
      counts.osm.push(await readOsmFeatures({ path, box: near, signal }, sink, progress));
      if (store.count === before)
        throw new InputError(path, [
          `nothing in it lies in the study area ${boxText(box)} 与本市范围没有交集，请核对区域`,
        ]);
    }
    for (const layer of layers) {
      const before = store.count;
      counts.layers.push(await readLayer(layer, sink, { progress, signal }));
      if (store.count === before)
        throw new InputError(layer.path, [
          `nothing in it lies in the study area ${boxText(box)}: is the datum right? 与本市范围没有交集，请核对坐标系`,
        ]);
    }
    file = new PmtilesFile(out);
    const lowest = lowestZoom(set.bounds);
    const total = store.blocks.length + 1;
    let done = 0;
    for (const tile of cutTiles(store, { box, lowest })) {
      if (tile !== 'block') {
        file.add(tile);
        continue;
      }
      progress({ stage: 'tiles', done: ++done, total, unit: 'blocks' });
      // Cutting is one long computation: without a breath the signal would not be seen.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    const attribution = creditOf(options);
    const archive = file.finish({
      box,
      minZoom: lowest,
      maxZoom: MAX_ZOOM,
      centreZoom: lowest + 3,
      metadata: metadataOf(loaded, attribution, lowest),
    });
    return { ...archive, out, attribution, features: store.count, box, minZoom: lowest, ...counts };
  } finally {
    store.close();
    file?.close();
  }
}

function checkTarget(out: string): void {
  try {
    mkdirSync(dirname(out), { recursive: true });
    if (existsSync(out) && statSync(out).isDirectory()) throw new Error('this is a folder; give the name of a file');
  } catch (cause) {
    throw fileFailure(out, cause);
  }
}

const KM_PER_DEGREE = 111.195;

function widened([west, south, east, north]: Box, km: number): Box {
  const lat = km / KM_PER_DEGREE;
  const lng = lat / Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180);
  return [west - lng, south - lat, east + lng, north + lat];
}

const boxText = (box: Box): string => `(${box.map((value) => value.toFixed(3)).join(', ')})`;

/** Who made what is drawn; without files of the user, the profile's own. */
function creditOf({ loaded, osm, attribution }: TilesInput): Label {
  const own = attribution.map((text) => text.trim()).filter((text) => text !== '');
  const parts = [...(osm.length > 0 ? [OSM_CREDIT] : []), ...own.map((text) => ({ zh: text, en: text }))];
  if (parts.length === 0) return loaded.profile.attribution;
  return { zh: parts.map(({ zh }) => zh).join('；'), en: parts.map(({ en }) => en).join('; ') };
}

function metadataOf({ profile }: LoadedProfile, attribution: Label, lowest: number): object {
  const fields = { class: 'String', name: 'String', en: 'String' };
  const more: Readonly<Record<string, object>> = {
    buildings: { height: 'Number' },
    roads: { tunnel: 'Boolean' },
    divisions: { level: 'Number', code: 'String', made: 'Boolean' },
    names: { level: 'Number', code: 'String' },
    water: { made: 'Boolean' },
  };
  return {
    name: `${profile.name.zh} ${profile.name.en}`,
    attribution: `${attribution.zh} ${attribution.en}`,
    type: 'baselayer',
    vector_layers: BASEMAP_LAYERS.map((id) => ({
      id,
      description: CLASSES[id].join(', '),
      minzoom: lowest,
      maxzoom: MAX_ZOOM,
      fields: { ...fields, ...more[id] },
    })),
  };
}
