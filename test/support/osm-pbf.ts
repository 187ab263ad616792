import { deflateSync } from 'node:zlib';
import Pbf from 'pbf';

export interface MadeOsm {
  readonly nodes: readonly { readonly id: number; readonly lng: number; readonly lat: number; readonly tags?: Tags }[];
  readonly ways?: readonly { readonly id: number; readonly refs: readonly number[]; readonly tags: Tags }[];
  readonly relations?: readonly {
    readonly id: number;
    readonly members: readonly { readonly ref: number; readonly role: string }[];
    readonly tags: Tags;
  }[];
}
type Tags = Readonly<Record<string, string | undefined>>;

/** A small .osm.pbf: one header block and one block each of plain nodes, ways and relations of ways. */
export function osmPbf({ nodes, ways = [], relations = [] }: MadeOsm): Buffer {
  const strings = [''];
  const text = (value: string): number => {
    const known = strings.indexOf(value);
    return known >= 0 ? known : strings.push(value) - 1;
  };
  const tagged = (tags: Tags = {}) => ({
    keys: Object.keys(tags).map(text),
    vals: Object.values(tags).map((value) => text(value ?? '')),
  }); // a key without a value: empty
  const group = (write: (pbf: Pbf) => void) => (pbf: Pbf) => pbf.writeMessage(2, (_, inner) => write(inner), null);
  const groups = [
    group((pbf) => {
      for (const { id, lng, lat, tags } of nodes)
        pbf.writeMessage(
          1,
          (_, node) => {
            const { keys, vals } = tagged(tags);
            node.writeSVarintField(1, id);
            node.writePackedVarint(2, keys);
            node.writePackedVarint(3, vals);
            node.writeSVarintField(8, Math.round(lat * 1e7));
            node.writeSVarintField(9, Math.round(lng * 1e7));
          },
          null,
        );
    }),
    group((pbf) => {
      for (const { id, refs, tags } of ways)
        pbf.writeMessage(
          3,
          (_, way) => {
            const { keys, vals } = tagged(tags);
            way.writeVarintField(1, id);
            way.writePackedVarint(2, keys);
            way.writePackedVarint(3, vals);
            way.writePackedSVarint(8, differences(refs));
          },
          null,
        );
    }),
    group((pbf) => {
      for (const { id, members, tags } of relations)
        pbf.writeMessage(
          4,
          (_, relation) => {
            const { keys, vals } = tagged(tags);
            relation.writeVarintField(1, id);
            relation.writePackedVarint(2, keys);
            relation.writePackedVarint(3, vals);
            relation.writePackedVarint(
              8,
              members.map(({ role }) => text(role)),
            );
            relation.writePackedSVarint(9, differences(members.map(({ ref }) => ref)));
            relation.writePackedVarint(
              10,
              members.map(() => 1),
            );
          },
          null,
        );
    }),
  ];
  const blocks = groups.map((write) => {
    const body = new Pbf();
    write(body);
    return Buffer.from(body.finish());
  });
  const table = new Pbf();
  const writeStrings = (_: null, inner: Pbf): void => {
    for (const value of strings) inner.writeBytesField(1, Buffer.from(value));
  };
  table.writeMessage(1, writeStrings, null);
  const texts = Buffer.from(table.finish());
  const header = new Pbf();
  header.writeStringField(4, 'OsmSchema-V0.6');
  const data = blocks.map((block) => blob('OSMData', Buffer.concat([texts, block])));
  return Buffer.concat([blob('OSMHeader', Buffer.from(header.finish())), ...data]);
}

const differences = (values: readonly number[]): number[] => values.map((value, i) => value - (values[i - 1] ?? 0)); // the first stands as it is

function blob(type: string, content: Buffer): Buffer {
  const body = new Pbf();
  body.writeVarintField(2, content.length);
  body.writeBytesField(3, deflateSync(content));
  const bytes = body.finish();
  const header = new Pbf();
  header.writeStringField(1, type);
  header.writeVarintField(3, bytes.length);
  const head = header.finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, bytes]);
}
