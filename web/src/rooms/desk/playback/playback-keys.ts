import { useDesk } from '../../../state/store.ts';
import { closePlayback, openPlayback, usePlayback } from './playback-store.ts';

/** Weeks of Shift + arrow. */
const LONG_STEP_WEEKS = 4;

/**
 * Keys of playback; true = taken. Text fields, input methods and open dialogs have been asked before. A focused control keeps its own
 * space, a focused map its arrows.
 */
export function onPlaybackKey(event: KeyboardEvent): boolean {
  // Whoever is nearer to the focus has used it: a table its arrows, the map its cells.
  if (event.defaultPrevented || (event.target instanceof HTMLElement && event.target.isContentEditable)) return false;
  const open = useDesk.getState().playback !== null;
  const { controls } = usePlayback.getState();
  if (event.key === ' ') {
    if (isControl(event.target)) return false;
    event.preventDefault();
    // Held down it would flicker.
    if (event.repeat) return true;
    if (!open) openPlayback();
    else controls?.toggle();
    return true;
  }
  if (!open) return false;
  if (event.key === 'Escape') {
    closePlayback();
    return true;
  }
  const act = controls && actionOf(event, controls);
  if (!act || (event.key.startsWith('Arrow') && event.target instanceof HTMLCanvasElement)) return false;
  event.preventDefault();
  act();
  return true;
}

type Controls = NonNullable<ReturnType<typeof usePlayback.getState>['controls']>;

function actionOf({ key, shiftKey }: KeyboardEvent, controls: Controls): (() => void) | null {
  switch (key) {
    case 'ArrowLeft':
      return shiftKey ? () => controls.stepWeeks(-LONG_STEP_WEEKS) : () => controls.step(-1);
    case 'ArrowRight':
      return shiftKey ? () => controls.stepWeeks(LONG_STEP_WEEKS) : () => controls.step(1);
    case 'Home':
      return controls.toFirst;
    case 'End':
      return controls.toLast;
    case '[':
      return () => controls.resize(-1);
    case ']':
      return () => controls.resize(1);
    default:
      return null;
  }
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('button, a, input, summary, [role="button"], [role="tab"]') !== null
  );
}
