import type { Shape } from '../../../../../core/geo/area/area.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName } from '../divisions.ts';
import { useSayArea } from './use-say.ts';

/** What a shape is, in a few words. */
export function useShapeName(): (shape: Shape) => string {
  const say = useSayArea();
  const { locale } = useText();
  const { divisions } = useSession().snapshot;
  return (shape) => {
    switch (shape.kind) {
      case 'polygon':
        return say('kind.polygon', { n: shape.rings.flat().length });
      case 'box':
        return say('kind.box');
      case 'circle':
        return say('kind.circle', { radius: shape.radiusM });
      case 'line':
        return say('kind.line', { width: shape.widthM });
      case 'disk':
        return say('kind.disk', { cell: shape.cell, k: shape.k });
      case 'division': {
        const id = divisions.code.indexOf(shape.code);
        return say('kind.division', { name: id < 0 ? shape.code : divisionName(divisions, id, locale) });
      }
      default:
        return shape satisfies never;
    }
  };
}
