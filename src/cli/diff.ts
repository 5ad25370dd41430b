/**
 * The difference of two texts as `diff -u` prints it, with three lines around each change; empty where they are equal.
 * An absent text is a file that does not exist.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  const edits = editsOf(linesOf(before), linesOf(after));
  const hunks = hunksOf(edits);
  if (hunks.length === 0) return "";
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  return `--- ${from}\n+++ ${to}\n${hunks.map(hunkText).join("")}`;
}

/** One line of the way from the old text to the new one. Lines keep their ends. */
interface Edit {
  readonly kind: " " | "-" | "+";
  readonly line: string;
}

interface Hunk {
  readonly beforeStart: number;
  readonly afterStart: number;
  readonly edits: readonly Edit[];
}

const context = 3;

/** Beyond this many differing lines the shortest way is not searched for: all old lines go, all new ones come. */
const searchLimit = 800;

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.split(/(?<=\n)/);
}

function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: " ", line }));
  return [
    ...same(before.slice(0, head)),
    ...shortestEdits(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

/** Myers' algorithm: the furthest points that a growing number of edits reaches, then the way back through them. */
function shortestEdits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const reached: Map<number, number>[] = [];
  let front = new Map<number, number>([[1, 0]]);
  for (let count = 0; count <= Math.min(searchLimit, before.length + after.length); count += 1) {
    reached.push(front);
    const next = new Map<number, number>();
    for (let diagonal = -count; diagonal <= count; diagonal += 2) {
      let x = startOf(front, diagonal, count);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return wayBack(reached, before, after);
    }
    front = next;
  }
  return [...before.map((line): Edit => ({ kind: "-", line })), ...after.map((line): Edit => ({ kind: "+", line }))];
}

/** Where the diagonal begins after one more edit: down from the diagonal above, or right from the one below. */
function startOf(front: ReadonlyMap<number, number>, diagonal: number, count: number): number {
  const down = front.get(diagonal + 1) ?? -1;
  const right = front.get(diagonal - 1) ?? -1;
  return diagonal === -count || (diagonal !== count && right < down) ? down : right + 1;
}

function wayBack(
  reached: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let count = reached.length - 1; count >= 0; count -= 1) {
    const front = reached[count] ?? new Map<number, number>();
    const diagonal = x - y;
    const start = startOf(front, diagonal, count);
    while (x > start) {
      x -= 1;
      y -= 1;
      edits.push({ kind: " ", line: before[x] ?? "" });
    }
    if (count === 0) break;
    const down = front.get(diagonal + 1) ?? -1;
    const wentDown = diagonal === -count || (diagonal !== count && (front.get(diagonal - 1) ?? -1) < down);
    if (wentDown) {
      y -= 1;
      edits.push({ kind: "+", line: after[y] ?? "" });
    } else {
      x -= 1;
      edits.push({ kind: "-", line: before[x] ?? "" });
    }
  }
  return edits.reverse();
}

function hunksOf(edits: readonly Edit[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let beforeLine = 1;
  let afterLine = 1;
  let open: { beforeStart: number; afterStart: number; edits: Edit[] } | undefined;
  let quiet = 0;
  edits.forEach((edit, index) => {
    if (open === undefined && edits.slice(index, index + context + 1).some(({ kind }) => kind !== " ")) {
      open = { beforeStart: beforeLine, afterStart: afterLine, edits: [] };
      quiet = 0;
    }
    if (open !== undefined) {
      open.edits.push(edit);
      quiet = edit.kind === " " ? quiet + 1 : 0;
      // Two changes with no more than twice the context between them share a hunk.
      const more = edits.slice(index + 1, index + 2 + context).some(({ kind }) => kind !== " ");
      if (quiet >= context && !more) {
        hunks.push(open);
        open = undefined;
      }
    }
    if (edit.kind !== "+") beforeLine += 1;
    if (edit.kind !== "-") afterLine += 1;
  });
  if (open?.edits.some(({ kind }) => kind !== " ")) hunks.push(open);
  return hunks;
}

function hunkText({ beforeStart, afterStart, edits }: Hunk): string {
  const removed = edits.filter(({ kind }) => kind !== "+").length;
  const added = edits.filter(({ kind }) => kind !== "-").length;
  // An empty side is counted from the line before it.
  const from = `${removed === 0 ? beforeStart - 1 : beforeStart},${removed}`;
  const to = `${added === 0 ? afterStart - 1 : afterStart},${added}`;
  const lines = edits.map(({ kind, line }) =>
    line.endsWith("\n") ? `${kind}${line}` : `${kind}${line}\n\\ No newline at end of file\n`,
  );
  return `@@ -${from} +${to} @@\n${lines.join("")}`;
}
