import { generateCity } from '../../data/sample/generate.ts';
import { DEFAULTS, type Progress } from '../../data/sample/options.ts';

export interface GenerateOptions {
  readonly out: string;
  readonly incidents: number;
  readonly weeks: number;
  readonly seed: number;
  /** Last day of the data, in it: `yyyy-MM-dd` in the city's zone; left out = that of `DEFAULTS`. */
  readonly lastDay?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Makes the sample city in `out`; the last day is given, never asked of a clock, so equal options give equal bytes on any day and machine. */
export async function runGenerate(
  options: GenerateOptions,
): Promise<{ files: number; rows: number; bytes: number; seconds: number }> {
  const { onProgress, signal, ...city } = options;
  const startMs = performance.now();
  const made = await generateCity({ lastDay: DEFAULTS.lastDay, ...city }, { onProgress, signal });
  return { ...made, seconds: (performance.now() - startMs) / 1000 };
}
