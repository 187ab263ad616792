import { useDesk } from '../../../state/store.ts';
import { toggleCompare } from './compare-keys.ts';
import { useSayCompare } from './use-say.ts';

/** Beside the choice of weeks. */
export function CompareButton() {
  const say = useSayCompare();
  const open = useDesk((desk) => desk.compare !== null);
  return (
    <button type="button" className="compare-open" aria-pressed={open} aria-keyshortcuts="c" onClick={toggleCompare}>
      {say('open')}
    </button>
  );
}
