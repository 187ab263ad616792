import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { generateBenchmark } from '../../data/benchmark/generate.ts';
import { type Conditions, REGIMES, type Regime } from '../../data/benchmark/options.ts';
import { type PlantedCase, plantedCase } from '../../data/benchmark/planted-case.ts';
import { EXIT, HexsightError } from '../errors.ts';

export interface CaseLoader {
  readonly name: string;
  readonly load: () => PlantedCase;
}

export interface BenchmarkRequest {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly regimes: readonly Regime[];
  readonly conditions: Conditions;
}

/** `benchmark`: made cases, one at a time; anything else: a `*_truth.json` file, or a folder with such files. */
export function caseLoaders(what: string, request: BenchmarkRequest): CaseLoader[] {
  if (what === 'benchmark')
    return request.regimes.flatMap((regime) =>
      seedsOf(request).map((seed) => benchmarkLoader({ regime, seed, conditions: request.conditions })),
    );
  if (!existsSync(what)) throw new HexsightError(EXIT.input, what, ['no such file or folder']);
  const files = statSync(what).isDirectory()
    ? readdirSync(what)
        .filter((name) => name.endsWith('_truth.json'))
        .sort()
        .map((name) => join(what, name))
    : [what];
  if (files.length === 0) throw new HexsightError(EXIT.input, what, ['no *_truth.json in this folder']);
  return files.map((file) => ({ name: basename(file), load: () => readCase(file) }));
}

export const seedsOf = ({ seeds, firstSeed }: BenchmarkRequest): number[] =>
  Array.from({ length: seeds }, (_, i) => firstSeed + i);

const benchmarkLoader = (given: {
  readonly regime: Regime;
  readonly seed: number;
  readonly conditions: Conditions;
}): CaseLoader => ({
  name: `benchmark (${given.conditions}) ${given.regime}: ${REGIMES[given.regime]} events per cell and day, seed ${given.seed}`,
  load: () => plantedCase(generateBenchmark({ ...given, test: 'planted' })),
});

const Named = z.looseObject({ inputFile: z.string() });

function readCase(file: string): PlantedCase {
  const truth = json(file);
  const named = Named.safeParse(truth);
  if (!named.success) throw new HexsightError(EXIT.input, file, ['no "inputFile": not a planted case']);
  try {
    return plantedCase({ truth, events: json(join(dirname(file), named.data.inputFile)) });
  } catch (cause) {
    if (cause instanceof HexsightError) throw cause;
    throw new HexsightError(EXIT.input, file, [cause instanceof Error ? cause.message : String(cause)]);
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new HexsightError(EXIT.input, file, [cause instanceof Error ? cause.message : String(cause)]);
  }
}
