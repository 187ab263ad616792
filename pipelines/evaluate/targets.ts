import { MAIN_PER_DAYS } from '../../core/evaluate/case-result.ts';
import type { DetectorRun } from './planted-run.ts';

export interface TargetLine {
  readonly criterion: string;
  readonly value: number | null;
  /** Null = cannot be judged on this run. */
  readonly met: boolean | null;
}

/** Criteria of the issue ("figures to reach") and of METHODS part 2 section 5, judged on one detector at the main setting. */
export function targetLines(run: DetectorRun): TargetLine[] {
  const main = run.summary.settings.find(({ perDays }) => perDays === MAIN_PER_DAYS);
  if (!main) return [];
  const group = (name: string) => main.groups.find((entry) => entry.group === name)?.pod.value ?? null;
  const regimes = run.byRegime.map(
    ({ summary }) => summary.settings.find(({ perDays }) => perDays === MAIN_PER_DAYS)?.all.netPod.value ?? null,
  );
  const known = regimes.filter((value) => value !== null);
  const mean = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  const worst = known.length > 0 ? Math.min(...known) : null;
  const least = (criterion: string, value: number | null, bound: number): TargetLine => ({
    criterion: `${criterion} >= ${bound}`,
    value,
    met: value === null ? null : value >= bound,
  });
  const most = (criterion: string, value: number | null, bound: number): TargetLine => ({
    criterion: `${criterion} <= ${bound}`,
    value,
    met: value === null ? null : value <= bound,
  });
  return [
    least('mean netPOD over regimes', mean, 0.47),
    least('netPOD of the worst regime', worst, 0.42),
    least('share of duration saved', main.all.saved.value, 0.26),
    least('POD at kappa 7', group('kappa 7'), 0.6),
    least('POD at kappa 10', group('kappa 10'), 0.8),
    most('placebo POD', main.all.placeboPod, 0.07),
    most('achieved / nominal false rate', main.falseRateRatio.mean, 1.5),
    most('median delay of the detected, days', main.all.medianDelayDetected, 6),
    most('too good to be true: mean netPOD', mean, 0.6),
  ];
}
