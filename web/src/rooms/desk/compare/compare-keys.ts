import { USUAL_COMPARE } from '../../../state/compare-link.ts';
import { useDesk } from '../../../state/store.ts';

/** `c` opens and closes, Esc closes once nothing lies over the maps; true = taken. */
export function onCompareKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.repeat) return false;
  const { compare, setCompare, cell, alert, pane } = useDesk.getState();
  if (event.key === 'c') {
    toggleCompare();
    return true;
  }
  if (event.key !== 'Escape' || !compare || cell !== null || alert !== null || pane !== null) return false;
  setCompare(null);
  return true;
}

export function toggleCompare(): void {
  const { compare, setCompare } = useDesk.getState();
  setCompare(compare ? null : USUAL_COMPARE);
}

useDesk.subscribe(({ compare, layer, setCompare }) => {
  // Counts are compared; another layer is another question.
  if (compare && layer !== 'count') setCompare(null);
});
