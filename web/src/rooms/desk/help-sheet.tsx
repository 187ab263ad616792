import { useText } from '../../ui/use-text.ts';
import { CompareHelp } from './compare/compare-help.tsx';
import { PlaybackHelp } from './playback/playback-help.tsx';

/** What can be done without a mouse. */
export function HelpSheet() {
  const { t } = useText();
  return (
    <>
      <dl>
        {ENTRIES.map(({ text, ...how }) => (
          <div key={text}>
            <dt>
              <kbd>{'key' in how ? how.key : t(how.name)}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
        <CompareHelp />
        <PlaybackHelp />
      </dl>
      <h3>{t('help.numbers')}</h3>
      <p>{t('help.numbersText')}</p>
    </>
  );
}

const ENTRIES = [
  { key: '/', text: 'help.search' },
  { key: 'Esc', text: 'help.escape' },
  { key: 'y', text: 'help.copy' },
  { key: 'd', text: 'help.coverage' },
  { key: 'a', text: 'help.alerts' },
  { key: 'm', text: 'help.layer' },
  { key: 'q', text: 'help.area' },
  { key: 'g t', text: 'help.table' },
  { key: 'g s', text: 'help.sql' },
  { key: 'g m', text: 'help.map' },
  { key: 'e', text: 'help.export' },
  { key: '1–9', text: 'help.preset' },
  { key: 'n', text: 'help.finding' },
  { key: '?', text: 'help.help' },
  { name: 'help.clickKey', text: 'help.click' },
  { name: 'help.addKey', text: 'help.add' },
  { name: 'help.brushKey', text: 'help.brush' },
] as const;
