import { violationOf } from "../../constraints.js";
import { child, entriesOf, itemsOf, jsonOf, type MapNode, type Node } from "../../document.js";
import type { Rule } from "../rule.js";
import { baseOf } from "../subject.js";

/** Some value meets all constraints. */
export const unsatisfiable: Rule = {
  id: "unsatisfiable",
  group: "wire",
  severity: "error",
  purpose: "Some value meets all constraints together, those of named types too.",
  explanation:
    "The compiler refuses a minimum above the maximum beside it. This rule also looks at what comes together from an alias and its use, at whole numbers between two limits, at the length of formats, and at each value of an enum. Where nothing is left, every request is refused; a value of an enum that another constraint excludes can never be sent.",
  example:
    "types:\n  Port: { type: integer, minimum: 1, maximum: 65535 }\nmethods:\n  open: { kind: cast, params: { port: { type: Port, minimum: 70000 } } }\n",
  fix: "types:\n  Port: { type: integer, minimum: 1, maximum: 65535 }\nmethods:\n  open: { kind: cast, params: { port: { type: Port, minimum: 7000 } } }\n",
  check({ values }, report) {
    for (const { file, type, long } of values) {
      if (type === undefined || long === undefined) continue;
      const base = baseOf(type, file);
      if (base === undefined) continue;
      // Null is a value as well, but nobody writes constraints to allow nothing else.
      const levels = [long, ...base.aliases.filter((alias) => alias !== long)];
      const problem = emptyRange(levels, base.name);
      if (problem !== undefined) {
        report(problem.range, problem.message, { help: "change one of the limits" });
        continue;
      }
      for (const node of enumValues(long, base.entry === undefined ? base.name : undefined)) {
        const value = jsonOf(node);
        const reason = misfit(value, base.name) ?? firstViolation(value, levels);
        if (reason !== undefined)
          report(node.range, `this value can never be sent: it ${reason}`, {
            help: "remove it, or change what excludes it",
          });
      }
    }
  },
};

interface Problem {
  readonly range: Node["range"];
  readonly message: string;
}

const lengths: readonly (readonly [string, string, string])[] = [
  ["minLength", "maxLength", "characters"],
  ["minItems", "maxItems", "items"],
  ["minProperties", "maxProperties", "keys"],
];

/** Texts whose length their type says. */
const fixedLengths: Readonly<Record<string, readonly [number, number]>> = {
  uuid: [36, 36],
  date: [10, 10],
  datetime: [16, 40],
};

function emptyRange(levels: readonly MapNode[], base: string): Problem | undefined {
  const isWhole = base === "integer" || base === "bigint";
  const low = strictest(levels, isWhole, ["minimum", 0], ["exclusiveMinimum", 1], 1);
  const high = strictest(levels, isWhole, ["maximum", 0], ["exclusiveMaximum", 1], -1);
  if (
    low !== undefined &&
    high !== undefined &&
    (low.value > high.value || (low.value === high.value && (low.open || high.open)))
  ) {
    // Beside each other they were refused already.
    if (low.level !== high.level || isWhole) {
      const kind = isWhole ? "whole number" : "number";
      const [place] = [low, high].filter(({ level }) => level === levels[0]);
      return { range: (place ?? high).range, message: `no ${kind} is ${low.text} and ${high.text}` };
    }
  }
  const step = limitIn(levels, "multipleOf");
  if (step !== undefined && low !== undefined && high !== undefined && step.value > 0) {
    const first = Math.ceil(low.value / step.value) * step.value;
    if (first > high.value) {
      return { range: step.range, message: `no multiple of ${step.value} is ${low.text} and ${high.text}` };
    }
  }
  for (const [lowWord, highWord, what] of lengths) {
    const [fixedLow, fixedHigh] = lowWord === "minLength" ? (fixedLengths[base] ?? []) : [];
    const least = limitIn(levels, lowWord, Math.max);
    const most = limitIn(levels, highWord, Math.min);
    if (least !== undefined && most !== undefined && least.value > most.value && least.level !== most.level) {
      return { range: least.range, message: `nothing has at least ${least.value} and at most ${most.value} ${what}` };
    }
    if (most !== undefined && fixedLow !== undefined && most.value < fixedLow) {
      return {
        range: most.range,
        message: `a ${base} has at least ${fixedLow} characters, and this allows ${most.value}`,
      };
    }
    if (least !== undefined && fixedHigh !== undefined && least.value > fixedHigh) {
      return {
        range: least.range,
        message: `a ${base} has at most ${fixedHigh} characters, and this asks for ${least.value}`,
      };
    }
  }
  return undefined;
}

interface Limit {
  readonly value: number;
  readonly open: boolean;
  readonly level: MapNode;
  readonly range: Node["range"];
  readonly text: string;
}

/** The limit that leaves least; `sign` is 1 for lower ones. Whole numbers have no open limits, but the next number. */
function strictest(
  levels: readonly MapNode[],
  isWhole: boolean,
  [closed]: readonly [string, number],
  [open]: readonly [string, number],
  sign: 1 | -1,
): Limit | undefined {
  const found: Limit[] = [];
  for (const level of levels) {
    for (const [word, isOpen] of [
      [closed, false],
      [open, true],
    ] as const) {
      const node = child(level, word);
      const raw = node === undefined ? undefined : jsonOf(node);
      if (node === undefined || (typeof raw !== "number" && typeof raw !== "bigint")) continue;
      const written = Number(raw);
      const rounded = sign === 1 ? Math.ceil(written) : Math.floor(written);
      const value = !isWhole ? written : isOpen && rounded === written ? written + sign : rounded;
      const words = sign === 1 ? (isOpen ? "more than" : "at least") : isOpen ? "less than" : "at most";
      found.push({ value, open: isOpen && !isWhole, level, range: node.range, text: `${words} ${raw}` });
    }
  }
  return found.sort((a, b) => sign * (b.value - a.value))[0];
}

function limitIn(
  levels: readonly MapNode[],
  word: string,
  choose: (...values: number[]) => number = Math.max,
): { readonly value: number; readonly level: MapNode; readonly range: Node["range"] } | undefined {
  const found = levels.flatMap((level) => {
    const node = child(level, word);
    const value = node === undefined ? undefined : jsonOf(node);
    return node !== undefined && typeof value === "number" ? [{ value, level, range: node.range }] : [];
  });
  const chosen = choose(...found.map(({ value }) => value));
  return found.find(({ value }) => value === chosen);
}

/** The values of an enum that is a constraint. Those of a named enum are texts, which nothing else limits. */
function enumValues(long: MapNode, base: string | undefined): readonly Node[] {
  return base === undefined ? [] : itemsOf(child(long, "enum"));
}

function misfit(value: unknown, base: string): string | undefined {
  const fits: Readonly<Record<string, boolean>> = {
    integer: typeof value === "number" && Number.isInteger(value),
    bigint: typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value)),
    number: typeof value === "number" || typeof value === "bigint",
    boolean: typeof value === "boolean",
    string: typeof value === "string",
  };
  return value === null || fits[base] !== false ? undefined : `is no ${base}`;
}

function firstViolation(value: unknown, levels: readonly MapNode[]): string | undefined {
  if (value === null) return undefined;
  for (const level of levels) {
    const constraints = entriesOf(level).filter(({ key }) => key !== "enum" || level !== levels[0]);
    const reason = violationOf(value, Object.fromEntries(constraints.map((one) => [one.key, jsonOf(one.value)])));
    if (reason !== undefined) return reason;
  }
  return undefined;
}
