/** The cells of this session, as history_request asks for them. Kept in memory: notebooks store their own. */

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

export interface HistoryRequest {
  readonly hist_access_type: "range" | "tail" | "search";
  readonly output?: boolean;
  readonly session?: number;
  readonly start?: number;
  readonly stop?: number;
  readonly n?: number;
  readonly pattern?: string;
  readonly unique?: boolean;
}

type Row = [session: number, line: number, input: string | [string, string | null]];

/** One session per kernel; 0 also means this one. */
const SESSION = 1;

export class History {
  readonly #entries: Entry[] = [];

  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
  }

  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((e) => e.line === line);
    if (entry) entry.output = output;
  }

  find(request: HistoryRequest): Row[] {
    const { output = false, n } = request;
    const found = this.#select(request);
    const last =
      n === undefined || request.hist_access_type === "range" ? found : n > 0 ? found.slice(-n) : [];
    return last.map((e) => [SESSION, e.line, output ? [e.input, e.output] : e.input]);
  }

  #select({ hist_access_type: type, session = 0, start = 0, stop, pattern = "*", unique }: HistoryRequest) {
    if (type === "tail") return this.#entries;
    if (type === "range") {
      if (session > 0 && session !== SESSION) return [];
      return this.#entries.filter((e) => e.line >= start && (stop === undefined || e.line < stop));
    }
    const matches = globMatcher(pattern);
    const found = this.#entries.filter((e) => matches(e.input));
    if (!unique) return found;
    return found.filter((e, i) => found.findLastIndex((other) => other.input === e.input) === i);
  }
}

/** `*` is any text, `?` any character, as in a shell; without regular expressions, which a pattern from outside could make slow. */
function globMatcher(pattern: string): (text: string) => boolean {
  return (text) => {
    let at = 0;
    let p = 0;
    let star = -1;
    let starAt = 0;
    while (at < text.length) {
      if (p < pattern.length && pattern[p] === "*") {
        star = p++;
        starAt = at;
      } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[at])) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++starAt;
      } else return false;
    }
    while (pattern[p] === "*") p++;
    return p === pattern.length;
  };
}
