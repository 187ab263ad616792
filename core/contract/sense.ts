import { z } from 'zod';
import { IdentityRules, LevelRules } from './alert-engine.ts';
import { Label } from './manifest.ts';
import type { Column, ColumnType } from './tables.ts';

/**
 * What sensing publishes: `sense/series.arrow` with `sense/series-index.arrow`, `sense/hotspots.arrow`, `sense/risk.arrow`, and the documents
 * `sense.json` (what was assessed, by which variant, on what) and `alerts.json`. All of grade `desk`.
 * A number that could not be computed is null and has a reason; it is never 0.
 */
const column = (name: string, type: ColumnType, nullable = false): Column => ({ name, type, nullable });

/** A series: division × category × step. Its rows in `series.arrow` are `[first_row, end_row)`, one a period without gaps, oldest first. */
export const SERIES_INDEX: readonly Column[] = [
  /** Row of `divisions.arrow`; 0 = the city. */
  column('division', 'uint32'),
  /** Category id of `manifest.dictionaries.categories`; 65535 = all categories together. */
  column('category', 'uint16'),
  /** 0 = week (Monday first), 1 = day. */
  column('step', 'uint8'),
  /** First period of the series: index into `manifest.weeks`, or days since 1970-01-01. */
  column('first_period', 'uint32'),
  column('first_row', 'uint32'),
  column('end_row', 'uint32'),
  /** `SERIES_MODELS`; 0 = not assessed in its newest period. */
  column('model', 'uint8'),
  /** `NOT_ASSESSABLE`; 0 = assessed. */
  column('reason', 'uint8'),
  /** Over-dispersion of the newest fit, variance / mean, >= 1; null = not assessed. */
  column('dispersion', 'float32', true),
];
export const ALL_CATEGORIES = 65_535;

export const SERIES: readonly Column[] = [
  /** Reports of that period known at the as-of moment; null = the feed was not delivered: nobody knows. */
  column('observed', 'uint32', true),
  /** Expected from the series' own past × completeness of the period: what should have been reported by now. */
  column('expected', 'float32', true),
  /** 95 % predictive interval of the count reported by now. */
  column('lower', 'float32', true),
  column('upper', 'float32', true),
  /** Observed strictly above this is an exceedance at the rule's alpha. */
  column('alarm', 'float32', true),
  /** P(Y >= observed | the series' normal). */
  column('p', 'float32', true),
  /** Reports of this period are still coming in (completeness < 0.95). */
  column('filling', 'bool'),
];

export const SERIES_MODELS = ['none', 'farrington-flexible', 'negative-binomial-calendar', 'gamma-poisson'] as const;
export const NOT_ASSESSABLE = [
  'assessed',
  'too-few-periods',
  'too-few-cases',
  'all-zero',
  'constant',
  'not-delivered',
  'still-filling',
  'break',
  'too-few-cells',
  'no-exposure',
  'no-model',
] as const;
export type NotAssessable = (typeof NOT_ASSESSABLE)[number];

/**
 * Gi* of cells, only the rows that say something: q <= 0.10, or an emerging class, in any variant. Cells of the grid that are not here were assessed
 * and are "not significant"; what was not assessed at all stands in `sense.json`.
 */
export const HOTSPOTS: readonly Column[] = [
  /** Row of `grid/r<resolution>.arrow`, resolution in `sense.json`. */
  column('cell', 'uint32'),
  /** Level-1 category id; 65535 = all. */
  column('category', 'uint16'),
  /** Row of `sense.json` `hotspots.windows`. */
  column('window', 'uint8'),
  /** `HOTSPOT_VARIANTS`. */
  column('variant', 'uint8'),
  column('observed', 'uint32'),
  /** Expected from the cell's own past, or from exposure; null where the variant knows none. */
  column('expected', 'float32', true),
  column('z', 'float32', true),
  /** Two-sided normal p of z. */
  column('p', 'float32', true),
  /** Benjamini–Hochberg adjusted over all cells of category × window × variant. */
  column('q', 'float32', true),
  /** `EMERGING` of the weekly series, same for all windows of a cell × category × variant; 255 = not assessed. */
  column('emerging', 'uint8'),
];
/** What x is in Gi*: incidents; empirical-Bayes rate per person; (O−E)/√E against the cell's own past. */
export const HOTSPOT_VARIANTS = ['count', 'rate', 'change'] as const;
/** 8 hot, 8 cold (same order), none. */
export const EMERGING = [
  'none',
  'new-hot',
  'consecutive-hot',
  'intensifying-hot',
  'persistent-hot',
  'diminishing-hot',
  'sporadic-hot',
  'oscillating-hot',
  'historical-hot',
  'new-cold',
  'consecutive-cold',
  'intensifying-cold',
  'persistent-cold',
  'diminishing-cold',
  'sporadic-cold',
  'oscillating-cold',
  'historical-cold',
] as const;

/** Risk (or change) index of a place: score = Σ part_i, exactly as stored. Parts are in the order of `sense.json` `risk.indicators`. */
export const RISK: readonly Column[] = [
  /** 0 = division (row of `divisions.arrow`), 1 = cell (row of `grid/r<resolution>.arrow`). */
  column('unit', 'uint8'),
  column('id', 'uint32'),
  /** Index into `manifest.weeks`: last week of the span the index looks at. */
  column('week', 'uint16'),
  /** 0..100. */
  column('score', 'float64'),
  column('part_0', 'float64'),
  column('part_1', 'float64'),
  column('part_2', 'float64'),
  column('part_3', 'float64'),
  column('part_4', 'float64'),
  column('part_5', 'float64'),
  /** Raw indicator values behind the parts; null = not known for this place (its weight is spread over the others). */
  column('raw_0', 'float32', true),
  column('raw_1', 'float32', true),
  column('raw_2', 'float32', true),
  column('raw_3', 'float32', true),
  column('raw_4', 'float32', true),
  column('raw_5', 'float32', true),
  /** 1 = highest, among places of the same kind (same division level, or cells) and week. */
  column('rank', 'uint32'),
  /** P5 and P95 of the rank over draws of weights, normalisation and indicator posteriors. */
  column('rank_low', 'uint32'),
  column('rank_high', 'uint32'),
  /** Probability of being among the top tenth. */
  column('top_tenth', 'float32'),
];

const Day = z.number().int();
const Share = z.number().min(0).max(1);

export const QUALITY_FLAGS = [
  'thin-coverage',
  'not-delivered',
  'still-filling',
  'duplicates',
  'pile-up',
  'channel-break',
  'unlocated',
  'few-cases',
] as const;
export const ALERT_KINDS = ['series', 'cluster', 'emerging', 'recurrence', 'slow-growth'] as const;
export const ALERT_STATES = ['new', 'continuing', 'escalated', 'easing', 'ended'] as const;

export const Alert = z.strictObject({
  /** Stable over days while it is the same thing. */
  id: z.string().min(1),
  /** 1 = Ⅰ highest … 4 = Ⅳ. 内部研判等级, no public warning. */
  level: z.number().int().min(1).max(4),
  /** The level that the numbers alone would give, when data quality lowers it; null = not lowered. */
  cappedFrom: z.number().int().min(1).max(4).nullable(),
  state: z.enum(ALERT_STATES),
  /** Day it was first raised, and the days on which it stood. */
  since: Day,
  lastDay: Day,
  /** What found it first; all that found the same thing. */
  kind: z.enum(ALERT_KINDS),
  foundBy: z.array(z.enum(ALERT_KINDS)).min(1),
  rule: z.strictObject({ id: z.string(), version: z.number().int().positive() }),
  /** Category id; 65535 = all. */
  category: z.number().int(),
  /** Every division of level 1 (or deeper, as the rule says) that shares it, largest share first. Empty = city-wide. */
  divisions: z.array(
    z.strictObject({ division: z.number().int(), level: z.number().int(), observed: z.number().int(), share: Share }),
  ),
  /** Rows of `grid/r<resolution>.arrow`; empty when it is about divisions or the city. */
  cells: z.array(z.number().int()),
  resolution: z.number().int().nullable(),
  /** Centre, WGS 84 degrees, to fly to; null = the whole city. */
  centre: z.tuple([z.number(), z.number()]).nullable(),
  /** Days under test, half-open. */
  period: z.strictObject({ firstDay: Day, endDay: Day }),
  observed: z.number().int().nonnegative(),
  /** Where `observed` counts distinct problems (clusters): the reports behind them. Left out: `observed` counts reports. */
  reports: z.number().int().nonnegative().optional(),
  expected: z.number().nonnegative(),
  /** 95 % of what the place's own past would give. */
  interval: z.tuple([z.number(), z.number()]),
  /** P(Y >= observed); null where the method gives none. */
  p: z.number().min(0).max(1).nullable(),
  /** A cluster like this by chance about once in so many days, in this stream; null = not defined. */
  recurrenceDays: z.number().positive().nullable(),
  /** Observed by step (day or week) of the last steps, with expected, oldest first: the small curve of the card. */
  curve: z.strictObject({
    step: z.enum(['day', 'week']),
    firstDay: Day,
    observed: z.array(z.number().nullable()),
    expected: z.array(z.number().nullable()),
    upper: z.array(z.number().nullable()),
  }),
  /** The ring around it in the same days. */
  neighbours: z.strictObject({ observed: z.number().int(), expected: z.number() }).nullable(),
  /** Classes and items that make it up, largest first. */
  classes: z.array(
    z.strictObject({ category: z.number().int(), observed: z.number().int(), expected: z.number().nullable() }),
  ),
  /** Sources that make it up. */
  sources: z.array(z.strictObject({ source: z.number().int(), observed: z.number().int() })),
  /** Incidents by local hour 0..23 of those with a known hour; null = none known. */
  hours: z.array(z.number().int()).length(24).nullable(),
  calendar: z.array(Label),
  quality: z.array(z.strictObject({ flag: z.enum(QUALITY_FLAGS), says: Label })),
  /** One plain sentence, and the rule of the level in words. */
  why: Label,
  levelWhy: Label,
  /** Order within the day; 1 = first. */
  rank: z.number().int().positive(),
  score: z.number(),
});
export type Alert = z.infer<typeof Alert>;

/**
 * What became of a rule's alerts of the last 12 weeks. No person has judged them: an alert counts as kept when the days after it (7; of recurrences
 * and slow growth 28), which no rule had seen, lie above the place's normal too (Poisson tail <= 0.1: chance alone keeps about one in ten).
 */
const TrackRecord = z.strictObject({
  weeks: z.number().int(),
  raised: z.number().int(),
  judged: z.number().int(),
  kept: z.number().int(),
  /** kept / judged; null when none is old enough. */
  precision: Share.nullable(),
});

export const AlertRule = z.strictObject({
  id: z.string(),
  version: z.number().int().positive(),
  kind: z.enum(ALERT_KINDS),
  name: Label,
  /** What it looks at and when it speaks, in one sentence. */
  says: Label,
  /** What it finds stands in the register, not in the list. */
  register: z.boolean().optional(),
  /** Every number somebody may question. */
  parameters: z.record(z.string(), z.number()),
  /** Newest first: who changed what and why. */
  history: z.array(z.strictObject({ version: z.number().int(), day: z.string(), by: z.string(), what: Label })),
  trackRecord: TrackRecord,
});

/** An alert of the replay in short: what was said first, and how long it stood. */
export const PastAlert = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(ALERT_KINDS),
  category: z.number().int(),
  /** Level when it stood last. */
  level: z.number().int().min(1).max(4),
  since: Day,
  lastDay: Day,
  /** Evening on which the budget let it in; null = never. */
  admittedDay: Day.nullable(),
  /** Where it was when it was first raised: rows of `grid/r<resolution>.arrow`, … */
  cells: z.array(z.number().int()),
  resolution: z.number().int().nullable(),
  /** … or a row of `divisions.arrow` (0 = the city); null = cells. */
  division: z.number().int().nullable(),
  observed: z.number().int().nonnegative(),
  expected: z.number().nonnegative(),
  /** Found by a rule of the register: never news. */
  registered: z.boolean().optional(),
});
export type PastAlert = z.infer<typeof PastAlert>;

export const Alerts = z.strictObject({
  format: z.literal('hexsight-alerts'),
  /** Last day whose reports were read; alerts are of the evening of this day. */
  asOfDay: Day,
  budget: z.strictObject({ cityPerDay: z.number().int(), divisionPerDay: z.number().int() }),
  /** Within the budget, by rank. */
  alerts: z.array(Alert),
  /** Over the budget, by rank: one click away. */
  rest: z.array(Alert),
  /** Ended in the last 14 days. */
  ended: z.array(Alert),
  /** What stands and is no news: found by a rule of the register, or unchanged for `engine.identity.knownAfterDays`. By rank. Left out by older snapshots. */
  register: z.array(Alert).optional(),
  rules: z.array(AlertRule),
  /** Replay of the last 12 weeks under these rules: what each day would have said. */
  replay: z.array(
    z.strictObject({
      day: Day,
      raised: z.number().int(),
      withinBudget: z.number().int(),
      /** Standing in the list that evening, and those of level Ⅲ or more urgent. Left out by older snapshots. */
      listed: z.number().int().optional(),
      urgent: z.number().int().optional(),
    }),
  ),
  /** Every alert of these weeks, standing or ended, also over the budget, by the day it was raised. Left out by older snapshots. */
  history: z.array(PastAlert).optional(),
  /** How the engine grades and tells apart: with `rules` and `budget` all that a replay needs. Left out by older snapshots. */
  engine: z.strictObject({ level: LevelRules, identity: IdentityRules }).optional(),
});
export type Alerts = z.infer<typeof Alerts>;

/** Days half-open since 1970-01-01, city zone: what the charts of every room draw. */
export const SenseCalendar = z.strictObject({
  /** The data window and the weeks after it; outside of them the calendar says nothing. */
  firstDay: Day,
  endDay: Day,
  /** `provisional`: by the law alone, no notice for that year yet: no make-up days known. */
  holidays: z.array(z.strictObject({ firstDay: Day, endDay: Day, name: Label, provisional: z.boolean() })),
  makeUpWorkdays: z.array(Day),
  /** Years whose days come from published notices; null = the city lists its own. Left out by older snapshots, as is the next. */
  publishedYears: z.array(z.number().int()).nullable().optional(),
  /** Life follows Spring Festival: the days around it are classes of their own. */
  springFestival: z.boolean().optional(),
  /** Lunar festivals, holiday or not; empty for a city that does not follow them. */
  festivals: z.array(z.strictObject({ day: Day, name: Label })),
  schoolTerms: z.array(z.strictObject({ firstDay: Day, endDay: Day, name: Label })),
  /** Known breaks: on either side counts do not mean the same. `endDay` null = the change stayed. */
  breaks: z.array(
    z.strictObject({
      day: Day,
      endDay: Day.nullable(),
      /** Key of `manifest.dictionaries.sources`; null = all. */
      source: z.string().nullable(),
      /** Code of `manifest.dictionaries.categories`, which stands for those below it; null = all. */
      category: z.string().nullable(),
      kind: z.enum(['channel-opened', 'recode', 'outage', 'policy']),
      name: Label,
    }),
  ),
});
export type SenseCalendar = z.infer<typeof SenseCalendar>;

export const Sense = z.strictObject({
  format: z.literal('hexsight-sense'),
  asOfDay: Day,
  /** Left out by older snapshots. */
  calendar: SenseCalendar.optional(),
  series: z.strictObject({
    alpha: z.number(),
    assessed: z.number().int(),
    notAssessed: z.record(z.string(), z.number().int()),
    /** Street × class series left out: fewer than one report a week in the last year. The class in the district and the group in the street speak for them. */
    leftOut: z.number().int(),
  }),
  hotspots: z.strictObject({
    resolution: z.number().int(),
    /** k of the k-ring neighbourhood. */
    ring: z.number().int(),
    cells: z.number().int(),
    windows: z.array(z.strictObject({ key: z.string(), name: Label, firstDay: Day, endDay: Day })),
    /** Why a category × variant × window has no rows at all. */
    notAssessed: z.array(
      z.strictObject({
        category: z.number().int(),
        variant: z.number().int(),
        window: z.number().int(),
        why: z.enum(NOT_ASSESSABLE),
      }),
    ),
    /** Weeks of the emerging series. */
    emergingWeeks: z.number().int(),
  }),
  clusters: z.array(
    z.strictObject({
      category: z.number().int(),
      resolution: z.number().int(),
      detector: z.string(),
      /** Score above which a day speaks, and the days it was calibrated on. */
      threshold: z.number().nullable(),
      calibration: z.strictObject({ firstDay: Day, endDay: Day }).nullable(),
      why: z.enum(NOT_ASSESSABLE),
    }),
  ),
  /** Places from which a source of complaints hears less, and later, than the other sources hear there (`core/quality/reporting-gap.ts`). Left out by older snapshots. */
  reporting: z
    .strictObject({
      /** Half-open days compared. */
      firstDay: Day,
      endDay: Day,
      leastExpected: z.number(),
      leastOther: z.number(),
      alpha: z.number(),
      /** Told only where at most this share of the expected came. */
      mostShare: Share,
      lateDays: z.number().int(),
      sources: z.array(
        z.strictObject({
          source: z.number().int(),
          /** Level of the divisions compared; null = no level has enough reports. */
          level: z.number().int().nullable(),
          compared: z.number().int(),
          why: z.enum(NOT_ASSESSABLE),
          /** Clearest first. */
          places: z.array(
            z.strictObject({
              division: z.number().int(),
              observed: z.number().int().nonnegative(),
              expected: z.number(),
              lateShare: Share.nullable(),
              lateAround: Share.nullable(),
              q: z.number().min(0).max(1),
            }),
          ),
        }),
      ),
    })
    .optional(),
  risk: z.strictObject({
    /** `risk` where exposure is known, else `change`: then it says how places differ from their own past, not how risky they are. */
    kind: z.enum(['risk', 'change']),
    resolution: z.number().int(),
    spanWeeks: z.number().int(),
    indicators: z
      .array(z.strictObject({ key: z.string(), name: Label, weight: z.number(), unit: Label }))
      .min(1)
      .max(6),
    /** Severity weight by severity 0..4. */
    severityWeights: z.array(z.number()),
    weightsFrom: z.string(),
    /** Smallest Spearman correlation with the ranking under any single alternative choice, over all kinds of places. */
    robustness: z.number().nullable(),
    /** `assessed`, or why there is no row at all. */
    why: z.enum(NOT_ASSESSABLE),
    /** By kind of place: how many, and the choice that changes their ranking most. Level null = cells. */
    kinds: z.array(
      z.strictObject({
        unit: z.number().int(),
        level: z.number().int().nullable(),
        places: z.number().int(),
        why: z.enum(NOT_ASSESSABLE),
        robustness: z.number().nullable(),
        choice: z.string().nullable(),
      }),
    ),
  }),
});
export type Sense = z.infer<typeof Sense>;
