import type { OracleMethod } from '../oracle-case.ts';
import { EVALUATE_METHODS } from './evaluate.ts';
import { SCAN_METHODS } from './scan.ts';

/** Every method there is; the first that takes a case runs it. */
export const ORACLE_METHODS: readonly OracleMethod[] = [...EVALUATE_METHODS, ...SCAN_METHODS];
