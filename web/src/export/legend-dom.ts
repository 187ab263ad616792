/** A legend as it stands on the screen: one reading for counts and for every other layer. */
export interface LegendPicture {
  readonly title: string;
  readonly lines: readonly LegendLine[];
}
export interface LegendLine {
  readonly text: string;
  /** CSS colour; null = no swatch. */
  readonly swatch: string | null;
  /** The swatch has no fill of one colour. */
  readonly pattern: boolean;
}

const TRANSPARENT = /^(transparent|rgba\(.*, 0\))$/;

/** null = there is none on screen. */
export function readLegend(root: ParentNode): LegendPicture | null {
  const legend = root.querySelector<HTMLElement>('.map-side .legend, .map-side .sense-legend');
  if (!legend) return null;
  const title = textOf(legend.querySelector('h2'));
  const lines = [...legend.querySelectorAll<HTMLElement>('p, li')]
    // A list inside a paragraph, or a hidden part, is not a line of its own.
    .filter((element) => element.offsetParent !== null && !element.querySelector('p, li, select'))
    .map((element): LegendLine => {
      const mark = element.tagName === 'LI' ? element.querySelector<HTMLElement>('i') : null;
      const style = mark && getComputedStyle(mark);
      const filled = style && !TRANSPARENT.test(style.backgroundColor);
      return {
        text: textOf(element),
        swatch: style ? (filled ? style.backgroundColor : style.borderTopColor) : null,
        pattern: style !== null && !filled,
      };
    })
    .filter(({ text }) => text !== '');
  return { title, lines };
}

function textOf(element: Element | null): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ').replace(/×$/, '').trim();
}
