import { type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react';
import type { Coverage } from '../../../../core/contract/coverage.ts';
import type { SourceEntry } from '../../../../core/contract/manifest.ts';
import { WEEK_STATES, type WeekState } from '../../../../core/quality/coverage.ts';
import { civilDate, weekLabel } from '../../time/week.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { CELL, type Matrix, matrixOf, moved, statePath } from './coverage-matrix.ts';
import { cellText, STATE_TEXT } from './coverage-texts.ts';
import { divisionName } from './divisions.ts';

/** Drawing units a root unit; a week is as wide as the room allows, within limits. */
const UNITS_PER_REM = 10;
const WIDTH = { room: 980, least: 4.5, most: 14 } as const;

interface SourceMatrixProps {
  readonly coverage: Coverage;
  readonly source: SourceEntry;
}

/** Division × week of one source. One stop for the Tab key; arrows move, the line above says what the cursor or the pointer is on. */
export function SourceMatrix({ coverage, source }: SourceMatrixProps) {
  const { snapshot } = useSession();
  const { divisions, weekCube, manifest } = snapshot;
  const { t, locale, label } = useText();
  const matrix = useMemo(() => {
    const own = coverage.sources.find(({ key }) => key === source.key);
    return own ? matrixOf(coverage, own, weekCube, source.id) : null;
  }, [coverage, source, weekCube]);
  const [cursor, setCursor] = useState({ row: 0, week: Math.max(0, coverage.weeks - 1) });
  const [pointed, setPointed] = useState<typeof cursor | null>(null);
  if (!matrix) return null;
  const names = [label(manifest.profile.name), ...coverage.divisions.map((id) => divisionName(divisions, id, locale))];
  const at = pointed ?? cursor;
  const own = coverage.sources.find(({ key }) => key === source.key);
  const fillingFrom = own?.freshness.asOfDay == null ? null : own.freshness.asOfDay - own.fillingDays + 1;
  const week = manifest.weeks[at.week];
  const text = week
    ? t('coverage.read', {
        where: names[at.row] ?? '',
        week: weekLabel(week, locale),
        what: cellText(matrix.cell(at.row, at.week), week.firstDay, { t, locale, fillingFrom }),
      })
    : '';
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moved(cursor, event.key, matrix);
    if (!next) return;
    event.preventDefault();
    setPointed(null);
    setCursor(next);
  };
  return (
    <section className="coverage-matrix" aria-label={label(source.name)}>
      <div className="coverage-reading">
        <output id="coverage-reading">{text}</output>
        <StateKey />
      </div>
      <div
        className="coverage-scroll"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the cursor in it
        tabIndex={0}
        aria-label={t('coverage.matrixLabel', { source: label(source.name) })}
        aria-describedby="coverage-reading"
        onKeyDown={onKeyDown}
      >
        <ol className="coverage-rows" aria-hidden="true">
          {names.map((name, row) => (
            <li
              key={row === 0 ? 'all' : coverage.divisions[row - 1]}
              data-whole={row === 0}
              title={tallyText(matrix, row, t)}
            >
              {name}
            </li>
          ))}
        </ol>
        <MatrixDrawing
          matrix={matrix}
          mondays={manifest.weeks.map(({ firstDay }) => firstDay)}
          cursor={at}
          onPoint={setPointed}
          onPick={setCursor}
        />
      </div>
    </section>
  );
}

function tallyText(matrix: Matrix, row: number, t: ReturnType<typeof useText>['t']): string {
  const tally = matrix.tally(row);
  return WEEK_STATES.filter((state) => tally[state] > 0)
    .map((state) => t('coverage.tally', { what: t(STATE_TEXT[state]), n: tally[state] }))
    .join(t('coverage.comma'));
}

/** The looks and their words. */
function StateKey() {
  const { t } = useText();
  return (
    <p className="coverage-key">
      {WEEK_STATES.map((state) => (
        <span key={state}>
          <i className="month" data-state={state} /> {t(STATE_TEXT[state])}
        </span>
      ))}
    </p>
  );
}

interface MatrixDrawingProps {
  readonly matrix: Matrix;
  /** Days since 1970-01-01. */
  readonly mondays: readonly number[];
  readonly cursor: { readonly row: number; readonly week: number };
  readonly onPoint: (at: { row: number; week: number } | null) => void;
  readonly onPick: (at: { row: number; week: number }) => void;
}

/** Months above, one path a state below. Said in words by its surroundings, so hidden from readers of the screen. */
export function MatrixDrawing({ matrix, mondays, cursor, onPoint, onPick }: MatrixDrawingProps) {
  const width = Math.min(WIDTH.most, Math.max(WIDTH.least, WIDTH.room / matrix.weeks));
  const [w, h] = [width * matrix.weeks, CELL.height * matrix.rows];
  const paths = useMemo(
    () => WEEK_STATES.map((state): [WeekState, string] => [state, statePath(matrix, state, width)]),
    [matrix, width],
  );
  const cellAt = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const week = Math.floor(((event.clientX - box.left) / box.width) * matrix.weeks);
    const row = Math.floor(((event.clientY - box.top) / box.height) * matrix.rows);
    return week >= 0 && week < matrix.weeks && row >= 0 && row < matrix.rows ? { row, week } : null;
  };
  return (
    <div className="coverage-drawing" aria-hidden="true">
      <svg
        aria-hidden="true"
        className="coverage-axis"
        viewBox={`0 0 ${w} 14`}
        width={`${w / UNITS_PER_REM}rem`}
        height="1.4rem"
      >
        {quarters(mondays).map(({ week, text }) => (
          <g key={week}>
            <line x1={week * width} x2={week * width} y1={10} y2={14} />
            <text x={week * width + 1} y={9.5}>
              {text}
            </text>
          </g>
        ))}
      </svg>
      <svg
        aria-hidden="true"
        className="coverage-cells"
        viewBox={`0 0 ${w} ${h}`}
        width={`${w / UNITS_PER_REM}rem`}
        height={`${h / UNITS_PER_REM}rem`}
        onPointerMove={(event) => onPoint(cellAt(event))}
        onPointerLeave={() => onPoint(null)}
        onPointerDown={(event) => {
          const at = cellAt(event);
          if (at) onPick(at);
        }}
      >
        <defs>
          <pattern id="coverage-hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="coverage-hatch-line" width="1" height="3" />
          </pattern>
        </defs>
        {paths.map(([state, path]) => path && <path key={state} data-state={state} d={path} />)}
        <rect
          className="coverage-cursor"
          x={cursor.week * width}
          y={cursor.row * CELL.height + 0.5}
          width={width}
          height={CELL.height}
        />
      </svg>
    </div>
  );
}

/** Nearer marks would print over each other. */
const WEEKS_APART = 8;

/** First week of every quarter, named by year where the year begins. */
function quarters(mondays: readonly number[]): { week: number; text: string }[] {
  const marks: { week: number; text: string }[] = [];
  mondays.forEach((monday, week) => {
    const { year, month } = civilDate(monday);
    const before = mondays[week - 1];
    if (before !== undefined && civilDate(before).month === month) return;
    if ((month - 1) % 3 !== 0 && week > 0) return;
    if (week - (marks.at(-1)?.week ?? -WEEKS_APART) < WEEKS_APART) return;
    marks.push({ week, text: month <= 3 || week === 0 ? `${year}-${String(month).padStart(2, '0')}` : `${month}` });
  });
  return marks;
}
