import { z } from 'zod';
import type { Controls } from '../../core/evaluate/control-score.ts';
import type { EventStream } from '../../core/evaluate/event-stream.ts';
import { generateBenchmark } from './generate.ts';
import type { Conditions, Regime } from './options.ts';
import { plantedCase } from './planted-case.ts';

const WithControls = z.looseObject({
  controls: z.object({
    storms: z.array(z.object({ firstDay: z.number(), lastDay: z.number() })),
    shiftDay: z.number(),
    estateCell: z.number(),
    estateDay: z.number(),
  }),
});

/** A stream with the negative controls instead of planted clusters. */
export function controlCase(given: {
  readonly regime: Regime;
  readonly seed: number;
  readonly conditions: Conditions;
}): {
  readonly stream: EventStream;
  readonly controls: Controls;
} {
  const files = generateBenchmark({ ...given, test: 'controls' });
  return { stream: plantedCase(files).stream, controls: WithControls.parse(files.truth).controls };
}
