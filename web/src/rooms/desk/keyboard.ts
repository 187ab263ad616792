import { MAP_LAYERS } from '../../state/permalink.ts';
import { useRoom } from '../../state/room.ts';
import { useDesk } from '../../state/store.ts';
import { ALERT_LIST_ID } from './alert-list-id.ts';
import { stepBack, toggleAreaTools, useAreaTools } from './area/tools.ts';
import { CATEGORY_SEARCH_ID } from './categories.tsx';
import { onCompareKey } from './compare/compare-keys.ts';
import { openFindings } from './findings/finding-form-state.ts';
import { copyLink } from './header.tsx';
import { onPlaybackKey } from './playback/playback-keys.ts';

/** Two presses of Esc within this time clear every filter. */
const DOUBLE_MS = 400;

/** Shortcuts of the desk. Keys that belong to an input method or to a text field are left alone. */
export function listenToKeys(): () => void {
  let lastEscapeMs = Number.NEGATIVE_INFINITY;
  const onKey = (event: KeyboardEvent) => {
    // 229: some browsers report composition only in this way.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (useRoom.getState().room !== 'desk') return;
    const desk = useDesk.getState();
    if (event.key === 'Escape') {
      if (document.querySelector('dialog[open]')) return;
      if (isText(event.target)) return event.target.blur();
      if (stepBack() || onPlaybackKey(event) || onCompareKey(event)) return;
      const twice = event.timeStamp - lastEscapeMs < DOUBLE_MS;
      lastEscapeMs = event.timeStamp;
      if (twice) desk.clearFilters();
      else if (desk.cell) desk.pinCell(null);
      else if (desk.alert !== null) desk.openAlert(null);
      else if (desk.pane !== null) desk.setPane(null);
      else desk.clearLastFilter();
      return;
    }
    if (isText(event.target) || document.querySelector('dialog[open]')) return;
    if (onPlaybackKey(event) || onCompareKey(event)) return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById(CATEGORY_SEARCH_ID)?.focus();
    } else if (event.key === 'y') void copyLink();
    else if (event.key === 'd') desk.setCoverageOpen(true);
    else if (event.key === 'a') showAlerts();
    else if (event.key === 'm')
      desk.setLayer(MAP_LAYERS[(MAP_LAYERS.indexOf(desk.layer) + 1) % MAP_LAYERS.length] ?? 'count');
    else if (event.key === 'q') toggleAreaTools();
    // While the area tools are open the digits choose a tool.
    else if (/^[1-9]$/.test(event.key) && !useAreaTools.getState().open) desk.choosePreset(event.key);
    else if (event.key === 'n') {
      // Else the letter would be the first of the text.
      event.preventDefault();
      openFindings();
    } else if (event.key === '?') desk.setHelpOpen(true);
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}

/** The list of alerts with the focus in it; where it is not loaded yet, it takes the focus when it comes. */
function showAlerts(): void {
  const desk = useDesk.getState();
  desk.openAlert(null);
  desk.setSide('alerts');
  desk.wantAlertFocus(true);
  if (!focusFirst()) requestAnimationFrame(focusFirst);
}

function focusFirst(): boolean {
  const first = document.querySelector<HTMLElement>(`#${ALERT_LIST_ID} button`);
  first?.focus();
  if (first) useDesk.getState().wantAlertFocus(false);
  return first !== null;
}

function isText(target: EventTarget | null): target is HTMLElement {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
