import type { CapResult, PairResult, SkewReport } from "../skew/result.js";
import type { Paint } from "./report.js";

/** What a cell says of a pair. */
const cells = {
  works: "+",
  refused: "x",
  misunderstood: "!",
  older: ".",
  nothing: "-",
} as const;

type Cell = keyof typeof cells;

/** What the cells mean; only those that a table has. */
const meanings: Readonly<Record<Cell, string>> = {
  works: "works",
  nothing: "nothing is sent: the client refuses every method",
  older: "the server is older than the cap, and refuses what is newer",
  refused: "the server refuses what it should take",
  misunderstood: "the server takes something for something else",
};

/** Columns of a table, so that it fits on a terminal of 80 beside its first columns. */
const widest = 80;

/**
 * The matrix of a service: a row for each cap, a column for each version of a server, and what the client refuses
 * before a server sees it. Neighbours that are equal share a row or a column.
 */
export function skewTable(report: SkewReport, paint: Paint): string {
  const columns = columnsOf(report);
  const rows = rowsOf(report);
  const left = Math.max(3, ...rows.map(({ label }) => label.length));
  const counts = "  methods  arguments";
  const blocks = blocksOf(columns, widest - left - counts.length - 2);
  const texts = blocks.map((block) => [
    `${" ".repeat(left)}  the client refuses  ${majorsLine(block)}`,
    `${"cap".padEnd(left)}${counts}  ${block.map(({ label, width }) => label.padEnd(width)).join(" ")}`,
    ...rows.map(({ label, result }) => {
      const numbers = [result.refusedMethods, result.refusedArguments].map(({ length }) =>
        length === 0 ? "-" : String(length),
      );
      const [methods = "", args = ""] = numbers;
      const line = block.map(({ index, width }) => {
        const pair = result.servers[index];
        return pair === undefined ? "" : painted(pair, paint) + " ".repeat(width - 1);
      });
      return `${label.padEnd(left)}  ${methods.padStart(7)}  ${args.padStart(9)}  ${line.join(" ")}`;
    }),
  ]);
  const table = texts.map((lines) => lines.map((line) => `${line.trimEnd()}\n`).join("")).join("\n");
  return `${table}\n${legend(report)}`;
}

interface Column {
  /** In the report's versions. */
  readonly index: number;
  readonly major: string;
  readonly label: string;
  readonly width: number;
}

function columnsOf({ versions, caps }: SkewReport): readonly Column[] {
  const textOf = (index: number): string =>
    caps.map(({ servers }) => (servers[index] === undefined ? "" : cellOf(servers[index]))).join();
  const groups = groupsOf(versions, (_, index) => `${versions[index]?.split(".")[0]} ${textOf(index)}`);
  return groups.map(({ first, last }) => {
    const [major = "", from = ""] = versions[first]?.split(".") ?? [];
    const to = versions[last]?.split(".")[1] ?? "";
    const label = first === last ? from : `${from}-${to}`;
    return { index: first, major, label, width: Math.max(label.length, major.length) };
  });
}

function rowsOf({ versions, caps }: SkewReport): readonly { readonly label: string; readonly result: CapResult }[] {
  const textOf = ({ refusedMethods, refusedArguments, servers }: CapResult): string =>
    [refusedMethods.length, refusedArguments.length, ...servers.map(cellOf)].join();
  return groupsOf(caps, textOf).flatMap(({ first, last }) => {
    const result = caps[first];
    const label = first === last ? versions[first] : `${versions[first]}-${versions[last]}`;
    return result === undefined ? [] : [{ label: label ?? "", result }];
  });
}

/** Runs of neighbours that have one text. */
function groupsOf<T>(
  items: readonly T[],
  textOf: (item: T, index: number) => string,
): readonly { readonly first: number; readonly last: number }[] {
  const groups: { first: number; last: number; text: string }[] = [];
  items.forEach((item, index) => {
    const text = textOf(item, index);
    const last = groups.at(-1);
    if (last?.text === text) last.last = index;
    else groups.push({ first: index, last: index, text });
  });
  return groups;
}

/** As many columns side by side as there is room for. */
function blocksOf(columns: readonly Column[], room: number): readonly (readonly Column[])[] {
  const blocks: Column[][] = [];
  let left = 0;
  for (const column of columns) {
    if (blocks.length === 0 || column.width > left) {
      blocks.push([]);
      left = room;
    }
    blocks.at(-1)?.push(column);
    left -= column.width + 1;
  }
  return blocks;
}

/** The majors above their first columns. */
function majorsLine(columns: readonly Column[]): string {
  let shown: string | undefined;
  const texts = columns.map(({ major, width }) => {
    const text = major === shown ? "" : major;
    shown = major;
    return text.padEnd(width);
  });
  return texts.join(" ");
}

function cellOf({ isPromised, works, refused, misunderstood }: PairResult): Cell {
  if (misunderstood.length > 0) return "misunderstood";
  if (refused.length > 0) return isPromised ? "refused" : "older";
  return works.length > 0 ? "works" : "nothing";
}

function painted(pair: PairResult, paint: Paint): string {
  const cell = cellOf(pair);
  if (cell === "works") return paint.green(cells.works);
  if (cell === "older" || cell === "nothing") return paint.dim(cells[cell]);
  return pair.isPromised ? paint.red(cells[cell]) : paint.yellow(cells[cell]);
}

function legend({ caps }: SkewReport): string {
  const used = new Set(caps.flatMap(({ servers }) => servers.map(cellOf)));
  const order: readonly Cell[] = ["works", "nothing", "older", "refused", "misunderstood"];
  return order
    .filter((cell) => used.has(cell))
    .map((cell) => `${cells[cell]} ${meanings[cell]}\n`)
    .join("");
}
