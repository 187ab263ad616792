/** Two grounds of the screen and one of paper. */
export const BASEMAP_THEMES = ['light', 'dark', 'print'] as const;
export type BasemapTheme = (typeof BASEMAP_THEMES)[number];

/** Every colour stays near the ground's own, in hue and lightness: what is read on this map lies above it. */
export interface BasemapPalette {
  readonly water: string;
  readonly waterLine: string;
  readonly green: string;
  readonly pitch: string;
  readonly building: string;
  readonly buildingLine: string;
  /** Motorways and trunk roads; primary and secondary; the rest; paths. */
  readonly roads: readonly [string, string, string, string];
  readonly rail: string;
  /** Hairlines above the hexagons, so that streets can be followed below any class. */
  readonly trace: string;
  readonly traceOpacity: number;
  readonly label: string;
  readonly waterLabel: string;
  readonly greenLabel: string;
  readonly halo: string;
}

export const BASEMAP_PALETTES: Readonly<Record<BasemapTheme, BasemapPalette>> = {
  light: {
    water: '#d3dfe4',
    waterLine: '#c3d3da',
    green: '#eaf0e3',
    pitch: '#e4ecdc',
    building: '#efeeea',
    buildingLine: '#e2e1dc',
    roads: ['#d3d3cd', '#dededa', '#e6e6e1', '#ecebe7'],
    rail: '#d0d2d2',
    trace: '#2b333a',
    traceOpacity: 0.16,
    label: '#3a454e',
    waterLabel: '#3d5866',
    greenLabel: '#40543a',
    halo: '#fcfcfa',
  },
  dark: {
    water: '#0c2133',
    waterLine: '#12304a',
    green: '#13232b',
    pitch: '#16282f',
    building: '#182338',
    buildingLine: '#202c43',
    roads: ['#34425c', '#2a3750', '#222e45', '#1c273b'],
    rail: '#2c3850',
    trace: '#e9eef6',
    traceOpacity: 0.2,
    label: '#c2ccda',
    waterLabel: '#a6c1d4',
    greenLabel: '#b0c7ba',
    halo: '#0b1220',
  },
  print: {
    water: '#e4ebee',
    waterLine: '#cfdadf',
    green: '#f2f5ee',
    pitch: '#edf1e8',
    building: '#f3f3f3',
    buildingLine: '#dddddd',
    roads: ['#c9c9c9', '#d6d6d6', '#e0e0e0', '#e9e9e9'],
    rail: '#c9c9c9',
    trace: '#000000',
    traceOpacity: 0.2,
    label: '#4a4a4a',
    waterLabel: '#4d626d',
    greenLabel: '#4d5d47',
    halo: '#ffffff',
  },
};
