import { openPlayback } from './playback-store.ts';
import { useSayPlayback } from './use-playback.ts';

/** Beside the choice of weeks. */
export function PlaybackButton() {
  const say = useSayPlayback();
  return (
    <button type="button" className="playback-open" onClick={openPlayback} aria-keyshortcuts="Space">
      {say('open')}
    </button>
  );
}
