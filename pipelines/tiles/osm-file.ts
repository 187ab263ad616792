import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OSMTransform } from 'osm-pbf-parser-node';
import { HexsightError, InputError } from '../errors.ts';

type Tags = Readonly<Record<string, string>> | undefined;
export interface OsmNode {
  readonly type: 'node';
  readonly id: number;
  readonly lng: number;
  readonly lat: number;
  readonly tags: Tags;
}
export interface OsmWay {
  readonly type: 'way';
  readonly id: number;
  readonly refs: readonly number[];
  readonly tags: Tags;
}
export interface OsmRelation {
  readonly type: 'relation';
  readonly id: number;
  readonly tags: Tags;
  readonly members: readonly {
    readonly type: 'node' | 'way' | 'relation';
    readonly ref: number;
    readonly role: string;
  }[];
}
export type OsmElement = OsmNode | OsmWay | OsmRelation;

/** Elements as the parser library makes them; it checked their shape while decoding. */
type Raw = (Omit<OsmNode, 'lng'> & { lon: number }) | OsmWay | OsmRelation | { readonly type?: undefined };

/** The library throws out of its stream when a block is damaged, which would end the process instead of the pipeline. */
class SafeOsmTransform extends OSMTransform {
  override _transform(chunk: Buffer, encoding: BufferEncoding, next: TransformCallback): void {
    try {
      super._transform(chunk, encoding, next);
    } catch (cause) {
      next(cause as Error);
    }
  }

  override _flush(next: TransformCallback): void {
    try {
      super._flush(next);
    } catch (cause) {
      next(cause as Error);
    }
  }
}

const HOW_TO =
  'check it with `osmium fileinfo`, and download or cut it again; what is read is the .osm.pbf of OpenStreetMap 请重新下载或裁剪，格式须为 .osm.pbf';

export interface OsmReading {
  readonly path: string;
  /** Keys of tags that are decoded, or none of that kind's. */
  readonly tags: {
    readonly node: boolean | string[];
    readonly way: boolean | string[];
    readonly relation: boolean | string[];
  };
  readonly onElement: (element: OsmElement) => void;
  readonly onBytes: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Reads an extract once, element by element; one block of it is in memory at a time. @throws InputError for a file that is none */
export async function readOsm({ path, tags, onElement, onBytes, signal }: OsmReading): Promise<void> {
  const total = await checkBegin(path);
  let done = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _, next) {
      done += chunk.length;
      onBytes(done, total);
      next(null, chunk);
    },
  });
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 18 }),
      counter,
      new SafeOsmTransform({ withTags: tags }),
      async (batches: AsyncIterable<Raw[]>) => {
        for await (const batch of batches) {
          signal?.throwIfAborted();
          for (const raw of batch) {
            if (raw.type === 'node')
              onElement({ type: 'node', id: raw.id, lng: raw.lon, lat: raw.lat, tags: raw.tags });
            else if (raw.type !== undefined) onElement(raw);
          }
        }
      },
    );
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (cause instanceof HexsightError) throw cause;
    throw new InputError(
      path,
      [`damaged near byte ${done} of ${total} 文件已损坏 (${(cause as Error).message}); ${HOW_TO}`],
      {
        cause,
      },
    );
  }
}

const HEADER_NAME = 'OSMHeader';

/** The first bytes say what a file is: without them a wrong one would be read whole before anybody notices. @returns its size */
async function checkBegin(path: string): Promise<number> {
  const size = await stat(path).then(
    ({ size: bytes }) => bytes,
    (cause: Error) => {
      throw new InputError(path, ['there is no such file 文件不存在'], { cause });
    },
  );
  if (size === 0) throw new InputError(path, [`is empty 文件为空; ${HOW_TO}`]);
  const file = await open(path, 'r');
  try {
    const begin = Buffer.alloc(64);
    await file.read(begin, 0, begin.length, 0);
    const length = begin.readUInt32BE(0);
    if (length > 64 * 1024 || !begin.toString('latin1').includes(HEADER_NAME)) {
      const xml = begin.toString('latin1').trimStart().startsWith('<');
      const convert = `this is OSM XML: convert it, osmium cat ${basename(path)} -o city.osm.pbf 这是 XML，请先转换`;
      throw new InputError(path, [xml ? convert : `is no OSM extract 不是 OSM 数据文件; ${HOW_TO}`]);
    }
  } finally {
    await file.close();
  }
  return size;
}
