import type { Theme } from '../../../map/contract.ts';

/** Without colour, and nearer to the ground than the first class: it was there, it is not now. */
export const GHOST: Readonly<Record<Theme, string>> = { light: '#dcdcd6', dark: '#222c3d' };
