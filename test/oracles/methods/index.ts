import type { OracleMethod } from '../oracle-case.ts';
import { ABERRATION_METHODS } from './aberration.ts';
import { CALENDAR_METHODS } from './calendar.ts';
import { COMPOSITE_METHODS } from './composite.ts';
import { POINT_METHODS } from './points.ts';
import { PRIVACY_METHODS } from './privacy.ts';
import { SCAN_METHODS } from './scan.ts';
import { SKILL_METHODS } from './skill.ts';
import { SPATIAL_METHODS } from './spatial.ts';
import { TREND_METHODS } from './trend.ts';

/** Every method there is; the first that takes a case runs it. */
export const ORACLE_METHODS: readonly OracleMethod[] = [
  ...ABERRATION_METHODS,
  ...CALENDAR_METHODS,
  ...COMPOSITE_METHODS,
  ...POINT_METHODS,
  ...PRIVACY_METHODS,
  ...SCAN_METHODS,
  ...SKILL_METHODS,
  ...SPATIAL_METHODS,
  ...TREND_METHODS,
];
