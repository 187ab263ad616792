import { z } from 'zod';

/**
 * `coverage.json`: what was delivered, when, and how complete it is. Counts and days of sources, no incident. The rules behind the words
 * stand in `core/quality/{freshness,reporting-delay,volume,coverage}.ts`.
 */
const Day = z.number().int();
const Count = z.number().int().nonnegative();
/** Expected rows, one decimal. */
const Expected = z.number().nonnegative();

/** One letter a week in `states`. */
export const STATE_LETTERS = {
  d: 'delivered',
  z: 'zero',
  t: 'thin',
  m: 'missing',
  n: 'not-yet',
  b: 'before-first',
} as const;

const Freshness = z.strictObject({
  verdict: z.enum(['fresh', 'due', 'late', 'silent']),
  asOfDay: Day.nullable(),
  ageDays: Count.nullable(),
  overdueDays: Count.nullable(),
});

const Delay = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('learned'),
    /** F(d), d = 0..60 days after the day itself; four decimals. */
    completeness: z.array(z.number().min(0).max(1)).length(61),
    /** So many of the last days are still filling. */
    daysTo95: Count,
    rowsUsed: Count,
    rowsBeyond: Count,
  }),
  z.strictObject({
    kind: z.literal('not-assessable'),
    why: z.enum(['no-first-seen', 'too-few-rows', 'too-short']),
    rowsUsed: Count,
  }),
]);

const VolumeDay = z.strictObject({
  day: Day,
  n: Count,
  expected: Expected.nullable(),
  verdict: z.enum(['normal', 'low', 'high', 'silent', 'not-assessable']),
  why: z
    .enum(['before-first', 'not-yet', 'still-filling', 'no-baseline', 'after-break', 'holiday', 'near-holiday'])
    .nullable(),
});

const Span = z.strictObject({
  kind: z.enum(['silent', 'thin', 'high']),
  /** Half-open. */
  firstDay: Day,
  endDay: Day,
  n: Count,
  expected: Expected,
  /** Declared break of the calendar that it follows or holds. */
  breakDay: Day.nullable(),
});

const SourceCoverage = z.strictObject({
  key: z.string(),
  freshness: Freshness,
  delay: Delay,
  /** Days at the end of the data that more rows are to be expected for: `daysTo95`, else the cadence. */
  fillingDays: Count,
  /** The last 28 days up to the newest record. */
  recent: z.array(VolumeDay),
  spans: z.array(Span),
  /** One text a row, one letter (`STATE_LETTERS`) a week of the manifest. Row 0: the source as a whole; then `divisions`, in their order. */
  states: z.array(z.string().regex(/^[dztmnb]*$/)),
  /** Numbers behind the letters, one entry a row: columns of equal length for its weeks that are zero, thin or missing. */
  notes: z.array(
    z.strictObject({
      week: z.array(Count),
      /** Rows a full week was to bring; null = no baseline. Rows counted stand in `cube/week.arrow`. */
      expected: z.array(Expected.nullable()),
      /** Bits: 1 = Monday … 64 = Sunday; 0 = no day can be named. */
      missingDays: z.array(z.number().int().min(0).max(127)),
    }),
  ),
});
export type SourceCoverage = z.infer<typeof SourceCoverage>;

export const Coverage = z
  .strictObject({
    /** Newest record of any source; freshness is measured from here. A browser measures again from its clock. */
    nowDay: Day.nullable(),
    /** Ids of the level-1 divisions (`divisions.arrow`). */
    divisions: z.array(Count),
    weeks: Count,
    sources: z.array(SourceCoverage),
  })
  .superRefine(({ divisions, weeks, sources }, context) => {
    for (const { key, states, notes } of sources) {
      const bad = (message: string) => context.addIssue({ code: 'custom', path: ['sources', key], message });
      if (states.length !== divisions.length + 1) bad(`${states.length} rows instead of ${divisions.length + 1}`);
      if (states.some((row) => row.length !== weeks)) bad(`a row has not ${weeks} weeks`);
      if (notes.length !== states.length) bad(`${notes.length} rows of notes instead of ${states.length}`);
      for (const { week, expected, missingDays } of notes) {
        if (week.length !== expected.length || week.length !== missingDays.length)
          bad('columns of notes differ in length');
        if (week.some((w) => w >= weeks)) bad('a note points outside the matrix');
      }
    }
  });
export type Coverage = z.infer<typeof Coverage>;
