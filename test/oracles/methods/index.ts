import type { OracleMethod } from '../oracle-case.ts';
import { ABERRATION_METHODS } from './aberration.ts';

/** Every method there is; the first that takes a case runs it. */
export const ORACLE_METHODS: readonly OracleMethod[] = [...ABERRATION_METHODS];
