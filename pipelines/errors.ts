/** Exit codes of `hexsight`, documented in `hexsight --help` and docs/running.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  config: 3,
  input: 4,
  verify: 5,
  locked: 6,
  disk: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error a person can act on: what happened, where, and every problem found. */
export class HexsightError extends Error {
  readonly exitCode: ExitCode;
  /** What it is about: a file, a folder, a profile. */
  readonly subject: string;
  readonly problems: readonly string[];
  constructor(exitCode: ExitCode, subject: string, problems: readonly string[], options?: ErrorOptions) {
    super(
      problems.length === 1
        ? `${subject}: ${problems[0]}`
        : `${subject}: ${problems.length} problems\n  - ${problems.join('\n  - ')}`,
      options,
    );
    this.exitCode = exitCode;
    this.subject = subject;
    this.problems = problems;
  }
}
/** The profile or the command line is wrong. */
export class ConfigError extends HexsightError {
  constructor(subject: string, problems: readonly string[], options?: ErrorOptions) {
    super(EXIT.config, subject, problems, options);
  }
}
/** The files are not what the profile promises: the run stops, the last snapshot stays. */
export class InputError extends HexsightError {
  constructor(subject: string, problems: readonly string[], options?: ErrorOptions) {
    super(EXIT.input, subject, problems, options);
  }
}
