import type { Alert } from '../../../../core/contract/sense.ts';
import { isoDate } from '../../time/week.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useText } from '../../ui/use-text.ts';
import type { SourceFreshness } from './freshness.ts';
import { tileFreshness } from './freshness.ts';
import type { Box } from './layout.ts';
import { alertCaption, alertTitle, levelWords, MOST_ALERTS } from './model.ts';
import { Missing, Panel } from './panel.tsx';
import { stopOf } from './tour.ts';
import { linesOf } from './type-size.ts';
import { useFreshness, useSayWall } from './use-wall.ts';
import { type Shown, useWall } from './wall-store.ts';

interface AlertListProps {
  readonly shown: Shown;
  readonly box: Box;
  readonly rem: number;
}

/** The in-budget alerts, each with its one sentence; the one the tour stands at is always on the page that is shown. */
export function AlertList({ shown, box, rem }: AlertListProps) {
  const say = useSayWall();
  const { data } = shown;
  const part = data.alerts;
  const at = useWall((wall) => stopOf(wall.tour)?.id ?? '');
  const fresh = useWall((wall) => wall.tour.fresh);
  const ages = useFreshness(shown);
  const title = say('alerts.title');
  if (part.status !== 'ready')
    return (
      <Panel id="alerts" box={box} title={title} note="">
        <Missing part={part} />
      </Panel>
    );
  const { alerts, asOfDay } = part.value;
  // Not one week of data: there was nothing to assess, which is no quiet day.
  const assessed = data.snapshot.manifest.weeks.length > 0;
  const used = [...new Set(alerts.flatMap(({ sources }) => sources.map(({ source }) => source)))];
  const stale = alerts.length > 0 && tileFreshness(ages, used).stale;
  const here = alerts.findIndex(({ id }) => at === `alert/${id}`);
  return (
    <Panel
      id="alerts"
      box={box}
      title={title}
      note={assessed ? say('alerts.note', { day: isoDate(asOfDay).slice(5), n: alerts.length }) : ''}
      stale={stale}
    >
      {alerts.length === 0 && <p className="wall-absent">{say(assessed ? 'alerts.none' : 'alerts.nothing')}</p>}
      <Rows shown={shown} alerts={alerts} here={here} fresh={fresh} ages={ages} box={box} rem={rem} />
    </Panel>
  );
}

interface RowsProps extends AlertListProps {
  readonly alerts: readonly Alert[];
  readonly here: number;
  readonly fresh: string | null;
  readonly ages: readonly SourceFreshness[];
}

/** Rem that a row has apart from its sentence, and that the panel has apart from its rows. */
const ROW_EM = 2.1;
const LINE_EM = 1.5;
const BRIEF_EM = 2.3;
const FRAME_EM = 4.6;
const MARK_EM = 8.2;

function Rows({ shown, alerts, here, fresh, ages, box, rem }: RowsProps) {
  const say = useSayWall();
  const { label, locale } = useText();
  const { data } = shown;
  const lineEm = box.w / rem - MARK_EM;
  const why = (alert: Alert) => {
    const tile = tileFreshness(
      ages,
      alert.sources.map(({ source }) => source),
    );
    const words = label(alertCaption(alert, data));
    return tile.stale ? say('alerts.then', { words }) : words;
  };
  const heights = alerts.map((alert) => {
    const title = linesOf(label(alertTitle(alert, data.snapshot)), lineEm);
    return ROW_EM + (title - 1) * LINE_EM + linesOf(why(alert), lineEm) * LINE_EM;
  });
  const room = box.h / rem - FRAME_EM;
  const pages = pagesOf(heights, room);
  const page = pages.find(({ first, end }) => here >= first && here < end) ?? pages[0];
  if (!page) return null;
  const used = heights.slice(page.first, page.end).reduce((sum, height) => sum + height, 0);
  // Whoever is next, by title only, in the room that is left.
  const brief = Math.min(alerts.length - page.end, Math.max(0, Math.floor((room - used) / BRIEF_EM)));
  const end = page.end + brief;
  const others = alerts.length - (end - page.first);
  return (
    <>
      <ol className="wall-alerts">
        {alerts.slice(page.first, end).map((alert, i) => {
          const tile = tileFreshness(
            ages,
            alert.sources.map(({ source }) => source),
          );
          const whole = page.first + i < page.end;
          return (
            <li
              key={alert.id}
              data-alert={alert.id}
              data-here={page.first + i === here}
              data-new={fresh === `alert/${alert.id}`}
              data-stale={tile.stale}
              data-brief={!whole}
            >
              <span className="wall-level">
                <LevelMark level={alert.level} />
                {whole && levelWords(alert.level, locale)}
              </span>
              <div>
                <h3>
                  <span>{label(alertTitle(alert, data.snapshot))}</span> <small>{say(`state.${alert.state}`)}</small>
                </h3>
                {whole && <p>{why(alert)}</p>}
              </div>
            </li>
          );
        })}
      </ol>
      {others > 0 && (
        <p className="wall-more">
          {say(alerts.length > MOST_ALERTS ? 'alerts.moreDesk' : 'alerts.more', { n: others, toured: MOST_ALERTS })}
        </p>
      )}
    </>
  );
}

/** Cuts rows into pages of a height; a row that is higher than a page has one to itself. */
export function pagesOf(
  heights: readonly number[],
  room: number,
): readonly { readonly first: number; readonly end: number }[] {
  const pages: { first: number; end: number }[] = [];
  let used = 0;
  heights.forEach((height, i) => {
    const page = pages.at(-1);
    if (page && used + height <= room) {
      page.end = i + 1;
      used += height;
    } else {
      pages.push({ first: i, end: i + 1 });
      used = height;
    }
  });
  return pages;
}
