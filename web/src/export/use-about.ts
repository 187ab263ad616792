import { useCallback } from 'react';
import { useSayTable } from '../rooms/desk/pane/use-say-table.ts';
import { useDesk } from '../state/store.ts';
import { permalink } from '../state/url.ts';
import { isoDate } from '../time/week.ts';
import { shownValue, usePanel, useSession } from '../ui/use-panel.ts';
import { useText } from '../ui/use-text.ts';
import type { About, AboutLine } from './about.ts';

export interface AboutInput {
  readonly title: string;
  /** False: the content does not obey the filters of the desk (a query of the console). */
  readonly filtered: boolean;
  /** What the colours mean, for a picture of the map. */
  readonly legend?: readonly string[];
}

/** What an export is, from what is on screen now. */
export function useAbout(): (input: AboutInput) => About {
  const { snapshot, panels } = useSession();
  const { manifest } = snapshot;
  const { number, label, locale } = useText();
  const say = useSayTable();
  const totals = shownValue(usePanel(panels.totals));
  const city = shownValue(usePanel(panels.cityTotals));
  const division = useDesk((desk) => desk.division);
  return useCallback(
    ({ title, filtered, legend = [] }) => {
      const { sources } = manifest.dictionaries;
      const line = (key: string, text: string): AboutLine => ({
        key,
        name: say(`about.${key}` as 'about.title'),
        text,
      });
      const filters = chipTexts();
      const unlocated = division === null ? totals?.unlocated : city?.unlocated;
      const lines: AboutLine[] = [line('title', `${label(manifest.profile.name)} · ${title}`)];
      if (filtered) {
        lines.push(line('filters', filters.length > 0 ? filters.join(say('about.join')) : say('about.noFilters')));
        if (totals)
          lines.push(
            line('counted', say('about.ofTotal', { n: number(totals.n), total: number(manifest.totals.accepted) })),
          );
        if (unlocated !== undefined)
          lines.push(
            line(
              'unlocated',
              say(division === null ? 'about.unlocatedN' : 'about.unlocatedCity', { n: number(unlocated) }),
            ),
          );
        if (totals?.divisionOnly)
          lines.push(line('divisionOnly', say('about.divisionOnlyN', { n: number(totals.divisionOnly) })));
        if (!totals) lines.push(line('counted', say('about.loading')));
      } else lines.push(line('filters', say('about.unfiltered')));
      if (legend.length > 0) lines.push(line('legend', legend.join(say('about.join'))));
      lines.push(
        line(
          'asOf',
          sources
            .map((source) => `${label(source.name)} ${source.asOf ?? say('about.noAsOf')}`)
            .join(say('about.join')),
        ),
        line('window', `${isoDate(manifest.window.firstDay)} – ${isoDate(manifest.window.endDay - 1)}`),
        line('zone', manifest.zone),
        line('snapshot', manifest.snapshot),
        line('link', permalink()),
        line('attribution', label(manifest.profile.attribution)),
        line('exported', localMoment(manifest.zone, locale)),
      );
      return { title, snapshot: manifest.snapshot, lines };
    },
    [manifest, say, label, number, locale, totals, city, division],
  );
}

/** The active filters in the words of their chips, whichever part of the desk set them. */
function chipTexts(): readonly string[] {
  return [...document.querySelectorAll('.chips .chip')].map((chip) =>
    [chip.querySelector('.chip-kind')?.textContent, chip.querySelector('.chip-name')?.textContent]
      .filter(Boolean)
      .join(' '),
  );
}

/** Now, on the city's clock. */
function localMoment(zone: string, locale: string): string {
  return new Date().toLocaleString(locale === 'en' ? 'en-GB' : 'zh-CN', { timeZone: zone, hour12: false });
}
