/** Plain SVG charts for the evaluation report: no script, no outside file, readable in any browser and printed. */
export interface Series {
  readonly name: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low?: number | undefined;
    readonly high?: number | undefined;
  }[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xMax: number;
  readonly yMax: number;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 56;
const RIGHT = 250;
const TOP = 34;
const BOTTOM = 46;
const TICKS = 5;
/** Okabe and Ito: told apart by colour-blind readers; dashes tell the rest. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000', '#7f7f7f'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

/** Lines with markers; a point with `low` and `high` gets its interval as a bar. Points right of `xMax` are cut off. */
export function lineChart(chart: Chart): string {
  const x = (value: number): number => LEFT + (value / chart.xMax) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / chart.yMax) * (HEIGHT - TOP - BOTTOM);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(chart.title)}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="18" font-size="13" font-weight="bold">${escaped(chart.title)}</text>`,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(chart.xLabel)}</text>`,
    `<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(chart.yLabel)}</text>`,
    ...Array.from({ length: TICKS + 1 }, (_, i) => i / TICKS).flatMap((share) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(share * chart.yMax))}" y2="${at(y(share * chart.yMax))}" stroke="#ddd"/>`,
      `<text x="${LEFT - 6}" y="${at(y(share * chart.yMax) + 4)}" text-anchor="end">${tick(share * chart.yMax)}</text>`,
      `<text x="${at(x(share * chart.xMax))}" y="${HEIGHT - BOTTOM + 15}" text-anchor="middle">${tick(share * chart.xMax)}</text>`,
    ]),
    ...chart.series.flatMap((series, s) =>
      seriesParts(series, { s, x, y, xMax: chart.xMax, count: chart.series.length }),
    ),
    '</svg>',
  ];
  return parts.join('\n');
}

interface Place {
  readonly s: number;
  readonly count: number;
  readonly xMax: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function seriesParts(series: Series, { s, count, x, y, xMax }: Place): string[] {
  const colour = COLOURS[s % COLOURS.length]!;
  const dash = DASHES[Math.floor(s / 2) % DASHES.length]!;
  const shift = (s - (count - 1) / 2) * 2; // intervals of several series must not hide each other
  const shown = series.points.filter((point) => point.x <= xMax);
  const line = shown.map((point) => `${at(x(point.x) + shift)},${at(y(point.y))}`).join(' ');
  const legendY = TOP + 8 + s * 18;
  const bars = shown.flatMap(({ x: px, low, high }) =>
    low === undefined || high === undefined
      ? []
      : [
          `<line x1="${at(x(px) + shift)}" x2="${at(x(px) + shift)}" y1="${at(y(low))}" y2="${at(y(high))}" stroke="${colour}" stroke-opacity="0.6"/>`,
        ],
  );
  return [
    ...bars,
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-dasharray="${dash}"/>`,
    ...shown.map((point) => `<circle cx="${at(x(point.x) + shift)}" cy="${at(y(point.y))}" r="2.6" fill="${colour}"/>`),
    `<line x1="${WIDTH - RIGHT + 12}" x2="${WIDTH - RIGHT + 34}" y1="${legendY}" y2="${legendY}" stroke="${colour}" stroke-width="1.8" stroke-dasharray="${dash}"/>`,
    `<text x="${WIDTH - RIGHT + 40}" y="${legendY + 4}">${escaped(series.name)}</text>`,
  ];
}

const at = (value: number): string => value.toFixed(1);
const tick = (value: number): string => String(Number(value.toPrecision(3)));
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
