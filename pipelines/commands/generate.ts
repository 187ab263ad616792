import { generateCity } from '../../data/sample/generate.ts';
import { DEFAULTS, type Progress } from '../../data/sample/options.ts';

export interface GenerateOptions {
  readonly out: string;
  readonly incidents: number;
  readonly weeks: number;
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Makes the sample city in `out`; the last day is fixed, so equal options give equal bytes on any day and machine. */
export async function runGenerate(
  options: GenerateOptions,
): Promise<{ files: number; rows: number; bytes: number; seconds: number }> {
  const { onProgress, signal, ...city } = options;
  const startMs = performance.now();
  const made = await generateCity({ ...city, lastDay: DEFAULTS.lastDay }, { onProgress, signal });
  return { ...made, seconds: (performance.now() - startMs) / 1000 };
}
