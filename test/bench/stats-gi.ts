import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridDisk, latLngToCell } from 'h3-js';
import { giBinFdr } from '../../core/stats/benjamini-hochberg.ts';
import { EMERGING_DEFAULTS, emergingHotSpots } from '../../core/stats/emerging.ts';
import { giStar, giStarCube } from '../../core/stats/getis-ord.ts';
import { diskNeighbours, type NeighbourLists } from '../../core/stats/neighbours.ts';
import { Random } from '../../core/stats/random.ts';

const CELLS = 100_000;
const WEEKS = 156;
/** localG needs seconds for a map of 100 000 cells: R gets fewer weeks, figures are per cell and week. */
const WEEKS_IN_R = 4;

export interface GiBench {
  readonly cells: number;
  readonly weeks: number;
  readonly neighboursSeconds: number;
  /** Least of three runs, one core. */
  readonly giStarSeconds: number;
  readonly giStarOnceMs: number;
  readonly giBinFdrSeconds: number;
  readonly emerging: { readonly cells: number; readonly weeks: number; readonly seconds: number };
  /** null when Rscript or spdep is not there: `why` says which. */
  readonly spdep:
    | {
        readonly seconds: number;
        readonly weeks: number;
        readonly version: string;
        readonly ratioPerCellWeek: number;
        readonly largestDifference: number;
      }
    | { readonly seconds: null; readonly why: string };
}

const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};
const least = (times: number, run: () => void): number =>
  Math.min(...Array.from({ length: times }, () => seconds(run)));

/** A filled disk of `n` resolution-9 cells around a city centre. */
function area(n: number): string[] {
  let k = 1;
  while (1 + 3 * k * (k + 1) < n) k++;
  return gridDisk(latLngToCell(31.3, 120.6, 9), k).slice(0, n);
}

function counts(n: number): Float64Array {
  const random = new Random(156);
  return Float64Array.from({ length: n }, () => random.poisson(0.8));
}

function againstSpdep(
  cube: Float64Array,
  lists: NeighbourLists,
  ours: { readonly z: Float64Array; readonly secondsPerCellWeek: number },
): GiBench['spdep'] {
  const probe = spawnSync('Rscript', ['-e', 'cat(as.character(packageVersion("spdep")))'], { encoding: 'utf8' });
  if (probe.error) return { seconds: null, why: 'Rscript is not installed' };
  if (probe.status !== 0) return { seconds: null, why: 'R has no package spdep' };
  const folder = mkdtempSync(join(tmpdir(), 'hexsight-bench-'));
  try {
    const used = WEEKS_IN_R * CELLS;
    writeFileSync(join(folder, 'x.bin'), new Uint8Array(cube.buffer, 0, used * 8));
    writeFileSync(join(folder, 'offsets.bin'), new Uint8Array(Int32Array.from(lists.offsets).buffer));
    writeFileSync(join(folder, 'neighbours.bin'), new Uint8Array(lists.neighbours.slice().buffer));
    const script = `
suppressMessages(library(spdep)); setwd("${folder}")
o <- readBin("offsets.bin", "integer", ${CELLS + 1}); k <- readBin("neighbours.bin", "integer", o[length(o)])
x <- matrix(readBin("x.bin", "double", ${used}), nrow = ${CELLS})
nb <- lapply(seq_len(${CELLS}), function(i) if (o[i + 1] > o[i]) k[(o[i] + 1):o[i + 1]] + 1L else 0L)
class(nb) <- "nb"; attr(nb, "region.id") <- as.character(seq_len(${CELLS}))
w <- nb2listw(include.self(nb), style = "B", zero.policy = TRUE)
t <- system.time(z <- lapply(seq_len(${WEEKS_IN_R}), function(i) as.numeric(localG(x[, i], w, zero.policy = TRUE))))
writeBin(unlist(z), "z.bin"); cat(t[["elapsed"]])`;
    writeFileSync(join(folder, 'run.R'), script);
    const run = spawnSync('Rscript', [join(folder, 'run.R')], { encoding: 'utf8', timeout: 900_000 });
    if (run.status !== 0) return { seconds: null, why: `R failed: ${run.stderr.slice(-300)}` };
    const spent = Number(run.stdout.trim());
    const bytes = readFileSync(join(folder, 'z.bin'));
    const z = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + used * 8));
    let largestDifference = 0;
    for (let b = 0; b < used; b++) largestDifference = Math.max(largestDifference, Math.abs(z[b]! - ours.z[b]!));
    const ratioPerCellWeek = spent / used / ours.secondsPerCellWeek;
    return { seconds: spent, weeks: WEEKS_IN_R, version: probe.stdout, ratioPerCellWeek, largestDifference };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gi* of a cube and of one map, FDR of the cube, emerging hot spots; spdep::localG beside it where R is present. */
export function benchGi(): GiBench {
  const cells = area(CELLS);
  let lists = diskNeighbours(cells.slice(0, 2000), { k: 1 });
  const neighboursSeconds = seconds(() => {
    lists = diskNeighbours(cells, { k: 1 });
  });
  const cube = counts(CELLS * WEEKS);
  const z = new Float64Array(cube.length);
  const giStarSeconds = least(3, () => giStarCube({ values: cube, cells: CELLS, neighbours: lists }, z));
  const one = cube.subarray(0, CELLS);
  const zOne = new Float64Array(CELLS);
  const giStarOnceMs = 1000 * least(5, () => giStar({ values: one, neighbours: lists }, zOne));
  const bins = new Int8Array(z.length);
  const giBinFdrSeconds = seconds(() => giBinFdr(z, bins));
  const emergingCells = 25_000;
  const emergingLists = diskNeighbours(cells.slice(0, emergingCells), { k: 1 });
  const given = { values: cube.subarray(0, emergingCells * 52), cells: emergingCells, neighbours: emergingLists };
  const emergingSeconds = least(2, () => emergingHotSpots(given, EMERGING_DEFAULTS));
  const spdep = againstSpdep(cube, lists, { z, secondsPerCellWeek: giStarSeconds / cube.length });
  const emerging = { cells: emergingCells, weeks: 52, seconds: emergingSeconds };
  return {
    cells: CELLS,
    weeks: WEEKS,
    neighboursSeconds,
    giStarSeconds,
    giStarOnceMs,
    giBinFdrSeconds,
    emerging,
    spdep,
  };
}
