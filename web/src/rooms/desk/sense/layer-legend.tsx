import type { ReactNode } from 'react';

interface LayerLegendProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function LayerLegend({ title, children }: LayerLegendProps) {
  return (
    <aside className="legend sense-legend" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </aside>
  );
}

interface SwatchProps {
  readonly colour: string | null;
  readonly children: ReactNode;
}

/** A class of the legend; null = the look of a cell that is not filled. */
export function Swatch({ colour, children }: SwatchProps) {
  return (
    <li>
      {colour ? <i style={{ background: colour }} /> : <i className="swatch-zero" />}
      <span>{children}</span>
    </li>
  );
}
