// The parts of sentences that errors of every kind use.

/** A sentence as a part of another. */
export const withoutStop = (sentence: string): string => sentence.replace(/\.$/, "");

/** A sentence with its stop, unless it ends with a question. */
export const withStop = (sentence: string): string => (/[.?]$/.test(sentence) ? sentence : `${sentence}.`);

export const quote = (value: unknown): string => (typeof value === "string" ? `"${value}"` : String(value));
export const list = (values: readonly unknown[]): string => values.map(quote).join(", ");

/** The first of many phrases. */
export const some = (all: readonly string[], most = 5): string =>
  all.slice(0, most).join(", ") + (all.length > most ? `, and ${all.length - most} more` : "");
export const short = (id: string): string => id.slice(0, 8);
export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
export const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
