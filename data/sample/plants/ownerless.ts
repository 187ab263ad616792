import { BOUNCE_SHARE, OWNERLESS, OWNERLESS_SHARE } from '../feeds/bounce.ts';
import type { PlantKind } from './plant.ts';

/** Classes of problems that no office owns: their orders are sent back (退单) and sent on (重派) far more often than others. */
export const ownerless: PlantKind = {
  kind: 'ownerless-class',
  plan: () =>
    OWNERLESS.map((category, n) => ({
      kind: 'ownerless-class',
      id: `ownerless-class-${n + 1}`,
      truth: { source: 'hotline', category, bounceShare: OWNERLESS_SHARE, elsewhere: BOUNCE_SHARE },
    })),
};
