import type { SourceKey } from '../catalogue/types.ts';
import type { Dirt } from '../dirt.ts';
import type { LocalTime } from '../process/civil.ts';
import type { Incident } from '../process/simulate.ts';
import type { FileTally } from '../truth.ts';
import type { Bounce } from './bounce.ts';

/** One delivered state of one ticket, call or case. */
export interface Report {
  readonly id: string;
  readonly source: SourceKey;
  readonly version: number;
  readonly incident: Incident;
  readonly occurred: LocalTime;
  readonly reported: LocalTime;
  /** When it will be closed; may lie after the delivery, which then shows it open. */
  readonly closed: LocalTime;
  /** As delivered, WGS 84. */
  readonly lng: number;
  readonly lat: number;
  readonly channel: number;
  readonly dirt: Dirt | null;
  /** Index into `OFFICES`: who has it now. Said by the hotline only. */
  readonly office: number;
  /** Day it came to that office. */
  readonly handedDay: number;
  /** Refusals still to come; while there are any, the order is open. */
  readonly bounces: readonly Bounce[];
  /** File that holds the version before; null = first version, or its file never came. */
  readonly before: FileTally | null;
}

export const CHANNELS = ['电话', 'APP', '微信', '网站', '现场'] as const;
export const CHANNEL_SHARES = [0.58, 0.22, 0.12, 0.05, 0.03];
/** The channel whose coordinates are GCJ-02 in the month of the datum mistake. */
export const DATUM_MISTAKE_CHANNEL = 1;
