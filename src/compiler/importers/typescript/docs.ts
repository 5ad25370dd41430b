import type { JSDocableNode } from "ts-morph";

/** What a doc comment says. */
export interface Doc {
  readonly text: string;
  /** The last of each tag; `throws` has all of them, a line each. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Reads the doc comment of a declaration. */
export function docOf(node: JSDocableNode): Doc {
  const doc = node.getJsDocs().at(-1);
  const tags = new Map<string, string>();
  const lines: string[] = [];
  let tag: string | undefined;
  // Read by ourselves: the compiler takes {Name} of a tag away, and joins lines.
  for (const line of (doc?.getInnerText() ?? "").split("\n")) {
    const found = /^(?:(.*?\S) )?@(\w+) ?(.*)$/.exec(line);
    const isTag = found !== null && (found[1] === undefined || compact.has(found[2] ?? ""));
    if (isTag) {
      if (found[1] !== undefined) lines.push(found[1]);
      tag = found[2] ?? "";
      const before = tag === "throws" && tags.has(tag) ? `${tags.get(tag)}\n` : "";
      tags.set(tag, `${before}${found[3] ?? ""}`);
    } else if (tag === undefined) lines.push(line);
    else if (line.trim() !== "") tags.set(tag, `${tags.get(tag) ?? ""} ${line.trim()}`.trim());
  }
  const text = lines
    .join("\n")
    .trim()
    .replaceAll("*\\/", "*/")
    .replace(/(^|\s)\\@/g, "$1@");
  return { text, tags };
}

/** Tags that our own comments put behind a text, on the same line. */
const compact: ReadonlySet<string> = new Set(["remarks", "default", "deprecated", "since", "example"]);
