import { expect, it } from 'vitest';
import { countIn } from '../../../../core/brief/counts.ts';
import { headlines } from '../../../../core/brief/state.ts';
import { briefWeek } from '../../../../core/brief/week.ts';
import { dayOf } from '../../../../core/time/local-date.ts';
import { NO_FILTERS } from '../../../../web/src/query/filters.ts';
import { changesUnder } from '../../../../web/src/sense/changes.ts';
import { type MadeRow, madeBrief } from '../../../support/made-brief.ts';

/** Week × source counts without a pattern, from a small generator: 70 weeks of three sources. */
const rows: MadeRow[] = [];
let state = 11;
for (let week = 0; week < 70; week++)
  for (let source = 0; source < 3; source++) {
    state = (state * 48_271) % 2_147_483_647;
    rows.push({ week, division: 1, source, group: 1, n: 60 + 40 * source + (state % 50) });
  }

it('a complete week says the same in the brief as on the desk and on the wall, for all and for each source, in every week', () => {
  const states = [`${'b'.repeat(8)}${'d'.repeat(62)}`, `${'d'.repeat(30)}m${'d'.repeat(39)}`, 'd'.repeat(70)];
  const input = madeBrief({ firstMonday: dayOf(2025, 5, 12), weeks: 70, rows, states });
  const { manifest, coverage } = input;
  let compared = 0;
  for (let at = 1; at < 70; at++) {
    const week = briefWeek(manifest, at);
    for (const [i, sources] of [[], [0], [1], [2]].entries()) {
      const counts = Uint32Array.from(
        manifest.weeks,
        (_, w) => countIn(input, { sources, category: null, division: null }, w) ?? 0,
      );
      const filters = { ...NO_FILTERS, sources, weeks: { first: at, end: at + 1 } };
      const desk = changesUnder({ manifest, coverage, series: null, filters, counts });
      const brief = headlines(input, week)[i];
      expect(brief?.figure.value ?? (brief?.missing ? desk?.n : null)).toBe(desk?.n);
      expect(brief?.change?.previous.comparison, `${week.iso} ${sources}`).toEqual(desk?.previous);
      expect(brief?.change?.yearAgo.byWeek.comparison.kind).toBe(desk?.yearAgo.kind);
      if (desk?.yearAgo.kind === 'compared') expect(brief?.change?.yearAgo.byWeek.comparison).toEqual(desk.yearAgo);
      if (desk?.previous.kind === 'compared') compared++;
    }
  }
  expect(compared).toBeGreaterThan(200);
});
