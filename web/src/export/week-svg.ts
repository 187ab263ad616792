import { axisWeeks, monthOf, monthText } from '../rooms/desk/period.ts';
import type { Week, WeekRange } from '../time/week.ts';
import type { About } from './about.ts';

export interface WeekChart {
  readonly weeks: readonly Week[];
  /** Incidents under the filters, by week. */
  readonly filtered: ArrayLike<number>;
  /** Without filters; null = not known. */
  readonly total: ArrayLike<number> | null;
  /** Fewer than seven days of data. */
  readonly partial: readonly boolean[];
  /** The chosen period; null = all. */
  readonly range: WeekRange | null;
  readonly colours: {
    readonly data: string;
    readonly ghost: string;
    readonly ink: string;
    readonly ink2: string;
    readonly line: string;
    readonly panel: string;
    readonly accent: string;
  };
  readonly font: string;
  /** Words for the two kinds of bars and the hatch. */
  readonly legend: { readonly filtered: string; readonly total: string; readonly partial: string };
}

const WIDTH = 1200;
const PLOT = { left: 64, right: 1188, top: 84, bottom: 384 } as const;
const LINE = 17;
/** Characters of a line of 12 px over the width; a Chinese one takes two. */
const CHARS = 180;

/** The weekly bars as a vector picture that says what it is, in words below the chart and in its metadata. */
export function weekSvg(chart: WeekChart, about: About): string {
  const { weeks, filtered, total, partial, range, colours, legend } = chart;
  const most = Math.max(1, ...Array.from(total ?? filtered), ...Array.from(filtered));
  const ceiling = niceCeiling(most);
  const step = (PLOT.right - PLOT.left) / Math.max(1, weeks.length);
  const x = (week: number) => PLOT.left + week * step;
  const y = (n: number) => PLOT.bottom - (n / ceiling) * (PLOT.bottom - PLOT.top);
  const bar = (week: number, n: number, fill: string) =>
    n > 0
      ? `<rect x="${r(x(week) + step * 0.1)}" y="${r(y(n))}" width="${r(step * 0.8)}" height="${r(PLOT.bottom - y(n))}" fill="${fill}"/>`
      : '';
  const indices = weeks.map((_, week) => week);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => ceiling * share).filter(Number.isInteger);
  const words = about.lines.flatMap(({ name, text }) => cut(`${name}：${text}`));
  const height = PLOT.bottom + 48 + words.length * LINE + 12;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="${xml(chart.font)}" font-size="12">`,
    `<title>${xml(about.lines[0]?.text ?? about.title)}</title>`,
    `<metadata>${xml(JSON.stringify(Object.fromEntries(about.lines.map(({ key, text }) => [key, text]))))}</metadata>`,
    `<defs><pattern id="partial" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="${colours.data}"/><rect width="2" height="5" fill="${colours.panel}"/></pattern></defs>`,
    `<rect width="${WIDTH}" height="${height}" fill="${colours.panel}"/>`,
    `<text x="16" y="32" font-size="19" font-weight="600" fill="${colours.ink}">${xml(about.lines[0]?.text ?? about.title)}</text>`,
    key(16, colours.data, legend.filtered, colours.ink2),
    total ? key(216, colours.ghost, legend.total, colours.ink2) : '',
    partial.some(Boolean) ? key(416, 'url(#partial)', legend.partial, colours.ink2) : '',
    ...grid.map(
      (n) =>
        `<path d="M${PLOT.left} ${r(y(n))}H${PLOT.right}" stroke="${colours.line}"/><text x="${PLOT.left - 8}" y="${r(y(n) + 4)}" text-anchor="end" fill="${colours.ink2}">${n.toLocaleString('en')}</text>`,
    ),
    ...(total ? indices.map((week) => bar(week, total[week] ?? 0, colours.ghost)) : []),
    ...indices.map((week) => bar(week, filtered[week] ?? 0, partial[week] ? 'url(#partial)' : colours.data)),
    range
      ? `<rect x="${r(x(range.first))}" y="${PLOT.top}" width="${r((range.end - range.first) * step)}" height="${PLOT.bottom - PLOT.top}" fill="${colours.accent}" fill-opacity="0.12" stroke="${colours.accent}"/>`
      : '',
    ...axisWeeks(weeks, 14).map(
      (week) =>
        `<path d="M${r(x(week))} ${PLOT.bottom}v5" stroke="${colours.ink2}"/><text x="${r(x(week))}" y="${PLOT.bottom + 18}" text-anchor="middle" fill="${colours.ink2}">${monthText(monthOf(weeks[week] as Week))}</text>`,
    ),
    ...words.map(
      (text, i) => `<text x="16" y="${PLOT.bottom + 48 + i * LINE}" fill="${colours.ink2}">${xml(text)}</text>`,
    ),
    '</svg>',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function key(x: number, fill: string, text: string, ink: string): string {
  return `<rect x="${x}" y="52" width="12" height="12" fill="${fill}"/><text x="${x + 18}" y="62" fill="${ink}">${xml(text)}</text>`;
}

/** 1, 2, 4, 5, 8 or 10 times a power of ten: its quarters are numbers people know. */
export function niceCeiling(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 4, 5, 8, 10].find((value) => value * power >= most) ?? 10;
  return Math.max(4, factor * power);
}

function cut(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const sign of text) {
    const size = /[\u2e80-\uffff]/.test(sign) ? 2 : 1;
    if (used + size > CHARS) {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += sign;
    used += size;
  }
  return [...lines, line];
}

/** Text of an element or an attribute; what XML forbids is left out. */
export function xml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

const r = (value: number) => Math.round(value * 100) / 100;
