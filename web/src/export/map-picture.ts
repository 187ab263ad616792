import type { CityMap } from '../map/contract.ts';
import type { About } from './about.ts';
import { type LegendPicture, readLegend } from './legend-dom.ts';

/** A picture of the map that says what it is: title and filters above, legend on it, sources and snapshot below. */
export async function mapPicture(
  map: CityMap,
  { about, scale, panel }: { readonly about: About; readonly scale: number; readonly panel: HTMLElement },
): Promise<{ readonly blob: Blob; readonly scale: number }> {
  const { canvas, pixelRatio } = await map.picture(scale);
  const width = canvas.width / pixelRatio;
  const height = canvas.height / pixelRatio;
  const style = getComputedStyle(panel);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const look: Look = {
    rem,
    font: style.fontFamily,
    ink: style.getPropertyValue('--ink').trim(),
    ink2: style.getPropertyValue('--ink-2').trim(),
    panel: style.getPropertyValue('--panel').trim(),
    line: style.getPropertyValue('--line-2').trim(),
  };
  const out = document.createElement('canvas');
  const ctx = out.getContext('2d');
  if (!ctx) throw new Error('no canvas');
  const [first, ...rest] = about.lines;
  const head = rest.filter(({ key }) => HEAD.has(key));
  const foot = rest.filter(({ key }) => !HEAD.has(key) && key !== 'legend');
  const pad = rem;
  const small = 0.8125 * rem;
  const step = 1.3 * small;
  const setFont = (size: number, weight = 400) => {
    ctx.font = `${weight} ${size}px ${look.font}`;
  };
  setFont(small);
  const room = width - 2 * pad;
  const headLines = head.flatMap(({ name, text }) => wrapped(ctx, `${name}：${text}`, room));
  const footLines = foot.flatMap(({ name, text }) => wrapped(ctx, `${name}：${text}`, room));
  const top = pad + 1.5 * rem + headLines.length * step + 0.5 * pad;
  const bottom = 0.5 * pad + footLines.length * step + pad;
  out.width = Math.round(width * pixelRatio);
  out.height = Math.round((top + height + bottom) * pixelRatio);
  ctx.scale(pixelRatio, pixelRatio);
  ctx.fillStyle = look.panel;
  ctx.fillRect(0, 0, width, top + height + bottom);
  ctx.textBaseline = 'top';
  ctx.fillStyle = look.ink;
  setFont(1.25 * rem, 600);
  ctx.fillText(first?.text ?? '', pad, pad, room);
  setFont(small);
  ctx.fillStyle = look.ink2;
  headLines.forEach((text, i) => void ctx.fillText(text, pad, pad + 1.7 * rem + i * step));
  ctx.drawImage(canvas, 0, top, width, height);
  const box = panel.getBoundingClientRect();
  ctx.save();
  ctx.translate(0, top);
  drawPins(ctx, panel, box, look);
  drawScaleBar(ctx, panel, height, look);
  const legend = readLegend(panel);
  if (legend) drawLegend(ctx, legend, { look, height });
  ctx.restore();
  ctx.fillStyle = look.ink2;
  setFont(small);
  footLines.forEach((text, i) => void ctx.fillText(text, pad, top + height + 0.5 * pad + i * step));
  const blob = await new Promise<Blob | null>((resolve) => out.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error(`a picture of ${out.width} × ${out.height} pixels could not be made`);
  return { blob, scale: pixelRatio };
}

/** Lines above the map; the others go below. */
const HEAD = new Set(['filters', 'counted', 'unlocated', 'divisionOnly']);

interface Look {
  readonly rem: number;
  readonly font: string;
  readonly ink: string;
  readonly ink2: string;
  readonly panel: string;
  readonly line: string;
}

/** Lines no wider than the room. Chinese breaks anywhere, other text at blanks; a word too long is cut. */
export function wrapped(
  ctx: Pick<CanvasRenderingContext2D, 'measureText'>,
  text: string,
  room: number,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/[\p{Script=Han}，。；：、（）·]|[^\s\p{Script=Han}，。；：、（）·]+|\s+/gu) ?? []) {
    if (ctx.measureText(line + piece.trimEnd()).width <= room) {
      line += piece;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = piece.trimStart();
    while (ctx.measureText(line).width > room && line.length > 1) {
      let fits = line.length - 1;
      while (fits > 1 && ctx.measureText(line.slice(0, fits)).width > room) fits--;
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

function drawLegend(
  ctx: CanvasRenderingContext2D,
  { title, lines }: LegendPicture,
  { look, height }: { readonly look: Look; readonly height: number },
): void {
  const { rem } = look;
  const size = 0.8125 * rem;
  const step = 1.35 * size;
  const inner = 15.5 * rem;
  ctx.font = `400 ${size}px ${look.font}`;
  const rows = lines.flatMap((line) => {
    const indent = line.swatch ? 1.625 * rem : 0;
    return wrapped(ctx, line.text, inner - indent).map((text, i) => ({ ...line, text, indent, first: i === 0 }));
  });
  const boxHeight = Math.min(height - 1.5 * rem, 1.75 * rem + rows.length * step + 0.75 * rem);
  const [left, top] = [0.75 * rem, 0.75 * rem];
  ctx.fillStyle = look.panel;
  ctx.strokeStyle = look.line;
  ctx.lineWidth = 1;
  ctx.fillRect(left, top, inner + 1.5 * rem, boxHeight);
  ctx.strokeRect(left, top, inner + 1.5 * rem, boxHeight);
  ctx.fillStyle = look.ink;
  ctx.font = `600 ${0.875 * rem}px ${look.font}`;
  ctx.fillText(title, left + 0.75 * rem, top + 0.5 * rem);
  ctx.font = `400 ${size}px ${look.font}`;
  rows.forEach(({ text, indent, first, swatch, pattern }, i) => {
    const y = top + 1.875 * rem + i * step;
    if (y + step > top + boxHeight) return;
    if (swatch && first) {
      const [w, h] = [1.125 * rem, 0.8125 * rem];
      if (pattern) {
        ctx.strokeStyle = swatch;
        ctx.strokeRect(left + 0.75 * rem, y, w, h);
      } else {
        ctx.fillStyle = swatch;
        ctx.fillRect(left + 0.75 * rem, y, w, h);
      }
    }
    ctx.fillStyle = look.ink;
    ctx.fillText(text, left + 0.75 * rem + indent, y);
  });
}

/** Marks of alerts are elements of the page over the canvas: drawn from their shapes. */
function drawPins(ctx: CanvasRenderingContext2D, panel: HTMLElement, box: DOMRect, look: Look): void {
  for (const svg of panel.querySelectorAll<SVGSVGElement>('[data-pin] svg.level-mark')) {
    const { left, top, width } = svg.getBoundingClientRect();
    const [view, origin] = [26, -1];
    ctx.save();
    ctx.translate(left - box.left, top - box.top);
    ctx.scale(width / view, width / view);
    ctx.translate(-origin, -origin);
    const shape = svg.querySelector('polygon, circle');
    const path = new Path2D();
    const points =
      shape
        ?.getAttribute('points')
        ?.trim()
        .split(/[\s,]+/)
        .map(Number) ?? [];
    for (let i = 0; i + 1 < points.length; i += 2) path.lineTo(points[i] as number, points[i + 1] as number);
    if (points.length === 0) path.arc(12, 12, 11, 0, 2 * Math.PI);
    path.closePath();
    ctx.fillStyle = shape?.getAttribute('fill') ?? look.ink;
    ctx.fill(path);
    ctx.strokeStyle = '#0b1220';
    ctx.lineWidth = 1.5;
    ctx.stroke(path);
    const numeral = svg.querySelector('text');
    ctx.fillStyle = '#0b1220';
    ctx.font = `700 12px ${look.font}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(numeral?.textContent ?? '', 12, Number(numeral?.getAttribute('y') ?? 12));
    ctx.restore();
  }
}

function drawScaleBar(ctx: CanvasRenderingContext2D, panel: HTMLElement, height: number, look: Look): void {
  const bar = panel.querySelector<HTMLElement>('.maplibregl-ctrl-scale');
  if (!bar) return;
  const [left, foot] = [0.75 * look.rem, height - 0.75 * look.rem];
  const { width } = bar.getBoundingClientRect();
  ctx.save();
  ctx.fillStyle = look.panel;
  ctx.globalAlpha = 0.8;
  ctx.fillRect(left, foot - 1.25 * look.rem, width, 1.25 * look.rem);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = look.ink;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(left, foot - 0.4 * look.rem);
  ctx.lineTo(left, foot);
  ctx.lineTo(left + width, foot);
  ctx.lineTo(left + width, foot - 0.4 * look.rem);
  ctx.stroke();
  ctx.fillStyle = look.ink;
  ctx.font = `400 ${0.75 * look.rem}px ${look.font}`;
  ctx.fillText(bar.textContent ?? '', left + 0.375 * look.rem, foot - 1.125 * look.rem);
  ctx.restore();
}
