import type { AreaOp } from '../../../../../core/geo/area/area.ts';

export const SIGNS: Readonly<Record<AreaOp, string>> = { union: '∪', intersection: '∩', difference: '−' };
