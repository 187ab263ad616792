import type { MapEvents } from '../../map/contract.ts';
import { useText } from '../../ui/use-text.ts';
import { usePlayback } from './playback/playback-store.ts';

interface MapHoverProps {
  readonly cell: NonNullable<Parameters<MapEvents['onHover']>[0]>;
}

/** Beside the pointer: the count, or that nobody counted here; everything else is in the pinned card. */
export function MapHover({ cell }: MapHoverProps) {
  const { t } = useText();
  const countOf = usePlayback((playback) => playback.countOf);
  const n = countOf?.(cell) ?? cell.n;
  return (
    <div
      className="map-hover"
      style={{ transform: `translate(${cell.x + 14}px, ${cell.y + 14}px)` }}
      aria-hidden="true"
    >
      {cell.facility && <span className="map-hover-name">{cell.facility}</span>}
      <strong>{cell.unknown && n === 0 ? t('hover.unknown') : t('hover.count', { n })}</strong>{' '}
      <span>{t('hover.hint')}</span>
    </div>
  );
}
