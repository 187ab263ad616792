import type { OracleMethod } from '../oracle-case.ts';
import { SPATIAL_METHODS } from './spatial.ts';

/** Every method there is; the first that takes a case runs it. */
export const ORACLE_METHODS: readonly OracleMethod[] = [...SPATIAL_METHODS];
