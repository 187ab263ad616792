import type { Duck } from '../io/duck.ts';
import { type AggregatePlan, type SensePlan, type SenseSpans, sensePlans, toSql } from '../sql/plan.ts';
import { readAll } from '../steps/aggregate.ts';

/** Result of a plan in columns, by the names of its dimensions; `n` = incidents. Ordered by the dimensions. */
export interface PlanCounts {
  readonly length: number;
  readonly n: Uint32Array;
  readonly column: (name: string) => Uint32Array;
}
export type SenseCounts = Readonly<Record<SensePlan | 'week', PlanCounts>>;

/** Runs every plan but the first of sensing over the view `incident`, one after the other. */
export async function senseCounts(duck: Duck, spans: SenseSpans): Promise<Omit<SenseCounts, 'week'>> {
  const counts: Partial<Record<SensePlan, PlanCounts>> = {};
  for (const [name, plan] of Object.entries(sensePlans(spans)) as [SensePlan, AggregatePlan][])
    counts[name] = await runPlan(duck, plan);
  return counts as Omit<SenseCounts, 'week'>;
}

export async function runPlan(duck: Duck, plan: AggregatePlan): Promise<PlanCounts> {
  const names: readonly string[] = [...plan.by, 'n'];
  const columns = await readAll(duck, toSql(plan), names.length);
  const at = new Map(names.map((name, i) => [name, columns[i] as Uint32Array]));
  const column = (name: string): Uint32Array => {
    const found = at.get(name);
    if (!found) throw new Error(`plan ${plan.name} has no column ${name}`);
    return found;
  };
  return { length: column('n').length, n: column('n'), column };
}
