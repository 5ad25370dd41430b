import type { SyntaxNode } from "@lezer/common";
import { compareVersions } from "../../versions.js";
import { type Region, regionsOf, versionsOf } from "./explore.js";
import { docstring, isSelfOrContext, literalOf, type Parameter, parametersOf } from "./expressions.js";
import { type Form, formOf, type Way } from "./form.js";
import { errorOf, raisedBy } from "./refusal.js";
import { isVersion, type Refusal, type State } from "./state.js";
import { decoratorsOf, type Surroundings } from "./surroundings.js";
import { type Lacking, lackingIn } from "./tables.js";
import { below } from "./tree.js";
import { isSame, pathsIn, textOf, type Value } from "./value.js";
import { type Choice, isSameChoice } from "./where.js";

/** Something under its former name, below a version. */
export interface Former {
  readonly before: string;
  readonly name: string;
}

/** What is so from a version on, or from the first. */
export interface Rule<T> {
  readonly since: string | undefined;
  readonly is: T;
}

/** What a method of an RPC class sends. */
export interface SentMethod {
  readonly wireName: string;
  readonly formerNames: readonly Former[];
  /** The kinds, the newest first. */
  readonly kinds: readonly Rule<Way | "fanout">[];
  /** The lowest version that has it; undefined where none is named. */
  readonly since: string | undefined;
  /** How lower versions are refused. */
  readonly tooOld: Refusal | undefined;
  /** Every version that it names. */
  readonly versions: readonly string[];
  /** What requests are labelled with, the newest first. */
  readonly labels: readonly Rule<string | undefined>[];
  readonly args: readonly SentArg[];
  /** Servers and topics, the newest first. */
  readonly servers: readonly Rule<Choice>[];
  readonly topics: readonly Rule<Choice>[];
  readonly timeout: Value | undefined;
  readonly heartbeat: Value | undefined;
  readonly isDropped: boolean;
  readonly description: string | undefined;
  /** Parameters of the Python method, without the context. */
  readonly parameters: readonly Parameter[];
  readonly remarks: readonly string[];
}

/** One argument on the wire. */
export interface SentArg {
  readonly name: string;
  readonly value: Value;
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** What older peers do; a refusal is that of the client. */
  readonly whenOlder: "drop" | Refusal;
  /** It is given under a condition alone. */
  readonly isOptional: boolean;
  readonly formerNames: readonly Former[];
  /** What a table that is sent lacks below a version, from old to new. */
  readonly without: readonly Lacking[];
}

/** What a method does: the messages that it sends, and the functions that it runs for it. */
export interface Read {
  readonly sent: readonly SentMethod[];
  /** Where they begin. */
  readonly followed: ReadonlySet<number>;
  /** Why nothing was seen. */
  readonly remarks: readonly string[];
}

/** Reads what a method sends: nothing that can be seen, one message, or several of different names. */
export function readMethod(method: SyntaxNode, around: Surroundings, attributes: ReadonlyMap<string, Value>): Read {
  const regions = regionsOf(method, around, attributes);
  const ways = regions.flatMap((each) => each.ways);
  const newest = regions.findLast((each) => namesIn(each.ways).length > 0);
  const names = newest === undefined ? [] : namesIn(newest.ways);
  return {
    sent: names.map((name) => combined(name, names, regions, method, around)),
    followed: new Set(ways.flatMap((each) => [...each.followed])),
    remarks: [...new Set(ways.flatMap((each) => [...each.remarks]))],
  };
}

/** The names of the messages that are sent where nothing refuses. */
function namesIn(ways: readonly State[]): readonly string[] {
  return [...new Set(going(ways).flatMap(({ sends }) => sends.map(({ name }) => name)))];
}

function going(ways: readonly State[]): readonly State[] {
  return ways.filter(({ refusal }) => refusal === undefined);
}

interface Level {
  readonly from: string | undefined;
  readonly form: Form;
  readonly region: Region;
}

/** The forms of a message, newest first, as far down as there is one. */
function levelsOf(name: string, names: readonly string[], regions: readonly Region[]): readonly Level[] {
  const found: Level[] = [];
  for (const region of [...regions].reverse()) {
    const own = namesIn(region.ways);
    const others = own.filter((each) => !names.includes(each));
    const [former, ...more] = own.includes(name) ? [name] : others;
    const form = former === undefined || more.length > 0 ? undefined : formOf(former, going(region.ways));
    if (form !== undefined) found.push({ from: region.from, form, region });
    else if (found.length > 0) break;
  }
  return found;
}

function combined(
  name: string,
  names: readonly string[],
  regions: readonly Region[],
  method: SyntaxNode,
  around: Surroundings,
): SentMethod {
  const levels = levelsOf(name, names, regions);
  const [top] = levels;
  const bottom = levels.at(-1);
  if (top === undefined || bottom === undefined) throw new Error(`the form of ${name} is there, or it has no name`);
  const changes = changesOf(levels);
  const guard = guardOf(method, around);
  const older = regions[regions.indexOf(bottom.region) - 1];
  const isRefused = older?.ways.every(({ refusal }) => refusal !== undefined);
  const remarks = new Set([...levels.flatMap(({ form }) => form.remarks), ...changes.remarks]);
  if (older !== undefined && isRefused === false && bottom.from !== undefined)
    remarks.add(`below ${bottom.from} it sends nothing`);
  const named = [bottom.form.version, bottom.from, guard?.version].filter((each) => each !== undefined);
  const since = named.sort(compareVersions).at(-1);
  const tooOld = isRefused === true && since === bottom.from ? older?.ways[0]?.refusal : guard?.refusal;
  const body = method.getChild("Body");
  return {
    wireName: name,
    formerNames: changes.names,
    kinds: rules(
      levels,
      ({ kind }) => kind,
      (a, b) => JSON.stringify(a) === JSON.stringify(b),
    ),
    since,
    tooOld,
    versions: [
      ...regions.flatMap(({ ways }) => ways.flatMap(versionsOf)),
      ...(guard === undefined ? [] : [guard.version]),
    ],
    labels: levels.map(({ from, form }) => ({ since: from, is: form.version })),
    args: changes.args,
    servers: rules(levels, ({ servers }) => servers, isSameChoice),
    topics: rules(levels, ({ topics }) => topics, isSameChoice),
    timeout: top.form.timeout,
    heartbeat: top.form.heartbeat,
    isDropped: levels.every(({ form }) => form.isDropped),
    description: body === null ? undefined : docstring(body, around.tree),
    parameters: parametersOf(method, around.tree)
      .filter(({ name: each }) => !isSelfOrContext(each))
      .map((each) => ({ ...each, default: constantOf(each.default, around) })),
    remarks: [...remarks],
  };
}

/** The text of a default; that of a constant where the constant stands for it. */
function constantOf(text: string | undefined, { constants, attributes, tree }: Surroundings): string | undefined {
  const node = text === undefined ? undefined : (constants.get(text) ?? attributes.get(text));
  const value = node === undefined ? undefined : tree.textOf(node);
  return value !== undefined && literalOf(value) !== undefined ? value : text;
}

/** What a form says at each level, where that differs from the level above. */
function rules<T>(levels: readonly Level[], of: (form: Form) => T, same: (a: T, b: T) => boolean): readonly Rule<T>[] {
  const found: Rule<T>[] = [];
  for (const { from, form } of levels) {
    const is = of(form);
    const above = found.at(-1);
    if (above !== undefined && same(above.is, is)) found.splice(-1, 1, { since: from, is });
    else found.push({ since: from, is });
  }
  return found;
}

/** The client's own refusal. */
const unnamed: Refusal = { at: -1, error: undefined, wire: undefined, message: undefined, fields: new Map() };

/** What became of names and arguments from level to level. */
interface Changes {
  readonly names: readonly Former[];
  readonly args: readonly SentArg[];
  readonly remarks: readonly string[];
}

function changesOf(levels: readonly Level[]): Changes {
  const names: Former[] = [];
  const remarks: string[] = [];
  const args = new Map<string, SentArg>();
  /** The newest name of what goes under a name at the level that is looked at. */
  const newest = new Map<string, string>();
  for (const [name, { value, isOptional, needs }] of levels[0]?.form.args ?? []) {
    // What asks for its version by being there is refused by a client that must not send it.
    const whenOlder = needs === undefined ? "drop" : unnamed;
    args.set(name, {
      name,
      value,
      isOptional,
      since: needs,
      until: undefined,
      whenOlder,
      formerNames: [],
      without: [],
    });
    newest.set(name, name);
  }
  for (const [at, lower] of levels.entries()) {
    const upper = levels[at - 1];
    const version = upper?.from;
    if (upper === undefined || version === undefined) continue;
    if (lower.form.name !== upper.form.name) names.push({ before: version, name: lower.form.name });
    const refused = newlyRefused(lower, upper);
    const extra = new Map([...lower.form.args].filter(([name]) => !upper.form.args.has(name)));
    for (const [name, { value, isOptional }] of upper.form.args) {
      const own = args.get(newest.get(name) ?? name);
      const still = lower.form.args.get(name);
      if (own === undefined) continue;
      if (still !== undefined) {
        const names = lackingIn(still.value, own.value);
        if (names === undefined && !isSame(still.value, value))
          remarks.push(`below ${version} it sends ${name} = ${textOf(still.value)}`);
        if (names !== undefined && names.join() !== (own.without[0]?.names ?? []).join())
          args.set(own.name, { ...own, without: [{ before: version, names }, ...own.without] });
        if (still.isOptional && !isOptional) args.set(own.name, { ...(args.get(own.name) ?? own), isOptional: true });
        continue;
      }
      const [former] = [...extra].find(([, each]) => isSame(each.value, value)) ?? [];
      if (former !== undefined) {
        extra.delete(former);
        newest.set(former, own.name);
        args.set(own.name, { ...own, formerNames: [...own.formerNames, { before: version, name: former }] });
        continue;
      }
      // The highest version below which it is missing is when it came.
      if (own.since !== undefined) continue;
      const refusal = refused.find((each) => isAbout(each, own))?.refusal;
      args.set(own.name, { ...own, since: version, whenOlder: refusal ?? "drop" });
    }
    for (const [name, { value, isOptional }] of extra) {
      const known = args.get(name);
      if (known !== undefined) remarks.push(`sends ${name} below ${version} too, which a definition cannot say`);
      else {
        args.set(name, {
          name,
          value,
          isOptional,
          since: undefined,
          until: version,
          whenOlder: "drop",
          formerNames: [],
          without: [],
        });
        newest.set(name, name);
      }
    }
    const known = new Set([...args.values()].map(({ whenOlder }) => (whenOlder === "drop" ? undefined : whenOlder.at)));
    const others = refused.filter(({ refusal }) => !known.has(refusal?.at));
    const places = new Map(others.map((each) => [each.refusal?.at, each]));
    for (const way of places.values())
      remarks.push(
        `below ${version} it refuses with ${way.refusal?.error ?? "an error"} where ${conditionsOf(way) || "it would go out"}`,
      );
  }
  return { names, args: [...args.values()], remarks: [...new Set(remarks)] };
}

/** What has to be so for a way to be taken. */
function conditionsOf({ decisions }: State): string {
  return decisions.map(({ about, holds }) => (holds ? about : `not ${about}`)).join(" and ");
}

/** The ways that are refused at a level, and not above it. */
function newlyRefused(lower: Level, upper: Level): readonly State[] {
  const above = new Set(upper.region.ways.map(({ refusal }) => refusal?.at));
  return lower.region.ways.filter(({ refusal }) => refusal !== undefined && !above.has(refusal.at));
}

/** Whether a way is taken because an argument is set. */
function isAbout({ decisions }: State, { name, value }: Pick<SentArg, "name" | "value">): boolean {
  const heads = new Set([name, ...pathsIn(value).map(([head]) => head)]);
  return decisions.some(({ about, holds }) => holds && heads.has(/^\w+/.exec(about)?.[0] ?? ""));
}

/** A decorator that refuses below a version, such as `@needs_version('2.1')`. */
function guardOf(
  method: SyntaxNode,
  around: Surroundings,
): { readonly version: string; readonly refusal: Refusal } | undefined {
  const { tree } = around;
  for (const decorator of decoratorsOf(method)) {
    const list = decorator.getChild("ArgList");
    if (list === null || !/version|cap/i.test(tree.textOf(decorator).split("(")[0] ?? "")) continue;
    const args = tree.args(decorator);
    const version = args
      .map(({ value }) => tree.textValue(value))
      .find((each) => each !== undefined && isVersion(each));
    if (version === undefined) continue;
    const errors = args
      .map(({ value }) => errorOf(tree.textOf(value), around))
      .filter(({ error }) => error !== undefined);
    const callee = tree.textOf(decorator).replace(/^@\s*/, "").split("(")[0] ?? "";
    const own = around.functions.get(callee) ?? around.methods.get(callee);
    const raised = own === undefined ? [] : below(own, "RaiseStatement").map((each) => raisedBy(each, around));
    const [error = { error: undefined, wire: undefined }] = [
      ...errors,
      ...raised.filter((each) => each.error !== undefined),
    ];
    const by = own === undefined && error.error === undefined ? callee : undefined;
    return {
      version,
      refusal: {
        ...error,
        at: decorator.from,
        message: undefined,
        fields: new Map(),
        ...(by === undefined ? {} : { by }),
      },
    };
  }
  return undefined;
}
