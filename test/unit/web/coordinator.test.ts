import { describe, expect, it } from 'vitest';
import {
  type Columns,
  createCoordinator,
  type Panel,
  type PanelState,
  REST_PRIORITY,
} from '../../../web/src/query/coordinator.ts';
import { type Filters, NO_FILTERS } from '../../../web/src/query/filters.ts';
import type { ScanQuestion } from '../../../web/src/query/scan/messages.ts';
import type { ScanAnswer } from '../../../web/src/query/scan/views.ts';
import { keyOf, type Sql, sql, uint8 } from '../../../web/src/query/sql.ts';

interface Call {
  readonly query: Sql;
  answer(n: number): Promise<void>;
  refuse(message: string): Promise<void>;
}

function fixture() {
  const calls: Call[] = [];
  const settled: number[] = [];
  let clock = 0;
  const run = (query: Sql) =>
    new Promise<Columns>((resolve, reject) => {
      const tick = () => new Promise<void>((done) => setTimeout(done));
      calls.push({
        query,
        answer: (n) => {
          resolve({ n: [n] });
          return tick();
        },
        refuse: (message) => {
          reject(new Error(message));
          return tick();
        },
      });
    });
  const coordinator = createCoordinator({ run, nowMs: () => clock++, onSettled: ({ ms }) => settled.push(ms) });
  coordinator.setMode({ engine: 'running', preferCubes: false });
  return { coordinator, calls, settled };
}

const bySources = (filters: Filters) => sql`SELECT ${uint8(filters.sources[0] ?? 0)}`;
const panel = (id: string, extra: Partial<Panel<number>> = {}): Panel<number> => ({
  id,
  owner: null,
  priority: 0,
  query: bySources,
  decode: ({ n = [] }) => n[0] ?? -1,
  ...extra,
});
const source = (id: number): Filters => ({ ...NO_FILTERS, sources: [id] });

function watch(states: PanelState<number>[]) {
  return (state: PanelState<number>) => void states.push(state);
}

describe('coordinator', () => {
  it('asks equal questions once', async () => {
    const { coordinator, calls } = fixture();
    const a: PanelState<number>[] = [];
    const b: PanelState<number>[] = [];
    coordinator.mount(panel('a'), watch(a));
    coordinator.mount(panel('b'), watch(b));
    expect(calls).toHaveLength(1);
    await calls[0]?.answer(7);
    expect(calls).toHaveLength(1);
    expect(a.at(-1)).toEqual({ status: 'ready', value: 7, basis: 'facts' });
    expect(b.at(-1)).toEqual(a.at(-1));
  });

  it('runs one query at a time; of the waiting ones only the latest is asked', async () => {
    const { coordinator, calls } = fixture();
    const states: PanelState<number>[] = [];
    coordinator.mount(panel('a'), watch(states));
    for (const id of [1, 2, 3]) coordinator.setFilters(source(id));
    expect(calls).toHaveLength(1);
    await calls[0]?.answer(0);
    expect(calls.map((call) => call.query.params)).toEqual([[0], [3]]);
    await calls[1]?.answer(30);
    expect(states.filter((state) => state.status === 'ready')).toEqual([
      { status: 'ready', value: 30, basis: 'facts' },
    ]);
  });

  it('remembers answers until the data changes', async () => {
    const { coordinator, calls } = fixture();
    const states: PanelState<number>[] = [];
    coordinator.mount(panel('a'), watch(states));
    await calls[0]?.answer(1);
    coordinator.setFilters(source(5));
    await calls[1]?.answer(2);
    coordinator.setFilters(NO_FILTERS);
    expect(calls).toHaveLength(2);
    expect(states.at(-1)).toMatchObject({ value: 1 });
    coordinator.invalidate();
    expect(calls).toHaveLength(3);
    await calls[2]?.answer(9);
    expect(states.at(-1)).toMatchObject({ value: 9 });
  });

  it('does not deliver an answer from before the data changed', async () => {
    const { coordinator, calls } = fixture();
    const states: PanelState<number>[] = [];
    coordinator.mount(panel('a'), watch(states));
    coordinator.invalidate();
    await calls[0]?.answer(1);
    expect(states.some((state) => state.status === 'ready')).toBe(false);
    await calls[1]?.answer(2);
    expect(states.at(-1)).toMatchObject({ status: 'ready', value: 2 });
  });

  it('does not narrow a panel by the filter it owns', async () => {
    const { coordinator, calls } = fixture();
    const own: PanelState<number>[] = [];
    coordinator.mount(panel('own', { owner: 'sources' }), watch(own));
    await calls[0]?.answer(1);
    coordinator.setFilters(source(4));
    expect(calls).toHaveLength(1);
    coordinator.mount(panel('other'), () => undefined);
    expect(calls.map((call) => keyOf(call.query))).toEqual([keyOf(bySources(NO_FILTERS)), keyOf(bySources(source(4)))]);
  });

  it('draws the remembered answer anew when other filters lead to the same question', async () => {
    const { coordinator, calls } = fixture();
    const states: PanelState<number>[] = [];
    const query = () => sql`SELECT ${uint8(1)}`;
    const decode = ({ n = [] }: Columns, filters: Filters) => (n[0] ?? 0) + (filters.sources[0] ?? 0);
    coordinator.mount(panel('a', { query, decode }), watch(states));
    coordinator.setFilters(source(5));
    await calls[0]?.answer(100);
    expect(states.at(-1)).toMatchObject({ status: 'ready', value: 105 });
    coordinator.setFilters(source(7));
    expect(states.at(-1)).toMatchObject({ status: 'ready', value: 107 });
    expect(calls).toHaveLength(1);
  });

  it('asks the most urgent panel first', async () => {
    const { coordinator, calls } = fixture();
    const other = (n: number) => (filters: Filters) => sql`SELECT ${uint8(n)}, ${uint8(filters.sources[0] ?? 0)}`;
    coordinator.mount(panel('first'), () => undefined);
    coordinator.mount(panel('late', { priority: 5, query: other(1) }), () => undefined);
    coordinator.mount(panel('soon', { priority: 1, query: other(2) }), () => undefined);
    await calls[0]?.answer(0);
    expect(calls[1]?.query.params[0]).toBe(2);
  });

  it('names a failure, keeps the previous value and asks again on retry', async () => {
    const { coordinator, calls } = fixture();
    const states: PanelState<number>[] = [];
    coordinator.mount(panel('a'), watch(states));
    await calls[0]?.answer(1);
    coordinator.setFilters(source(2));
    await calls[1]?.refuse('out of memory');
    expect(states.at(-1)).toEqual({ status: 'failed', message: 'out of memory', previous: 1 });
    coordinator.retry('a');
    await calls[2]?.answer(3);
    expect(states.at(-1)).toMatchObject({ status: 'ready', value: 3 });
  });

  it('draws an answer of the cubes once, however many files of facts arrive', async () => {
    const { coordinator, calls } = fixture();
    const loading = { engine: 'running', preferCubes: true } as const;
    coordinator.setMode(loading);
    const states: PanelState<number>[] = [];
    coordinator.mount(panel('a', { preview: (filters) => filters.sources[0] ?? 42 }), watch(states));
    for (let i = 0; i < 3; i++) coordinator.invalidate(loading);
    expect(states).toEqual([{ status: 'ready', value: 42, basis: 'cube' }]);
    coordinator.setFilters(source(2));
    coordinator.invalidate(loading);
    expect(states.slice(1)).toEqual([{ status: 'ready', value: 2, basis: 'cube' }]);
    coordinator.invalidate({ engine: 'running', preferCubes: false });
    await calls[0]?.answer(7);
    expect(states.at(-1)).toEqual({ status: 'ready', value: 7, basis: 'facts' });
    coordinator.invalidate(loading);
    expect(states.at(-1)).toEqual({ status: 'ready', value: 2, basis: 'cube' });
  });

  it('answers from the cubes while the facts are not complete, and asks the facts where the cubes cannot tell', async () => {
    const { coordinator, calls } = fixture();
    coordinator.setMode({ engine: 'none', preferCubes: true });
    const states: PanelState<number>[] = [];
    const preview = (filters: Filters) => (filters.division ? null : 42);
    coordinator.mount(panel('a', { preview }), watch(states));
    expect(states.at(-1)).toEqual({ status: 'ready', value: 42, basis: 'cube' });
    coordinator.setFilters({ ...NO_FILTERS, division: { id: 1, end: 2 } });
    expect(states.at(-1)).toEqual({ status: 'loading', previous: 42 });
    expect(calls).toHaveLength(0);
    coordinator.setMode({ engine: 'running', preferCubes: true });
    await calls[0]?.answer(5);
    expect(states.at(-1)).toEqual({ status: 'ready', value: 5, basis: 'facts' });
  });

  it('reports one time for a change, when the last panel is there, and forgets unmounted panels', async () => {
    const { coordinator, calls, settled } = fixture();
    settled.length = 0;
    const unmount = coordinator.mount(panel('gone', { query: () => sql`SELECT ${uint8(9)}` }), () => undefined);
    coordinator.mount(panel('a'), () => undefined);
    await calls[0]?.answer(0);
    coordinator.setFilters(source(1));
    unmount();
    await calls[1]?.answer(0);
    await calls[2]?.answer(0);
    expect(settled).toHaveLength(1);
  });

  describe('with a scan', () => {
    const tally = (filters: Filters, drawn: number): ScanQuestion => ({ kind: 'tally', filters, resolution: drawn });
    const numbered = (n: number): ScanAnswer => ({ kind: 'windows', histogram: new Map([[n, 1]]) });
    const first = (answer: ScanAnswer) => (answer.kind === 'windows' ? ([...answer.histogram.keys()][0] ?? -1) : -1);
    function scanning() {
      const asked: ScanQuestion[] = [];
      const settled: number[] = [];
      const coordinator = createCoordinator({
        run: () => Promise.reject(new Error('not in SQL')),
        scan: async (question) => {
          asked.push(question);
          return numbered(asked.length);
        },
        nowMs: () => 0,
        onSettled: ({ ms }) => settled.push(ms),
      });
      coordinator.setResolution(8);
      coordinator.setMode({ engine: 'running', preferCubes: false });
      return { coordinator, asked, settled };
    }
    const tick = (ms = 0) => new Promise<void>((done) => setTimeout(done, ms));
    const scanned = (id: string, extra: Partial<Panel<number>> = {}) =>
      panel(id, { scan: { question: tally, read: first }, ...extra });

    it('asks one pass for all panels, and gives it the filters of the owners too', async () => {
      const { coordinator, asked } = scanning();
      coordinator.setFilters(source(2));
      const states: PanelState<number>[] = [];
      coordinator.mount(scanned('sources', { owner: 'sources' }), watch(states));
      coordinator.mount(scanned('weeks', { owner: 'weeks' }), watch(states));
      await tick();
      expect(asked).toEqual([{ kind: 'tally', filters: source(2), resolution: 8 }]);
      expect(states.filter(({ status }) => status === 'ready')).toHaveLength(2);
    });

    it('asks for detail and for what is not urgent only when the filters rest', async () => {
      const { coordinator, asked, settled } = scanning();
      const states: PanelState<number>[] = [];
      const atRest = (filters: Filters): ScanQuestion => tally(filters, 10);
      coordinator.mount(scanned('cells', { scan: { question: tally, read: first, atRest } }), watch(states));
      const windows: ScanQuestion = { kind: 'windows', filters: NO_FILTERS, resolution: 8, length: 4 };
      coordinator.mount(
        panel('scale', { priority: REST_PRIORITY, scan: { question: () => windows, read: first } }),
        () => undefined,
      );
      coordinator.setFilters(source(1));
      await tick(20);
      expect(asked.map((question) => question.kind)).not.toContain('windows');
      expect(settled.length).toBeGreaterThan(0);
      await tick(400);
      expect(asked.slice(-2)).toEqual([windows, tally(source(1), 10)]);
      expect(states.at(-1)).toEqual({ status: 'ready', value: asked.length, basis: 'facts' });
    });

    it('does not ask for a panel off screen, and catches up when it is back', async () => {
      const { coordinator, asked } = scanning();
      const states: PanelState<number>[] = [];
      coordinator.mount(scanned('hours'), watch(states));
      await tick();
      coordinator.setVisible('hours', false);
      coordinator.setFilters(source(1));
      await tick();
      expect(asked).toHaveLength(1);
      coordinator.setVisible('hours', true);
      await tick();
      expect(asked.at(-1)).toEqual(tally(source(1), 8));
      expect(states.at(-1)).toMatchObject({ status: 'ready', value: 2 });
    });

    it('says so where only the cubes answer and they cannot', () => {
      const { coordinator, asked } = scanning();
      coordinator.setMode({ engine: 'none', preferCubes: true, cubesOnly: 'too many' });
      const can: PanelState<number>[] = [];
      const cannot: PanelState<number>[] = [];
      coordinator.mount(scanned('a', { preview: () => 5 }), watch(can));
      coordinator.mount(scanned('b', { preview: () => null }), watch(cannot));
      expect(can.at(-1)).toEqual({ status: 'ready', value: 5, basis: 'cube' });
      expect(cannot.at(-1)).toEqual({ status: 'failed', message: 'too many', previous: null });
      expect(asked).toHaveLength(0);
    });
  });
});
