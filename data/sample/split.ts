/** Days since 1970-01-01 in the city's zone; half-open. */
export interface Span {
  readonly firstDay: number;
  readonly endDay: number;
}

export interface Split {
  readonly training: Span;
  readonly calibration: Span;
  readonly test: Span;
}

/**
 * Three thirds of the window: training (with contamination), calibration, test. Planted outbreaks, placebos and dated controls lie in the test
 * third alone. At the default of 156 weeks each third is 364 days; METHODS.md part 2 asks for two test years, which six years of `--weeks 312` give
 * in part (two years each).
 */
export function splitOf(window: Span): Split {
  const days = window.endDay - window.firstDay;
  const calibration = window.firstDay + Math.floor(days / 3);
  const test = window.firstDay + Math.floor((days * 2) / 3);
  return {
    training: { firstDay: window.firstDay, endDay: calibration },
    calibration: { firstDay: calibration, endDay: test },
    test: { firstDay: test, endDay: window.endDay },
  };
}
