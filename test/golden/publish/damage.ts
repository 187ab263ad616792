import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FileEntry, Manifest } from '../../../core/contract/manifest.ts';
import { publishedManifest } from '../../../pipelines/publish/snapshot-folder.ts';
import { verifySnapshot } from '../../../pipelines/verify.ts';
import { startServer } from '../../../server/start-server.ts';
import { openSnapshot } from '../../../web/src/snapshot/load.ts';
import { generator } from './kill.ts';
import { makeVictim } from './victim.ts';

const WAYS = ['bit flip', 'truncation', 'zeroed block', 'swapped file', 'empty file'] as const;
const VARIANTS = { br: 'br', gz: 'gzip' } as const;

export interface DamageCounts {
  readonly originals: number;
  readonly variants: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/**
 * R4: at least `wanted` damaged originals over every artifact, in five ways, and two damaged variants every second round. `verify`
 * names each damaged original, the server answers 500 and the browser's loader refuses; a damaged variant is named by `verify` unless it
 * unpacks to the very same bytes, and is never sent.
 */
export async function damageChecks(wanted: number, seed: number): Promise<DamageCounts> {
  const victim = makeVictim();
  const logged: string[] = [];
  const random = generator(seed);
  const ran = await victim.run();
  if (ran.code === 0) throw new Error('a run without input must fail');
  victim.use('a');
  expect((await victim.run()).code).toBe(0);
  const { out } = victim;
  const server = await startServer({ webRoot: out, snapshotRoot: out, port: 0, log: (line) => logged.push(line) });
  try {
    const { files } = publishedManifest(out) as Manifest;
    const whole = new Map(files.map((entry) => [entry.path, readFileSync(join(out, entry.file))]));
    const byKind: Record<string, number> = {};
    let [originals, variants] = [0, 0];
    for (let round = 0; originals < wanted; round++) {
      const damaged = files.map((entry, i) => {
        const way = WAYS[(round + i) % WAYS.length] as (typeof WAYS)[number];
        const other = whole.get(
          (files[(i + 1 + (round % (files.length - 1))) % files.length] as FileEntry).path,
        ) as Buffer;
        return { entry, way, bytes: damage(whole.get(entry.path) as Buffer, way, other, random) };
      });
      for (const { entry, bytes } of damaged) writeFileSync(join(out, entry.file), bytes);
      const { problems } = await verifySnapshot(out);
      for (const { entry, way } of damaged) {
        const label = `${entry.path}: ${way}, round ${round}`;
        expect(
          problems.some((problem) => problem.startsWith(`${entry.path} (`)),
          `verify misses ${label}`,
        ).toBe(true);
        const answer = await fetch(`${server.url}/snapshot/${entry.file}`, {
          headers: { 'Accept-Encoding': 'identity' },
        });
        expect(
          [answer.status, ((await answer.json()) as { reason: string }).reason],
          `the server sends ${label}`,
        ).toEqual([500, 'damaged-file']);
        await expect(loaded(out, entry.path), `the browser takes ${label}`).rejects.toMatchObject({
          problem: { file: entry.path, kind: expect.stringMatching(/^(size|hash)$/) },
        });
        byKind[`${entry.kind}, ${way}`] = (byKind[`${entry.kind}, ${way}`] ?? 0) + 1; // a count starts at nothing
        originals++;
      }
      for (const { entry } of damaged) writeFileSync(join(out, entry.file), whole.get(entry.path) as Buffer);
      // Each is a verification of its own; every second round is enough.
      if (round % 2 === 0)
        variants += await variantChecks(
          out,
          files[(round / 2) % files.length] as FileEntry,
          round / 2,
          server.url,
          random,
        );
    }
    expect((await verifySnapshot(out)).problems).toEqual([]);
    expect(logged.length).toBeGreaterThanOrEqual(originals);
    return { originals, variants, byKind };
  } finally {
    await server.close();
    victim.remove();
  }
}

async function variantChecks(
  out: string,
  entry: FileEntry,
  round: number,
  url: string,
  random: () => number,
): Promise<number> {
  const way = WAYS[round % WAYS.length] as (typeof WAYS)[number];
  let count = 0;
  for (const [suffix, accept] of Object.entries(VARIANTS)) {
    const path = join(out, `${entry.file}.${suffix}`);
    const before = readFileSync(path);
    writeFileSync(path, damage(before, way, readFileSync(join(out, entry.file)), random));
    const { problems } = await verifySnapshot(out);
    const answer = await fetch(`${url}/snapshot/${entry.file}`, { headers: { 'Accept-Encoding': accept } });
    const label = `${entry.path}.${suffix}: ${way}, round ${round}`;
    expect(answer.status, label).toBe(200);
    const sent = answer.headers.get('content-encoding');
    expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(join(out, entry.file))), label).toBe(true);
    const named = problems.some((problem) => problem.startsWith(`${entry.path}.${suffix} (`));
    // A bit of a gzip header that says when and on what system it was made changes nothing that is unpacked.
    expect(named, `${label}: verify says ${named}, the server sent ${sent}`).toBe(sent !== accept);
    writeFileSync(path, before);
    count++;
  }
  return count;
}

function damage(bytes: Buffer, way: (typeof WAYS)[number], other: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * bytes.length);
  const copy = Buffer.from(bytes);
  switch (way) {
    case 'bit flip':
      copy[at]! ^= 1 << Math.floor(random() * 8);
      return copy;
    case 'truncation':
      return copy.subarray(0, at);
    case 'zeroed block': {
      // A block that is zero already would be no damage.
      const start = copy.findIndex((byte, i) => i >= at && byte !== 0);
      const from = start < 0 ? copy.findIndex((byte) => byte !== 0) : start;
      return copy.fill(0, from, Math.min(copy.length, from + 64));
    }
    case 'swapped file':
      return Buffer.from(other.equals(bytes) ? `${other}x` : other);
    case 'empty file':
      return Buffer.alloc(0);
    default:
      return way satisfies never;
  }
}

/** The browser's loader over the files as they lie there, as if no server had looked. */
async function loaded(out: string, path: string): Promise<Uint8Array> {
  const source = await openSnapshot(
    async (url) => new Response(readFileSync(join(out, url.replace('/snapshot/', '')))),
  );
  if (!source.ok) throw new Error(source.problem.detail);
  return source.value.bytes(path);
}
