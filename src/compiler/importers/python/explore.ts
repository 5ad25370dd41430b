import type { SyntaxNode } from "@lezer/common";
import { compareVersions } from "../../versions.js";
import { isSelfOrContext, parameterNodes } from "./expressions.js";
import { type Given, preparedVersion, State } from "./state.js";
import { run } from "./statements.js";
import { isStatic, type Surroundings } from "./surroundings.js";
import { emptyTable, type Value } from "./value.js";

/** All ways through a method at the version caps between one version and the next. */
export interface Region {
  /** The lowest cap; undefined below every version that is asked for. */
  readonly from: string | undefined;
  readonly ways: readonly State[];
}

/** More ways than this through a method say nothing new about what it sends. */
const manyWays = 200;

/** Runs a method at every version cap at which it can do something else, oldest first. */
export function regionsOf(
  method: SyntaxNode,
  around: Surroundings,
  attributes: ReadonlyMap<string, Value>,
): readonly Region[] {
  const asked = new Set<string>();
  const ways = new Map<string, readonly State[]>();
  for (let before = -1; before < asked.size; ) {
    before = asked.size;
    for (const cap of ["0.0", ...asked]) {
      const found = ways.get(cap) ?? waysThrough(method, cap, around, attributes);
      ways.set(cap, found);
      for (const each of found) for (const version of each.asked) asked.add(version);
    }
  }
  return [...ways]
    .sort(([a], [b]) => compareVersions(a, b))
    .map(([cap, found]) => ({ from: cap === "0.0" ? undefined : cap, ways: found }));
}

/** Runs a method at one cap, with whatever it may be given. */
function waysThrough(
  method: SyntaxNode,
  cap: string,
  around: Surroundings,
  attributes: ReadonlyMap<string, Value>,
): readonly State[] {
  return everyWay(method, outsideOf(method, around), around, (script) => new State(cap, script, attributes));
}

/** Runs a function again for each way in which something that cannot be known may turn out. */
function everyWay(
  called: SyntaxNode,
  given: Given,
  around: Surroundings,
  begin: (script: readonly boolean[]) => State,
): readonly State[] {
  const found: State[] = [];
  let script: readonly boolean[] | undefined = [];
  while (script !== undefined && found.length < manyWays) {
    const state: State = begin(script);
    run(called, copyOf(given), state, around);
    found.push(state);
    // The last decision that was a yes is the next no; what came behind it is open again.
    const last = state.decisions.findLastIndex(({ holds }) => holds);
    script = last === -1 ? undefined : [...state.decisions.slice(0, last).map(({ holds }) => holds), false];
  }
  if (script !== undefined) found[0]?.remarks.add("has more branches than were looked at");
  return found;
}

/** Runs change tables in their place. */
function copyOf({ positional, named }: Given): Given {
  return { positional, named: { ...named, entries: new Map(named.entries), unread: [...named.unread] } };
}

/** What a method is given by a caller who is not known. */
function outsideOf(method: SyntaxNode, around: Surroundings): Given {
  const named = emptyTable();
  const positional: Value[] = [];
  for (const [at, { name, star }] of parameterNodes(method, around.tree).entries()) {
    if (at === 0 && star === "" && !isStatic(method, around.tree)) positional.push({ kind: "self", isAbove: false });
    else if (star === "**") named.unread.push(name);
    else if (star === "")
      named.entries.set(name, isSelfOrContext(name) ? { kind: "unknown", text: name } : { kind: "path", keys: [name] });
  }
  return { positional, named };
}

/** What the constructor gives the object, and the `Target` that it makes. */
export function constructed(around: Surroundings): State {
  const maker = around.methods.get("__init__");
  const begin = (script: readonly boolean[]): State => new State("0.0", script, new Map());
  if (maker === undefined) return begin([]);
  // Without arguments, so that parameters have their defaults.
  const self: Given = { positional: [{ kind: "self", isAbove: false }], named: emptyTable() };
  const ways = everyWay(maker, self, around, begin);
  return ways.find(({ targets }) => targets.length > 0) ?? ways[0] ?? begin([]);
}

/** Every version that a way names. */
export function versionsOf(state: State): readonly string[] {
  return [...state.asked, ...state.sends.flatMap(({ client }) => preparedVersion(client) ?? [])];
}
