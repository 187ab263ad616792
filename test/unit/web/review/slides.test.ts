import { describe, expect, it } from 'vitest';
import { weeklyBrief } from '../../../../core/brief/brief.ts';
import type { DeskFinding } from '../../../../core/contract/finding.ts';
import { dayOf } from '../../../../core/time/local-date.ts';
import { slidesOf } from '../../../../web/src/rooms/review/slides.ts';
import { madeBrief } from '../../../support/made-brief.ts';

const rows = Array.from({ length: 8 }, (_, week) => ({ week, division: 1, source: 0, group: 1, n: 50 }));
const brief = weeklyBrief(madeBrief({ firstMonday: dayOf(2026, 3, 2), weeks: 8, rows }));
const written: DeskFinding = {
  id: 'one',
  text: '夜间施工集中在两个路口',
  level: 3,
  week: brief.week.iso,
  link: 'version=1&categories=noise',
  scope: '噪声扰民',
  n: 12,
  snapshot: '0123456789abcdef',
  asOf: '2026-04-26 23:00',
  at: '2026-04-27 09:00',
};

describe('slides of the meeting', () => {
  it('what analysts wrote stands after the places, one slide each, and a decision on it is about the whole city', () => {
    const plain = slidesOf(brief, []).map(({ kind }) => kind);
    expect(plain[0]).toBe('decisions');
    expect(plain.at(-1)).toBe('suggestions');
    const slides = slidesOf(brief, [written, { ...written, id: 'two' }]);
    const kinds = slides.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'person')).toEqual(plain);
    const first = kinds.indexOf('person');
    expect(kinds.slice(first, first + 2)).toEqual(['person', 'person']);
    expect(kinds.slice(0, first).every((kind) => ['decisions', 'state', 'place'].includes(kind))).toBe(true);
    expect(slides[first]).toMatchObject({ written: { id: 'one' }, query: slides[0]?.query });
  });
});
