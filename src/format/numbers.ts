// Numbers for people, formatted in one place so that the report, the terminal and the widgets agree.

/** A share in [0, 1] as a percentage: 0.9273 → "92.7 %" (narrow no-break space); "–" if there is none. */
export const formatPercent = (share: number | null | undefined, digits = 1): string =>
  share == null ? "–" : `${(100 * share).toFixed(digits)}\u202f%`;

/** A change of accuracy in percentage points, with signs that don't depend on colour: 0.012 → "▲ +1.2". */
export function formatDelta(change: number): string {
  const points = 100 * change;
  if (Math.abs(points) < 0.05) return "±0.0";
  return `${points > 0 ? "▲ +" : "▼ −"}${Math.abs(points).toFixed(1)}`;
}

/** `value` with its sign, its size as `text` has it: "+0.63 M", "−1.25". */
export const signed = (value: number, text: (size: number) => string): string =>
  `${value < 0 ? "−" : "+"}${text(Math.abs(value))}`;

/** A difference of shares in points of per cent: −0.0125 → "−1.25". */
export const formatPoints = (change: number, digits = 2): string =>
  signed(100 * change, (size) => size.toFixed(digits));

/** 1.23e12 as "1.23 T": operations and examples. */
export function formatScaled(value: number): string {
  const units = ["", "k", "M", "G", "T", "P", "E"];
  let [n, unit] = [value, 0];
  while (n >= 1000 && unit < units.length - 1) [n, unit] = [n / 1000, unit + 1];
  return `${n >= 100 || unit === 0 ? n.toFixed(0) : n.toPrecision(3)}${unit === 0 ? "" : `\u202f${units[unit]}`}`;
}

/** A count of parameters: 1 484 162 → "1.48 M"; "–" where there is none. */
export function formatParams(count: number | null | undefined): string {
  if (count == null) return "–";
  if (count >= 1e5) return `${(count / 1e6).toFixed(2)}\u202fM`;
  if (count >= 1e3) return `${(count / 1e3).toFixed(1)}\u202fk`;
  return count.toFixed(0);
}

/** A whole number with thin groups: 1234567 → "1 234 567" (narrow no-break spaces). */
export const formatCount = (count: number): string =>
  Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A duration: 8.4 s, 1 min 05 s, 2 h 03 min; "–" where there is none. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return "–";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A rough forecast in a suitable unit: 20 s, 3 min, 10 h, 45 days, 2.5 years. */
export function formatForecast(seconds: number): string {
  const whole = (unit: number, name: string) => `${formatCount(seconds / unit)} ${name}`;
  if (seconds < 90) return whole(1, "s");
  if (seconds < 90 * 60) return whole(60, "min");
  if (seconds < 2 * DAY) return whole(3600, "h");
  if (seconds < YEAR) return whole(DAY, "days");
  const years = seconds / YEAR;
  return `${years < 10 ? years.toFixed(1) : formatCount(years)} years`;
}

/** A moment, milliseconds since the epoch, in the reader's own time: "2026-11-30 11:41"; "–" where there is none. */
export function formatMoment(at: number | null | undefined): string {
  if (at == null || !Number.isFinite(at)) return "–";
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const DAY = 86_400;
const YEAR = 365 * DAY;

/** A list in words: "a, b and c". */
export const formatList = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** "1st", "2nd", "3rd", "11th", "21st". */
export function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${formatCount(n)}${ending}`;
}

/** "1 child", "2 children". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
