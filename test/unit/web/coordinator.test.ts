import { describe, expect, it } from 'vitest';
import { type Columns, createCoordinator, type Panel, type PanelState } from '../../../web/src/query/coordinator.ts';
import { type Filters, NO_FILTERS } from '../../../web/src/query/filters.ts';
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
});
