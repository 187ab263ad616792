import { useSayCompare } from './use-say.ts';

/** Entry of the list of keys. */
export function CompareHelp() {
  const say = useSayCompare();
  return (
    <div>
      <dt>
        <kbd>c</kbd>
      </dt>
      <dd>{say('help.open')}</dd>
    </div>
  );
}
