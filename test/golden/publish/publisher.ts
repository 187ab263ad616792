import { publish } from '../../../pipelines/publish/publish-manifest.ts';
import { tinySnapshot } from '../../unit/publish/tiny-snapshot.ts';

/** `publisher <folder> <every, ms>`: publishes snapshot after snapshot until it is killed; keeps 2, with a grace time of half a minute. */
const [out, every] = process.argv.slice(2) as [string, string];
for (let number = 1; ; number++) {
  const manifest = tinySnapshot(out, number, { files: 8, shared: 3, bytes: 20_000 });
  await publish(out, manifest, { keep: { snapshots: 2, days: 30, graceMinutes: 0.5 }, nowMs: Date.now() });
  process.stdout.write(`${number}\n`);
  await new Promise((resolve) => setTimeout(resolve, Number(every)));
}
