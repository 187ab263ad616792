import { type KeyboardEvent, memo, type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import { blockText, dayNames, type HoursKey, sayHours } from '../../i18n/hours-texts.ts';
import type { Values } from '../../i18n/texts.ts';
import type { HourBlock } from '../../query/filters.ts';
import { useDesk } from '../../state/store.ts';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import {
  blockBetween,
  cellAt,
  type HourCell,
  type HourReading,
  inBlock,
  isWhole,
  readHours,
  SHADES,
  stepped,
} from './hour-matrix.ts';
import './css/hours.css';

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** When in the week it happens; a block of it can be chosen. Not narrowed by its own choice. */
export function Hours() {
  const { panels } = useSession();
  const { locale, number } = useText();
  const say = useCallback((key: HoursKey, values?: Values) => sayHours(locale, key, values), [locale]);
  const state = usePanel(panels.hours);
  const counts = shownValue(state);
  const block = useDesk((desk) => desk.hours);
  const { setHours } = useDesk.getState();
  const [at, setAt] = useState<HourCell | null>(null);
  const names = dayNames(locale);
  const reading = useMemo(() => (counts ? readHours(counts) : null), [counts]);
  const read = at ?? (reading?.peak === null || reading?.peak === undefined ? null : cellAt(reading.peak));
  const words =
    counts && read
      ? say(at ? 'read' : 'peak', {
          day: names[read.day] ?? '',
          hour: String(read.hour),
          n: counts[read.day * 24 + read.hour] ?? 0,
        })
      : null;
  const choose = (next: HourBlock | null) => setHours(next && !isWhole(next) ? next : null);
  return (
    <PanelFrame
      id="hours"
      title={say('title')}
      state={state}
      className="hours"
      aside={<p className="hours-reading">{words}</p>}
    >
      {reading?.peak === null && <p className="panel-empty">{say('none')}</p>}
      {counts && reading && reading.peak !== null && (
        <Matrix reading={reading} block={block} say={say} names={names} onAt={setAt} onChoose={choose} />
      )}
      {reading && (
        <div className="hours-foot">
          <span className="hours-scale" role="img" aria-label={say('scale')} title={say('scale')}>
            {say('least')}
            {Array.from({ length: SHADES + 1 }, (_, shade) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a fixed row of shades
              <i key={shade} data-shade={shade} />
            ))}
            {number(reading.largest)}
          </span>
          {block && (
            <button type="button" className="quiet" onClick={() => choose(null)}>
              {say('clear')}
            </button>
          )}
        </div>
      )}
      {reading && reading.unknown > 0 && <p className="fine">{say('unknown', { n: reading.unknown })}</p>}
    </PanelFrame>
  );
}

interface MatrixProps {
  readonly reading: HourReading;
  readonly block: HourBlock | null;
  readonly say: (key: HoursKey, values?: Values) => string;
  readonly names: readonly string[];
  /** null = nowhere. */
  readonly onAt: (cell: HourCell | null) => void;
  readonly onChoose: (block: HourBlock | null) => void;
}

/** One stop of the Tab key; inside it the arrow keys move. */
function Matrix({ reading, block, say, names, onAt, onChoose }: MatrixProps) {
  const { locale } = useText();
  const [cursor, setCursor] = useState<HourCell | null>(null);
  const anchor = useRef<HourCell | null>(null);
  const short = say('days').split(' ');
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const cell = cellUnder(event);
    onAt(cell);
    if (cell && anchor.current && event.buttons === 1) onChoose(blockBetween(anchor.current, cell));
  };
  const down = (event: PointerEvent<HTMLDivElement>) => {
    const cell = cellUnder(event);
    if (!cell || event.button !== 0) return;
    anchor.current = cell;
    setCursor(cell);
    const only = block && block.endDay - block.firstDay === 1 && block.endHour - block.firstHour === 1;
    onChoose(only && inBlock(block, cell) ? null : blockBetween(cell, cell));
  };
  const key = (event: KeyboardEvent<HTMLDivElement>) => {
    const from = cursor ?? { day: 0, hour: 0 };
    const to = stepped(from, event.key);
    if (to) {
      event.preventDefault();
      setCursor(to);
      onAt(to);
      if (!event.shiftKey) anchor.current = to;
      else {
        anchor.current ??= from;
        onChoose(blockBetween(anchor.current, to));
      }
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      anchor.current = from;
      setCursor(from);
      onChoose(blockBetween(from, from));
    }
  };
  const chosen = block ? ` ${blockText(block, locale)}` : '';
  return (
    <div className="hours-matrix">
      <div className="hours-days">
        {DAYS.map((day) => (
          <button
            key={day}
            type="button"
            title={say('wholeDay', { day: names[day] ?? '' })}
            aria-pressed={
              block !== null &&
              block.firstDay === day &&
              block.endDay === day + 1 &&
              block.firstHour === 0 &&
              block.endHour === 24
            }
            onClick={() => onChoose({ firstDay: day, endDay: day + 1, firstHour: 0, endHour: 24 })}
          >
            {short[day]}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a table of cells that are dragged over */}
      <div
        className="hours-grid"
        role="grid"
        tabIndex={0}
        aria-label={`${say('grid')}${chosen}`}
        aria-description={say('how')}
        title={say('how')}
        aria-activedescendant={cursor ? cellId(cursor) : undefined}
        onPointerMove={move}
        onPointerDown={down}
        onPointerLeave={() => onAt(null)}
        onBlur={() => onAt(null)}
        onKeyDown={key}
      >
        {DAYS.map((day) => (
          <Row
            key={day}
            day={day}
            shade={reading.shade}
            block={block}
            cursor={cursor?.day === day ? cursor.hour : null}
          />
        ))}
      </div>
      <div className="hours-axis" aria-hidden="true">
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly day: number;
  readonly shade: Uint8Array;
  readonly block: HourBlock | null;
  readonly cursor: number | null;
}

const Row = memo(({ day, shade, block, cursor }: RowProps) => (
  // biome-ignore lint/a11y/useSemanticElements: see the grid
  // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
  <div role="row">
    {HOURS.map((hour) => (
      // biome-ignore lint/a11y/useSemanticElements: see the grid
      // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
      <span
        key={hour}
        id={cellId({ day, hour })}
        role="gridcell"
        data-slot={day * 24 + hour}
        data-shade={shade[day * 24 + hour]}
        data-out={block !== null && !inBlock(block, { day, hour })}
        data-cursor={cursor === hour}
        aria-selected={block !== null && inBlock(block, { day, hour })}
      />
    ))}
  </div>
));

const cellId = ({ day, hour }: HourCell) => `hour-${day}-${hour}`;

function cellUnder({ clientX, clientY }: PointerEvent<HTMLDivElement>): HourCell | null {
  const found = document.elementFromPoint(clientX, clientY);
  const slot = found instanceof HTMLElement ? found.dataset.slot : undefined;
  return slot === undefined ? null : cellAt(Number(slot));
}
