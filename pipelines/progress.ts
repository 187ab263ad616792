/** What a step reports while it works: done of total in its unit; total null = not known. */
export interface ProgressEvent {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}
export type Progress = (event: ProgressEvent) => void;
