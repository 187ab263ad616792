import type { OracleMethod } from '../oracle-case.ts';
import { ABERRATION_METHODS } from './aberration.ts';
import { POINT_METHODS } from './points.ts';
import { SPATIAL_METHODS } from './spatial.ts';
import { TREND_METHODS } from './trend.ts';

/** Every method there is; the first that takes a case runs it. */
export const ORACLE_METHODS: readonly OracleMethod[] = [
  ...ABERRATION_METHODS,
  ...POINT_METHODS,
  ...SPATIAL_METHODS,
  ...TREND_METHODS,
];
