import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { csv, smallCity } from '../golden/bad-input/small-city.ts';
import { addMadeSense } from './made-sense.ts';
import { runCity } from './three-feeds.ts';

/** A small city with two snapshots over the same ground in one folder; which of them is published is one rename. */
export interface WallCity {
  readonly out: string;
  readonly first: string;
  readonly second: string;
  /** Text of a manifest by its snapshot id. */
  readonly manifest: (snapshot: string) => string;
  readonly publish: (text: string) => void;
  readonly remove: () => void;
}

export async function wallCity(): Promise<WallCity> {
  const city = smallCity();
  const texts = new Map<string, string>();
  const path = join(city.out, 'manifest.json');
  const run = async (content: string): Promise<string> => {
    city.file('orders.csv', content);
    await runCity(city);
    addMadeSense(city.out);
    const text = readFileSync(path, 'utf8');
    const { snapshot } = JSON.parse(text) as { readonly snapshot: string };
    texts.set(snapshot, text);
    return snapshot;
  };
  const first = await run(csv());
  const more = Array.from(
    { length: 30 },
    (_, i) => `B${i},2024-03-${10 + (i % 8)} 09:00:00,120.0151,31.0102,noise,closed`,
  );
  const second = await run(csv(...more));
  const publish = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const manifest = (snapshot: string) => texts.get(snapshot)!;
  publish(manifest(first));
  return {
    out: city.out,
    first,
    second,
    manifest,
    publish,
    remove: () => rmSync(dirname(city.out), { recursive: true, force: true }),
  };
}

/** The last day of its data, in the morning after: everything is fresh. */
export const FRESH_CLOCK = '2024-03-29T08:00';
