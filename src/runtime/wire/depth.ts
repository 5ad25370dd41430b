/**
 * Arrays and objects inside each other, at most, in what is received: validators, codecs and managers walk through it,
 * most of them by recursion. `JSON.parse` itself takes any depth.
 */
export const MAX_DEPTH = 256;

/** Whether the value that was parsed from a text is nested deeper than {@link MAX_DEPTH}. */
export function isTooDeep(text: string, value: unknown): boolean {
  // Each level needs a bracket at either side, and most messages are shorter than that.
  return text.length > 2 * MAX_DEPTH && isDeeper(value, MAX_DEPTH);
}

/** Measured: a tenth of what parsing costs, where counting brackets in the text is half. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true;
    }
    return false;
  }
  for (const key in value) {
    // What JSON.parse makes has no other properties than its own.
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true;
  }
  return false;
}
