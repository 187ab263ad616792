import type { Theme } from './contract.ts';

/** Colours of the ground. Nothing here may compete with a hexagon: chroma stays low, lines are hairlines. */
export interface Palette {
  readonly outside: string;
  readonly inside: string;
  readonly water: string;
  readonly cityLine: string;
  /** Division outlines, by level from 1 down. */
  readonly lines: readonly string[];
  readonly label: string;
  readonly minorLabel: string;
  readonly halo: string;
  readonly focusLine: string;
  readonly mask: string;
  readonly maskOpacity: number;
  /** Outline of the selected cell, and the casing that keeps it visible on any class. */
  readonly mark: string;
  readonly markCasing: string;
  readonly hover: string;
  /** Border shared by two divisions. */
  readonly seam: string;
  readonly facility: string;
  /** Stripes where nobody looked, dots around what is kept back: grey, as they are no amount. */
  readonly hatch: string;
  readonly withheld: string;
  /** Dots of single counts inside a cell. */
  readonly dot: string;
}

/** `print`: the light theme on paper. */
export type GroundTheme = Theme | 'print';

export const PALETTES: Readonly<Record<GroundTheme, Palette>> = {
  light: {
    outside: '#e7e9e9',
    inside: '#f9f9f6',
    water: '#d5e0e4',
    cityLine: '#66727a',
    lines: ['#6f7b81', '#9ea8ac', '#b9c0c3', '#cdd2d3'],
    label: '#26313a',
    minorLabel: '#3f4b54',
    halo: '#fcfcfa',
    focusLine: '#1c2730',
    mask: '#e7e9e9',
    maskOpacity: 0.76,
    mark: '#10181f',
    markCasing: '#ffffff',
    hover: '#10181f',
    seam: '#1f6f73',
    facility: '#2c4a5c',
    hatch: '#78838a',
    withheld: '#5b666d',
    dot: '#2a1533',
  },
  dark: {
    outside: '#0b1220',
    inside: '#131c2d',
    water: '#0d2233',
    cityLine: '#76849c',
    lines: ['#6c7a92', '#4e5b73', '#3d495f', '#323d52'],
    label: '#e6ebf3',
    minorLabel: '#c3cddb',
    halo: '#0b1220',
    focusLine: '#f2f5fa',
    mask: '#0b1220',
    maskOpacity: 0.76,
    mark: '#ffffff',
    markCasing: '#0b1220',
    hover: '#ffffff',
    seam: '#6fc4c4',
    facility: '#b7cad9',
    hatch: '#6c7a92',
    withheld: '#a9b6ca',
    dot: '#0b1220',
  },
  print: {
    outside: '#f4f4f4',
    inside: '#ffffff',
    water: '#e4ebee',
    cityLine: '#4d4d4d',
    lines: ['#5c5c5c', '#8f8f8f', '#b0b0b0', '#c8c8c8'],
    label: '#111111',
    minorLabel: '#2b2b2b',
    halo: '#ffffff',
    focusLine: '#000000',
    mask: '#ffffff',
    maskOpacity: 0.8,
    mark: '#000000',
    markCasing: '#ffffff',
    hover: '#000000',
    seam: '#333333',
    facility: '#333333',
    hatch: '#8f8f8f',
    withheld: '#5c5c5c',
    dot: '#111111',
  },
};
