import type { Locale } from './contract.ts';

/** Words the map itself says; the desk has its own. */
export interface MapTexts {
  readonly canvas: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly compass: string;
  readonly attribution: string;
  readonly basemapFailed: string;
  readonly foreignBasemap: string;
  readonly noWebGl: string;
}

export const TEXTS: Readonly<Record<Locale, MapTexts>> = {
  'zh-CN': {
    canvas:
      '地图：六边形网格诉求密度。回车选中画面中心的网格；选中后用方向键移到相邻网格，未选中时方向键平移，加减键缩放，Shift 加方向键旋转和倾斜。',
    zoomIn: '放大',
    zoomOut: '缩小',
    compass: '拖动旋转和倾斜，点击恢复正北俯视',
    attribution: '数据与底图来源',
    basemapFailed: '底图文件未能读取，已用内置边界底图；可用 hexsight tiles 重新制作。',
    foreignBasemap: '底图地址不在本站，按离线要求未加载，已改用内置边界底图。',
    noWebGl: '浏览器未能启用 WebGL 2，无法绘制地图。',
  },
  en: {
    canvas:
      'Map: incidents per hexagonal cell. Enter selects the cell in the middle; arrow keys then move to the neighbouring cell. With nothing selected they pan; plus and minus zoom, Shift with an arrow turns and tilts.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    compass: 'Drag to turn and tilt; click for north up, seen from above',
    attribution: 'Sources of data and base map',
    basemapFailed:
      'The base map file could not be read; the built-in outlines are shown. Make it again with `hexsight tiles`.',
    foreignBasemap:
      'The base map is not on this site and is not loaded: nothing may be asked from outside. The built-in outlines are shown.',
    noWebGl: 'The browser could not start WebGL 2: the map cannot be drawn.',
  },
};
