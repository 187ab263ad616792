import { describe, expect, it } from 'vitest';
import { scoreTruth, type TruthAlert, type TruthPlant } from '../../../../core/evaluate/truth-score.ts';

const plant = (over: Partial<TruthPlant> = {}): TruthPlant => ({
  id: 'p',
  kind: 'outbreak',
  owed: 'alarm',
  isEpisode: true,
  firstDay: 110,
  endDay: 124,
  categories: [2],
  cells: [1, 2, 3],
  kappa: 7,
  ...over,
});
const alert = (over: Partial<TruthAlert> = {}): TruthAlert => ({
  id: 'a',
  kind: 'cluster',
  category: 1,
  since: 113,
  lastDay: 118,
  admittedDay: 114,
  isRegistered: false,
  cells: [2, 3],
  names: 'cells',
  ...over,
});
/** Category 1 is above 2; 5 is a line of its own. */
const isLine = (a: number, b: number): boolean => a === b || [a, b].every((id) => id === 1 || id === 2);
const score = (plants: readonly TruthPlant[], alerts: readonly TruthAlert[]) =>
  scoreTruth({ plants, alerts, span: { firstDay: 100, endDay: 184 }, isLine });

describe('truth score', () => {
  it('names an outbreak by its place: first day, delay, days left, and the day of the budget', () => {
    const { plants, falseAlerts } = score([plant()], [alert()]);
    expect(plants[0]).toMatchObject({ outcome: 'found', firstDay: 113, delay: 3, lead: 10, admittedDay: 114 });
    expect(falseAlerts).toEqual({ all: 0, admitted: 0, registered: 0 });
  });

  it.each([
    ['another category', { category: 5 }],
    ['another place', { cells: [7, 8] }],
    ['before the onset', { since: 109 }],
    ['after its end', { since: 124, lastDay: 130 }],
    ['half the city', { cells: Array.from({ length: 40 }, (_, i) => i) }],
  ])('an alert of %s is no hit, and false', (_, over) => {
    const { plants, falseAlerts } = score([plant()], [alert(over)]);
    expect(plants[0]).toMatchObject({ outcome: 'missed', firstDay: null, delay: null });
    expect(falseAlerts.all).toBe(1);
  });

  it('counts what the register says apart: it may find a plant, and is no false alert of the list', () => {
    const found = score([plant()], [alert({ isRegistered: true })]);
    expect([found.plants[0]?.outcome, found.falseAlerts.registered]).toEqual(['found', 0]);
    const wrong = score([plant()], [alert({ isRegistered: true, category: 5 }), alert({ id: 'b', category: 5 })]);
    expect(wrong.falseAlerts).toEqual({ all: 1, admitted: 1, registered: 1 });
  });

  it('a division that holds it names it only widely, and is not false', () => {
    const { plants, falseAlerts } = score(
      [plant()],
      [alert({ names: 'division', cells: Array.from({ length: 60 }, (_, i) => i), admittedDay: null })],
    );
    expect(plants[0]).toMatchObject({ outcome: 'wider', firstDay: 113, admittedDay: null });
    expect(falseAlerts.all).toBe(0);
  });

  it('what stands for months counts from the first evening, by an alert that stood already', () => {
    const chronic = plant({ kind: 'recurring', isEpisode: false, firstDay: 0, endDay: 1000, cells: [2] });
    expect(score([chronic], [alert({ since: 90, lastDay: 150, cells: [2] })]).plants[0]).toMatchObject({
      outcome: 'found',
      firstDay: 100,
      delay: 0,
    });
    expect(score([chronic], [alert({ since: 80, lastDay: 90, cells: [2] })]).plants[0]?.outcome).toBe('missed');
  });

  it('an area is named by an alert over about that area, not by one cell of it', () => {
    const area = plant({ isEpisode: false, cells: Array.from({ length: 30 }, (_, i) => i) });
    const of = (n: number, names: TruthAlert['names']) =>
      score([area], [alert({ names, cells: Array.from({ length: n }, (_, i) => i) })]).plants[0]?.outcome;
    expect([of(1, 'cells'), of(40, 'division'), of(90, 'division')]).toEqual(['missed', 'found', 'wider']);
  });

  it('does not score an outbreak that was under way when the replay began, nor call its alerts false', () => {
    const { plants, leftOut, falseAlerts } = score(
      [plant({ firstDay: 95, endDay: 112 })],
      [alert({ since: 102, lastDay: 105 })],
    );
    expect([plants.length, leftOut, falseAlerts.all]).toEqual([0, { outbreak: 1 }, 0]);
  });

  it('a placebo explains nothing: its alert is false', () => {
    const { plants, falseAlerts } = score([plant({ kind: 'placebo', owed: 'silence', kappa: null })], [alert()]);
    expect([plants[0]?.outcome, falseAlerts.all]).toEqual(['found', 1]);
  });

  it('storms: counts local alerts that fit nothing in their days against the rate of other days', () => {
    const storm = plant({ kind: 'storm', owed: 'silence', firstDay: 110, endDay: 114, categories: null, cells: null });
    const { silence } = score(
      [storm],
      [
        alert({ since: 111 }),
        alert({ since: 112, names: 'city', cells: [] }),
        ...[120, 130, 140, 150].map((since) => alert({ since })),
      ],
    );
    expect(silence).toEqual([{ kind: 'storm', plants: 1, days: 4, alerts: 1, byChance: (4 / 80) * 4 }]);
  });
});
