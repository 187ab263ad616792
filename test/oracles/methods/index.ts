import type { OracleMethod } from '../oracle-case.ts';
import { CALENDAR_METHODS } from './calendar.ts';
import { COMPOSITE_METHODS } from './composite.ts';
import { PRIVACY_METHODS } from './privacy.ts';
import { SKILL_METHODS } from './skill.ts';
import { SPATIAL_METHODS } from './spatial.ts';

/** Every method there is; the first that takes a case runs it. */
export const ORACLE_METHODS: readonly OracleMethod[] = [
  ...CALENDAR_METHODS,
  ...COMPOSITE_METHODS,
  ...PRIVACY_METHODS,
  ...SKILL_METHODS,
  ...SPATIAL_METHODS,
];
