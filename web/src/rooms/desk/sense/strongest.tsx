import { useDesk } from '../../../state/store.ts';
import { useSayLayers } from '../map-layers/use-say.ts';

/** Says, where the map draws coarser cells than were published, what they show. */
export function Strongest({ resolution }: { readonly resolution: number }) {
  const say = useSayLayers();
  const drawn = useDesk((desk) => desk.resolution);
  if (drawn === null || drawn >= resolution) return null;
  return <p className="mark">{say('strongest', { resolution })}</p>;
}
