/** The milliseconds of a duration such as `500ms`, `30s`, `30m`, `2h`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text);
  const factor = factors.get(match?.[2] ?? "");
  return match === null || factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** How a duration is written, for messages. */
export const durationForm = "a duration such as 500ms, 30s, 10m or 2h";

/** The longest that a JavaScript timer can wait, about 24.8 days. */
export const longestDuration = 2 ** 31 - 1;

/** Whether the text was surely meant as a duration: it starts with a digit. */
export function looksLikeDuration(text: string): boolean {
  return /^\s*[\d.]/.test(text);
}

const factors = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);
