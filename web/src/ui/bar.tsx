interface BarProps {
  readonly n: number;
  /** The ghost: the same without filters; null = not known yet. */
  readonly total: number | null;
  /** Value of a full bar. */
  readonly max: number;
}

/** A bar over its ghost. The numbers stand beside it in text, so it is hidden from screen readers. */
export function Bar({ n, total, max }: BarProps) {
  const share = (value: number) => (max > 0 ? `${Math.max(value > 0 ? 0.5 : 0, (value / max) * 100)}%` : '0%');
  return (
    <span className="bar" aria-hidden="true">
      {total !== null && <span className="bar-ghost" style={{ width: share(total) }} />}
      <span className="bar-value" style={{ width: share(n) }} />
    </span>
  );
}
