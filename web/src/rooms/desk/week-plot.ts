import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Theme } from '../../map/contract.ts';
import type { CalendarMarks } from '../../sense/calendar-marks.ts';
import type { WeekBand } from '../../sense/series.ts';
import type { Week, WeekRange } from '../../time/week.ts';
import { axisWeeks, type Brush, brushAt, brushed, monthOf, monthText } from './period.ts';

export interface WeekPlotData {
  readonly filtered: Uint32Array;
  /** null = not known yet. */
  readonly total: Uint32Array | null;
  readonly range: WeekRange | null;
  /** What is normal; null = there is no such series, or none yet. */
  readonly band: WeekBand | null;
  /** null = not known yet. */
  readonly marks: CalendarMarks | null;
}

export interface WeekPlotOptions {
  readonly container: HTMLElement;
  readonly weeks: readonly Week[];
  readonly partial: readonly boolean[];
  readonly onBrush: (range: WeekRange) => void;
  readonly onHover: (week: number | null) => void;
}

export interface WeekPlot {
  show(data: WeekPlotData): void;
  setTheme(theme: Theme): void;
  destroy(): void;
}

/** CSS pixels on either side of an edge that take hold of it. */
const GRIP_PX = 6;

/** The weekly bars: an imperative island, like the map. Bars stand on week indices, so no time zone is involved. */
export function createWeekPlot({ container, weeks, partial, onBrush, onHover }: WeekPlotOptions): WeekPlot {
  let data: WeekPlotData = {
    filtered: new Uint32Array(weeks.length),
    total: null,
    range: null,
    band: null,
    marks: null,
  };
  let brush: Brush | null = null;
  const colour = (name: string) => getComputedStyle(container).getPropertyValue(name).trim();
  const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = () => `${0.75 * rem()}px ${getComputedStyle(container).fontFamily}`;
  const bars = uPlot.paths.bars?.({ size: [0.8, 40], align: 0 });
  const months = (count: number) => [...axisWeeks(weeks, count)].map((index) => index - 0.5);

  const plot = new uPlot(
    {
      ...size(container),
      padding: [4, 12, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: false },
        // The brush below is ours; uPlot's own would clear the selection on every click.
        bind: { mousedown: () => null, mouseup: () => null, click: () => null, dblclick: () => null },
      },
      scales: {
        x: { time: false, range: () => [-0.5, weeks.length - 0.5] },
        y: { range: (_, __, max) => [0, Math.max(1, max * 1.06, highest(data.band) * 1.02)] },
      },
      series: [
        {},
        { paths: bars as uPlot.Series.PathBuilder, fill: () => colour('--ghost'), points: { show: false }, width: 0 },
        { paths: bars as uPlot.Series.PathBuilder, fill: () => colour('--data'), points: { show: false }, width: 0 },
      ],
      axes: [
        {
          font: font(),
          stroke: () => colour('--ink-2'),
          grid: { show: false },
          ticks: { stroke: () => colour('--line'), size: 4 },
          size: 1.6 * rem(),
          gap: 2,
          splits: (u) => months(Math.floor(u.bbox.width / devicePixelRatio / (4.5 * rem()))),
          values: (_, splits) => splits.map((at) => monthText(monthOf(weeks[at + 0.5] as Week))),
        },
        {
          font: font(),
          stroke: () => colour('--ink-2'),
          grid: { stroke: () => colour('--line'), width: 1 },
          ticks: { show: false },
          size: 3.6 * rem(),
          space: 2 * rem(),
          values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? value.toLocaleString('en') : '')),
        },
      ],
      hooks: {
        setCursor: [(u) => onHover(u.cursor.idx ?? null)],
        draw: [drawPartial, drawBand, drawMarks],
      },
    },
    columns(),
    container,
  );

  function columns(): uPlot.AlignedData {
    const x = Array.from(weeks, (_, index) => index);
    const total = data.total ?? data.filtered;
    return [x, Array.from(total), Array.from(data.filtered)];
  }

  /** Weeks with fewer than seven days, or still filling: hatched, so that a short last week does not read as a fall. */
  function drawPartial(u: uPlot): void {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = colour('--panel');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    partial.forEach((isPartial, week) => {
      if (!isPartial && !data.band?.filling[week]) return;
      const left = u.valToPos(week - 0.4, 'x', true);
      const right = u.valToPos(week + 0.4, 'x', true);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, bbox.top, right - left, bbox.height);
      ctx.clip();
      ctx.beginPath();
      const step = 4 * devicePixelRatio;
      for (let y = bbox.top - (right - left); y < bbox.top + bbox.height + step; y += step) {
        ctx.moveTo(left, y + (right - left));
        ctx.lineTo(right, y);
      }
      ctx.stroke();
      ctx.restore();
    });
    ctx.restore();
  }

  /** The 95 % of normal over each week, its middle as a line, and a mark above every week beyond the bound. */
  function drawBand(u: uPlot): void {
    const { band } = data;
    if (!band) return;
    const { ctx } = u;
    const px = devicePixelRatio;
    const x = (week: number) => u.valToPos(week, 'x', true);
    const y = (value: number) => u.valToPos(value, 'y', true);
    const ink = colour('--ink');
    ctx.save();
    ctx.fillStyle = ink;
    ctx.strokeStyle = ink;
    for (let week = 0; week < band.expected.length; week++) {
      const [left, right] = [x(week - 0.5), x(week + 0.5)];
      if (!Number.isNaN(band.expected[week]!)) {
        const [low, high] = [y(band.lower[week]!), y(band.upper[week]!)];
        ctx.globalAlpha = 0.2;
        ctx.fillRect(left, high, right - left, Math.max(px, low - high));
        ctx.globalAlpha = 1;
        ctx.fillRect(left, y(band.expected[week]!) - px / 2, right - left, px);
      }
      if (!band.exceeds[week]) continue;
      const [middle, top, size] = [x(week), y(band.observed[week]!) - 2 * px, 4 * px];
      ctx.beginPath();
      ctx.moveTo(middle, top);
      ctx.lineTo(middle - size, top - 1.6 * size);
      ctx.lineTo(middle + size, top - 1.6 * size);
      ctx.fill();
    }
    ctx.restore();
  }

  /** Weeks with a holiday: a bar on the axis. Weeks with a break: a dashed line over the whole height. */
  function drawMarks(u: uPlot): void {
    const { marks } = data;
    if (!marks) return;
    const { ctx, bbox } = u;
    const px = devicePixelRatio;
    const foot = bbox.top + bbox.height;
    ctx.save();
    ctx.fillStyle = colour('--warn');
    ctx.strokeStyle = colour('--ink-2');
    ctx.lineWidth = px;
    ctx.setLineDash([4 * px, 3 * px]);
    for (let week = 0; week < weeks.length; week++) {
      const left = u.valToPos(week - 0.4, 'x', true);
      if (marks.holidays[week]) ctx.fillRect(left, foot, u.valToPos(week + 0.4, 'x', true) - left, 3 * px);
      if (!marks.breaks[week]) continue;
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, foot);
      ctx.stroke();
    }
    ctx.restore();
  }

  function showRange(): void {
    const { range } = data;
    if (!range) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      return;
    }
    // What uPlot laid out, not a look at the page: that would lay it out again for every step of the brush.
    const left = plot.valToPos(range.first - 0.5, 'x');
    const right = plot.valToPos(range.end - 0.5, 'x');
    plot.setSelect({ left, top: 0, width: right - left, height: plot.bbox.height / devicePixelRatio }, false);
  }

  const weekAt = (event: PointerEvent) =>
    plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x') + 0.5;
  const gripWeeks = () => plot.posToVal(GRIP_PX, 'x') - plot.posToVal(0, 'x');
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    brush = brushAt(weekAt(event), data.range, gripWeeks());
    plot.over.setPointerCapture(event.pointerId);
    if (brush.kind !== 'move') follow(event);
  };
  let wanted: WeekRange | null = null;
  let frame = 0;
  const follow = (event: PointerEvent) => {
    if (!brush) return;
    wanted = brushed(brush, weekAt(event), weeks.length);
    if (wanted.first === data.range?.first && wanted.end === data.range.end) return;
    data = { ...data, range: wanted };
    showRange();
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (wanted) onBrush(wanted);
    });
  };
  const onUp = () => {
    brush = null;
  };
  const onHoverEdge = (event: PointerEvent) => {
    const kind = brushAt(weekAt(event), data.range, gripWeeks()).kind;
    plot.over.dataset.brush = brush?.kind ?? kind;
    follow(event);
  };
  plot.over.addEventListener('pointerdown', onDown);
  plot.over.addEventListener('pointermove', onHoverEdge);
  plot.over.addEventListener('pointerup', onUp);
  plot.over.addEventListener('pointercancel', onUp);
  const observer = new ResizeObserver(() => {
    plot.setSize(size(container));
    showRange();
  });
  observer.observe(container);

  // With the frame that shows it, however many answers come between: a canvas drawn oftener than shown holds up the page until the
  // graphics card has caught up, and the map keeps that busy.
  let drawing = 0;
  const draw = () => {
    drawing = 0;
    plot.setData(columns());
    showRange();
  };

  return {
    show(next) {
      // While the reader drags, the drawn range is the pointer's, not the one that comes back from the store.
      data = brush ? { ...next, range: data.range } : next;
      if (drawing === 0) drawing = requestAnimationFrame(draw);
    },
    setTheme: () => plot.redraw(true, true),
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(frame);
      cancelAnimationFrame(drawing);
      plot.destroy();
    },
  };
}

function highest(band: WeekBand | null): number {
  let top = 0;
  for (const value of band?.upper ?? []) if (value > top) top = value;
  return top;
}

function size(container: HTMLElement): { width: number; height: number } {
  return { width: Math.max(100, container.clientWidth), height: Math.max(60, container.clientHeight) };
}
