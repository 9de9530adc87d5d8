// What an error of mulab is: a sentence with a code and what a reader or a program may want to know besides, and its way
// between threads.

/** What is known about an error besides its sentence. */
export interface ErrorDetails {
  /** What was found and what was expected instead, each a phrase. */
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  /** What the reader can do about it, in whole sentences; the last part of the message. */
  readonly remedy?: string | undefined;
  /** Whether the next run on this machine would fail in the same way, so that a sweep stops. */
  readonly fatal?: boolean | undefined;
  readonly cause?: unknown;
}

/** A mistake that a person can fix. `code` is stable; `message`, made of `problem` and `remedy`, is for people. */
export class MulabError extends Error {
  readonly found: string | undefined;
  readonly expected: string | undefined;
  readonly remedy: string | undefined;
  readonly fatal: boolean;

  constructor(
    readonly code: string,
    /** What happened, where, what was found and expected: whole sentences. */
    readonly problem: string,
    { found, expected, remedy, fatal = false, cause }: ErrorDetails = {},
  ) {
    super(
      remedy === undefined ? problem : `${problem} ${remedy}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "MulabError";
    this.found = found;
    this.expected = expected;
    this.remedy = remedy;
    this.fatal = fatal;
  }
}

/** Whether `error` is a MulabError with one of these codes. */
export const hasCode = <Code extends string>(
  error: unknown,
  ...codes: readonly Code[]
): error is MulabError & { readonly code: Code } =>
  error instanceof MulabError && codes.some((code) => code === error.code);

/** An error as data: classes do not survive the trip between threads. */
export type ErrorData = Omit<ErrorDetails, "cause"> & {
  /** null for an error that is not a MulabError. */
  readonly code: string | null;
  readonly problem: string;
  readonly stack: string | undefined;
};

/** An error as a worker sends it. */
export function describeError(cause: unknown): ErrorData {
  if (!(cause instanceof Error)) return { code: null, problem: String(cause), stack: undefined };
  if (!(cause instanceof MulabError)) return { code: null, problem: cause.message, stack: cause.stack };
  const { code, problem, found, expected, remedy, fatal, stack } = cause;
  return { code, problem, found, expected, remedy, fatal, stack };
}

/** The error from what a worker sent. */
export function reviveError({ code, problem, stack, ...details }: ErrorData): Error {
  const error = code === null ? new Error(problem) : new MulabError(code, problem, details);
  if (stack !== undefined) error.stack = stack;
  return error;
}
