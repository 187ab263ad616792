import { useSayPlayback } from './use-playback.ts';

/** Entries of the list of keys. */
export function PlaybackHelp() {
  const say = useSayPlayback();
  return ENTRIES.map(({ key, text }) => (
    <div key={text}>
      <dt>
        <kbd>{key}</kbd>
      </dt>
      <dd>{say(text)}</dd>
    </div>
  ));
}

const ENTRIES = [
  { key: 'Space', text: 'help.play' },
  { key: '← →', text: 'help.step' },
  { key: 'Shift ← →', text: 'help.month' },
  { key: 'Home End', text: 'help.ends' },
  { key: '[ ]', text: 'help.window' },
] as const;
