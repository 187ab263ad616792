import { useDesk } from '../../state/store.ts';
import { CATEGORY_SEARCH_ID } from './categories.tsx';
import { copyLink } from './header.tsx';

/** Two presses of Esc within this time clear every filter. */
const DOUBLE_MS = 400;

/** Shortcuts of the desk. Keys that belong to an input method or to a text field are left alone. */
export function listenToKeys(): () => void {
  let lastEscapeMs = Number.NEGATIVE_INFINITY;
  const onKey = (event: KeyboardEvent) => {
    // 229: some browsers report composition only in this way.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const desk = useDesk.getState();
    if (event.key === 'Escape') {
      if (desk.helpOpen || desk.coverageOpen) return;
      if (isText(event.target)) return event.target.blur();
      const twice = event.timeStamp - lastEscapeMs < DOUBLE_MS;
      lastEscapeMs = event.timeStamp;
      if (twice) desk.clearFilters();
      else if (desk.cell) desk.pinCell(null);
      else desk.clearLastFilter();
      return;
    }
    if (isText(event.target) || desk.helpOpen || desk.coverageOpen) return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById(CATEGORY_SEARCH_ID)?.focus();
    } else if (event.key === 'y') void copyLink();
    else if (event.key === 'd') desk.setCoverageOpen(true);
    else if (event.key === '?') desk.setHelpOpen(true);
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}

function isText(target: EventTarget | null): target is HTMLElement {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
