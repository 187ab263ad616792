/**
 * How large text has to be. Letters and hanzi that must be read: 22 arc-minutes, which is distance / 150 (NUREG-0700 rev. 3, AVIXA 150
 * rule); headline numbers distance / 100; nothing below distance / 220. Hanzi need about 24 pixels for their strokes whatever the distance.
 */
export interface Viewing {
  /** Of the back row. */
  readonly distanceM: number;
  /** Of one CSS pixel on the wall. */
  readonly pitchMm: number;
}

const BODY_SHARE = 150;
const HEADLINE_SHARE = 100;
const LEAST_SHARE = 220;
const LEAST_HANZI_PX = 24;
/** On pixels as coarse as this, strokes and not the angle are the limit. */
const COARSE_MM = 0.9;

/** CSS pixels of body text, which is the root unit. */
export function remFor({ distanceM, pitchMm }: Viewing): number {
  const byAngle = (distanceM * 1000) / BODY_SHARE / pitchMm;
  return pitchMm >= COARSE_MM ? Math.max(LEAST_HANZI_PX, byAngle) : byAngle;
}

/** Farthest distance in metres at which text of `px` can be read, by purpose. */
export function readableM(px: number, pitchMm: number, purpose: 'body' | 'headline' | 'least' = 'body'): number {
  const share = purpose === 'body' ? BODY_SHARE : purpose === 'headline' ? HEADLINE_SHARE : LEAST_SHARE;
  return (px * pitchMm * share) / 1000;
}

/** Millimetres a pixel of a screen whose picture has that diagonal. */
export function pitchOf(screen: {
  readonly diagonalInch: number;
  readonly width: number;
  readonly height: number;
}): number {
  return (screen.diagonalInch * 25.4) / Math.hypot(screen.width, screen.height);
}

/** A plain hanzi, the densest in use, and what is mistaken for one another. */
export const SAMPLE_SIGNS = '国齉8B';

/** Width in em of a line: hanzi and full-width signs 1, the rest about half. */
export function widthEm(text: string): number {
  let em = 0;
  for (const sign of text)
    em += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(sign) ? 1 : 0.58;
  return em;
}

/** Lines that a text takes, never too few: a word that does not fit goes to the next line whole. */
export function linesOf(text: string, lineEm: number): number {
  const slack = /[a-z]{4}/i.test(text) ? 3.5 : 1;
  return Math.max(1, Math.ceil(widthEm(text) / Math.max(1, lineEm - slack)));
}
