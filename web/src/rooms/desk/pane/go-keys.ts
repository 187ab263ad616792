import { useExport } from '../../../export/export-state.ts';
import { useRoom } from '../../../state/room.ts';
import { useDesk } from '../../../state/store.ts';

/** `g`, then a letter within this time. */
const WITHIN_MS = 1200;

/**
 * `g m` map, `g t` table, `g s` SQL, `e` export. Heard before the single keys of the desk, so that the letter after `g` means only this.
 * @param defaultTable name of the table that opens
 */
export function listenToGo(defaultTable: () => string): () => void {
  let goMs = Number.NEGATIVE_INFINITY;
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (useRoom.getState().room !== 'desk' || isText(event.target) || document.querySelector('dialog[open]')) return;
    const { pane, setPane } = useDesk.getState();
    const taken = () => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const going = event.timeStamp - goMs < WITHIN_MS;
    goMs = Number.NEGATIVE_INFINITY;
    if (going) {
      if (event.key === 'm') setPane(null);
      else if (event.key === 't') setPane(pane?.startsWith('table') ? null : defaultTable());
      else if (event.key === 's') setPane(pane === 'sql' ? null : 'sql');
      else return;
      taken();
    } else if (event.key === 'g') goMs = event.timeStamp;
    else if (event.key === 'e') {
      useExport.getState().setOpen(true);
      taken();
    }
  };
  window.addEventListener('keydown', onKey, { capture: true });
  return () => window.removeEventListener('keydown', onKey, { capture: true });
}

function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
