import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** One project a folder; `scripts/test.mjs` runs them in this order. */
const PROJECTS = [
  { name: 'unit', folder: 'unit', testTimeout: 15_000 },
  { name: 'property', folder: 'property', testTimeout: 60_000 },
  // Small cities in many files: starting threads would cost more than the reading. Tests of threads and of kills set their own number.
  { name: 'golden', folder: 'golden', testTimeout: 120_000, hookTimeout: 60_000, env: { HEXSIGHT_THREADS: '0' } },
  { name: 'oracle', folder: 'oracles', testTimeout: 120_000 },
  // Hours: `npm run test:long`. Whole programs that are killed, starved and raced: one file at a time.
  { name: 'long', folder: 'long', testTimeout: 4 * 3_600_000, hookTimeout: 600_000, fileParallelism: false },
  // Each file drives a browser and a server: one at a time, or they starve each other on two cores.
  { name: 'e2e', folder: 'e2e', testTimeout: 180_000, hookTimeout: 600_000, fileParallelism: false },
];

/** What `npm run coverage` measures: readers, aggregation, manifest. Each must have 95 % of its branches taken. */
const MEASURED = [
  'pipelines/io/readers/**',
  'pipelines/io/{bytes,encoding,zstd-frames,xxh64}.ts',
  'pipelines/sql/**',
  'pipelines/steps/{aggregate,cell-ancestors,publish-periods,publish-wall,kept-wall,sum-by,units}.ts',
  'core/contract/manifest.ts',
  'pipelines/publish/{collect,history,publish-manifest,rollback,snapshot-folder,snapshots,verify-files}.ts',
];

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: MEASURED,
      reporter: ['text'],
      reportOnFailure: true,
      thresholds: { branches: 95 },
    },
    // A test's own default is one core less: on two cores that is one file at a time.
    maxWorkers: availableParallelism(),
    projects: PROJECTS.map(({ folder, ...options }) => ({
      test: { include: [`test/${folder}/**/*.test.{ts,tsx}`], environment: 'node', ...options },
    })),
  },
});
