/** A page that stands for a month is watched: memory and frame time, and what is done about them step by step. */
export interface Sample {
  readonly atMs: number;
  /** Used heap in MB; null = this browser does not say. */
  readonly heapMb: number | null;
  /** From asking for a frame to having it, milliseconds. */
  readonly frameMs: number;
}

export interface Limits {
  readonly heapMb: number;
  /** A frame slower than this is slow. */
  readonly frameMs: number;
  /** So many samples in a row. */
  readonly inARow: number;
}

export const LIMITS: Limits = { heapMb: 1500, frameMs: 400, inARow: 6 };

/** 0 nothing; 1 drop caches; 2 build the layers anew; 3 reload at the next quiet minute, keeping the state. */
export type Stage = 0 | 1 | 2 | 3;

/** The next stage. It rises by one while the trouble lasts, a full row of samples after the last step, and falls to 0 when it is over. */
export function nextStage(
  samples: readonly Sample[],
  stage: Stage,
  steppedAtMs: number,
  limits: Limits = LIMITS,
): Stage {
  const last = samples.slice(-limits.inARow);
  if (last.length < limits.inARow) return stage;
  const bad = (sample: Sample) => (sample.heapMb ?? 0) > limits.heapMb || sample.frameMs > limits.frameMs;
  if (!last.some(bad)) return 0;
  if (!last.every(bad) || last[0]!.atMs < steppedAtMs) return stage;
  return Math.min(3, stage + 1) as Stage;
}

/** Heap growth in MB an hour by least squares; null = too few samples. */
export function heapSlope(samples: readonly Sample[]): number | null {
  const known = samples.flatMap(({ atMs, heapMb }) => (heapMb === null ? [] : [{ x: atMs / 3_600_000, y: heapMb }]));
  if (known.length < 3) return null;
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    known.reduce((sum, point) => sum + pick(point), 0) / known.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = known.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  return spread === 0 ? null : known.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / spread;
}
