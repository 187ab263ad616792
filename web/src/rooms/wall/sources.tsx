import { percent } from '../../sense/words.ts';
import { useText } from '../../ui/use-text.ts';
import type { Box } from './layout.ts';
import { Panel } from './panel.tsx';
import { useFreshness, useSayWall } from './use-wall.ts';
import type { Shown } from './wall-store.ts';

/** What every number stands on: each source with its newest record, its cadence, and how much of it has a place. */
export function Sources({ shown, box, rem }: { readonly shown: Shown; readonly box: Box; readonly rem: number }) {
  const say = useSayWall();
  const { label } = useText();
  const { dictionaries } = shown.data.snapshot.manifest;
  const ages = useFreshness(shown);
  const late = ages.filter(({ verdict }) => verdict === 'late' || verdict === 'silent').length;
  const sources = dictionaries.sources;
  const room = Math.max(1, Math.floor((box.h / rem - 3.1) / 2.95));
  return (
    <Panel
      id="sources"
      box={box}
      title={say('sources.title')}
      note={late > 0 ? say('sources.late', { n: late }) : say('sources.fine', { n: sources.length })}
      stale={late > 0}
    >
      {sources.length === 0 && <p className="wall-absent">{say('sources.none')}</p>}
      <ul className="wall-sources">
        {sources.slice(0, room).map((source) => {
          const age = ages.find((entry) => entry.source === source.id);
          return (
            <li key={source.key} data-source={source.key} data-verdict={age?.verdict}>
              <span>{label(source.name)}</span>
              <b>{say(`fresh.${age?.verdict ?? 'silent'}`)}</b>
              <small>
                {source.asOf === null
                  ? say('fresh.never')
                  : say('sources.line', {
                      time: source.asOf.slice(5),
                      n: age?.ageDays ?? 0,
                      cadence: source.cadenceDays,
                      share: source.accepted > 0 ? percent(source.located / source.accepted) : '—',
                    })}
              </small>
            </li>
          );
        })}
      </ul>
      {sources.length > room && <p className="wall-more">{say('sources.more', { n: sources.length - room })}</p>}
    </Panel>
  );
}
