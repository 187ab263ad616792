import { useText } from '../../ui/use-text.ts';
import { usePlayback } from './playback/playback-store.ts';

interface MapHoverProps {
  readonly cell: {
    readonly h3: string;
    readonly resolution: number;
    readonly n: number;
    readonly x: number;
    readonly y: number;
  };
}

/** Beside the pointer: the count; everything else is in the pinned card. */
export function MapHover({ cell }: MapHoverProps) {
  const { t } = useText();
  const countOf = usePlayback((playback) => playback.countOf);
  return (
    <div
      className="map-hover"
      style={{ transform: `translate(${cell.x + 14}px, ${cell.y + 14}px)` }}
      aria-hidden="true"
    >
      <strong>{t('hover.count', { n: countOf?.(cell) ?? cell.n })}</strong> <span>{t('hover.hint')}</span>
    </div>
  );
}
