import { useEffect, useMemo, useRef, useState } from 'react';
import { hooks } from '../app/hooks.ts';
import { useFocus } from '../rooms/desk/divisions.ts';
import { useFilters } from '../rooms/desk/filters.ts';
import { type Grouping, levelBelow, readPane } from '../rooms/desk/pane/pane-name.ts';
import { useSayTable } from '../rooms/desk/pane/use-say-table.ts';
import { useNameHead, useSorted } from '../rooms/desk/table/table-pane.tsx';
import { twinSheet } from '../rooms/desk/table/twin-sheet.ts';
import { type TwinTable, useTwin } from '../rooms/desk/table/use-twin.ts';
import { useCellTotals } from '../rooms/desk/use-cell-totals.ts';
import { useGrid } from '../rooms/desk/use-grid.ts';
import { useDesk } from '../state/store.ts';
import { isPartial } from '../time/week.ts';
import { shownValue, usePanel, useSession } from '../ui/use-panel.ts';
import { useText } from '../ui/use-text.ts';
import { type About, download, fileName } from './about.ts';
import { csvOf } from './csv.ts';
import { useExport } from './export-state.ts';
import { readLegend } from './legend-dom.ts';
import { useAbout } from './use-about.ts';
import './export.css';

type Done = { readonly kind: 'done'; readonly text: string } | { readonly kind: 'failed'; readonly text: string };
type Make = (
  about: About,
) => Promise<{ readonly ending: string; readonly type: string; readonly content: BlobPart; readonly note?: string }>;

/** Key `e`: what is on screen as files, each of which says what it is. */
export function ExportDialog() {
  const say = useSayTable();
  const about = useAbout();
  const dialog = useRef<HTMLDialogElement>(null);
  const { setOpen } = useExport.getState();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const hand = async (title: string, make: Make, legend: readonly string[] = []) => {
    setBusy(true);
    setDone(null);
    try {
      const said = about({ title, filtered: true, legend });
      const { ending, type, content, note } = await make(said);
      const name = fileName({ title, snapshot: said.snapshot, ending });
      download(name, new Blob([content], { type }));
      setDone({ kind: 'done', text: [say('export.done', { name }), note].filter(Boolean).join(' ') });
    } catch (thrown) {
      setDone({ kind: 'failed', text: thrown instanceof Error ? thrown.message : String(thrown) });
    }
    setBusy(false);
  };
  return (
    <dialog
      ref={dialog}
      className="export-dialog"
      aria-labelledby="export-title"
      aria-busy={busy}
      onClose={() => setOpen(false)}
    >
      <header>
        <h2 id="export-title">{say('export.title')}</h2>
        <form method="dialog">
          <button type="submit">{say('export.close')}</button>
        </form>
      </header>
      <p className="fine">{say('export.note')}</p>
      <TableExport busy={busy} hand={hand} />
      <CellExport busy={busy} hand={hand} />
      <PictureExport busy={busy} hand={hand} />
      <p role="status" className={done?.kind === 'failed' ? 'panel-failed' : 'export-done'}>
        {busy ? say('export.busy') : done?.kind === 'failed' ? say('export.failed', { why: done.text }) : done?.text}
      </p>
      <details>
        <summary>{say('export.inside')}</summary>
        <dl>
          {about({ title: say('table.title'), filtered: true, legend: legendTexts() }).lines.map(
            ({ key, name, text }) => (
              <div key={key}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ),
          )}
        </dl>
      </details>
    </dialog>
  );
}

interface PartProps {
  readonly busy: boolean;
  readonly hand: (title: string, make: Make, legend?: readonly string[]) => Promise<void>;
}

function TableExport({ busy, hand }: PartProps) {
  const { manifest, divisions } = useSession().snapshot;
  const say = useSayTable();
  const pane = useDesk((desk) => desk.pane);
  const focus = useFocus();
  const grouping = useMemo((): Grouping => {
    const shown = readPane(pane);
    if (shown?.kind === 'table') return shown.grouping;
    const deepest = Math.max(1, ...manifest.divisionLevels.map(({ level }) => level));
    return { by: 'division', level: levelBelow(divisions, focus, deepest) };
  }, [pane, manifest, divisions, focus]);
  const { table } = useTwin(grouping);
  const head = useNameHead(grouping);
  return (
    <section>
      <h3>{say('export.table')}</h3>
      <p className="fine">{say('export.tableNote', { by: head })}</p>
      {table ? (
        <TableButtons table={table} head={head} busy={busy} hand={hand} />
      ) : (
        <p className="panel-loading">{say('stage.loading')}</p>
      )}
    </section>
  );
}

function TableButtons({ table, head, busy, hand }: PartProps & { readonly table: TwinTable; readonly head: string }) {
  const say = useSayTable();
  const { locale } = useText();
  const sorted = useSorted(table);
  const title = say('export.tableTitle', { by: head });
  const sheet = () => twinSheet(table, sorted, { say, locale, nameHead: head });
  return (
    <div className="export-buttons">
      <button
        type="button"
        disabled={busy}
        data-export="csv"
        onClick={() =>
          void hand(title, async (about) => ({
            ending: 'csv',
            type: 'text/csv;charset=utf-8',
            content: csvOf(sheet(), about),
          }))
        }
      >
        {say('export.csv')}
      </button>
      <button
        type="button"
        disabled={busy}
        data-export="parquet"
        onClick={() =>
          void hand(title, async (about) => {
            const { parquetOf } = await import('./parquet.ts');
            return {
              ending: 'parquet',
              type: 'application/vnd.apache.parquet',
              content: parquetOf(sheet(), about) as BlobPart,
            };
          })
        }
      >
        Parquet
      </button>
      <button
        type="button"
        disabled={busy}
        data-export="arrow"
        onClick={() =>
          void hand(title, async (about) => {
            const { arrowOf } = await import('./arrow.ts');
            return {
              ending: 'arrow',
              type: 'application/vnd.apache.arrow.file',
              content: arrowOf(sheet(), about) as BlobPart,
            };
          })
        }
      >
        Arrow
      </button>
    </div>
  );
}

function CellExport({ busy, hand }: PartProps) {
  const { manifest } = useSession().snapshot;
  const say = useSayTable();
  const resolution = useDesk((desk) => desk.resolution) ?? manifest.grid.overview;
  const totals = useCellTotals(resolution);
  const grid = useGrid(resolution);
  const title = say('export.cellsTitle', { resolution });
  const make: Make = async (about) => {
    if (!totals || !grid) throw new Error(say('stage.loading'));
    const { hexagonsGeoJson } = await import('./geojson.ts');
    const cells = [...totals.n.keys()]
      .filter((row) => totals.n[row] !== 0)
      .map((row) => ({
        h3: (grid.h3[row] as bigint).toString(16),
        properties: { resolution, n: totals.n[row] as number },
      }));
    const withheld = {
      key: 'withheld',
      name: say('about.withheld'),
      text: say('about.withheldN', { n: totals.withheld }),
    };
    const lines = totals.withheld > 0 ? [...about.lines, withheld] : about.lines;
    return { ending: 'geojson', type: 'application/geo+json', content: hexagonsGeoJson(cells, { ...about, lines }) };
  };
  return (
    <section>
      <h3>{say('export.cells')}</h3>
      <p className="fine">{say('export.cellsNote', { resolution })}</p>
      <div className="export-buttons">
        <button
          type="button"
          disabled={busy || !totals || !grid}
          data-export="geojson"
          onClick={() => void hand(title, make)}
        >
          GeoJSON
        </button>
      </div>
    </section>
  );
}

const SCALES = [2, 4] as const;

function PictureExport({ busy, hand }: PartProps) {
  const { snapshot, panels } = useSession();
  const { weeks, window: covered } = snapshot.manifest;
  const say = useSayTable();
  const { number, t } = useText();
  const { weeks: range } = useFilters();
  const filtered = shownValue(usePanel(panels.weeks));
  const total = shownValue(usePanel(panels.all.weeks));
  const hasMap = useDesk((desk) => desk.resolution !== null);
  const png =
    (scale: number): Make =>
    async (about) => {
      const panel = document.querySelector<HTMLElement>('.map-panel');
      if (!hooks.map || !panel) throw new Error(say('export.noMap'));
      const { mapPicture } = await import('./map-picture.ts');
      const made = await mapPicture(hooks.map, { about, scale, panel });
      const note = made.scale < scale ? say('export.smaller', { n: number(made.scale, 1) }) : '';
      return { ending: 'png', type: 'image/png', content: made.blob, note };
    };
  const svg: Make = async (about) => {
    if (!filtered) throw new Error(say('stage.loading'));
    const { weekSvg } = await import('./week-svg.ts');
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const content = weekSvg(
      {
        weeks,
        filtered,
        total,
        partial: weeks.map((week) => isPartial(week, covered)),
        range,
        colours: {
          data: colour('data'),
          ghost: colour('ghost'),
          ink: colour('ink'),
          ink2: colour('ink-2'),
          line: colour('line'),
          panel: colour('panel'),
          accent: colour('accent'),
        },
        font: colour('font'),
        legend: {
          filtered: t('weeks.legendFiltered'),
          total: t('weeks.legendTotal'),
          partial: t('weeks.partialShort'),
        },
      },
      about,
    );
    return { ending: 'svg', type: 'image/svg+xml', content };
  };
  return (
    <section>
      <h3>{say('export.pictures')}</h3>
      <p className="fine">{say('export.picturesNote')}</p>
      <div className="export-buttons">
        {SCALES.map((scale) => (
          <button
            key={scale}
            type="button"
            disabled={busy || !hasMap}
            data-export={`png-${scale}`}
            onClick={() => void hand(say('stage.map'), png(scale), legendTexts())}
          >
            {say('export.png', { n: scale })}
          </button>
        ))}
        <button
          type="button"
          disabled={busy || !filtered}
          data-export="svg"
          onClick={() => void hand(say('export.weeksTitle'), svg)}
        >
          {say('export.svg')}
        </button>
      </div>
    </section>
  );
}

function legendTexts(): readonly string[] {
  const legend = readLegend(document);
  return legend ? [legend.title, ...legend.lines.map(({ text }) => text)] : [];
}
