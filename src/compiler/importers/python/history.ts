import { compareVersions } from "../../versions.js";

/** Lines such as `* 2.1 - Adds this`, each with those that follow it further in. */
export function historyOf(doc: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let version: string | undefined;
  for (const whole of (doc ?? "").split("\n")) {
    const line = whole.replace(/^\s*\|/, " ");
    const [, next, dash, text = ""] = /^\s*\*?\s*(\d+\.\d+)\s*(?:(-+|:)\s*|\s)(.*)$/.exec(line) ?? [];
    // Without a dash a text may go on with a number; versions ascend.
    const last = [...found.keys()].at(-1);
    const isNext = next !== undefined && (dash !== undefined || last === undefined || compareVersions(next, last) > 0);
    if (next !== undefined && isNext) {
      version = next;
      found.set(version, text.trim());
    } else if (line.trim() === "" || /^\s*(\*|\.\.\.)/.test(line)) version = undefined;
    else if (version !== undefined) found.set(version, `${found.get(version)} ${line.trim()}`.trim());
  }
  return new Map(
    [...found].map(([each, text]) => [each, text === "" ? "In the class's history without a text." : text]),
  );
}

/**
 * The versions that a definition lists: what the class names, and its history from the oldest of those on, or from the
 * beginning of the newest major where that is older.
 */
export function listedVersions(named: readonly string[], history: readonly string[]): readonly string[] {
  const all = [...new Set([...named, ...history])].sort(compareVersions);
  const major = all.at(-1)?.split(".")[0];
  const start = [...named, ...all.filter((each) => each.split(".")[0] === major)].sort(compareVersions)[0];
  if (start === undefined) return ["1.0"];
  return all.filter((each) => compareVersions(each, start) >= 0);
}
