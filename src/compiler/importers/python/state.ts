import type { SyntaxNode } from "@lezer/common";
import { compareVersions } from "../../versions.js";
import type { Surroundings } from "./surroundings.js";
import type { Client, Send, Table, Value } from "./value.js";

/** What was assumed of something that only a run of the program can know. */
export interface Decision {
  /** What is set or true, as Python would write it. */
  readonly about: string;
  readonly holds: boolean;
}

/** How a method refused. */
export interface Refusal {
  /** Where in the file. */
  readonly at: number;
  /** The class of the error, where it could be read. */
  readonly error: string | undefined;
  /** Its whole name, as a peer knows it. */
  readonly wire: string | undefined;
  /** Its text, where it is a text. */
  readonly message: string | undefined;
  /** What else it was given, where that is a literal. */
  readonly fields: ReadonlyMap<string, string | number | boolean>;
  /** The decorator that refuses, where it is not in the file. */
  readonly by?: string;
}

/** What is known on one way through a method, below or at one version cap. */
export class State {
  readonly sends: Send[] = [];
  readonly decisions: Decision[] = [];
  /** Versions that were asked for. */
  readonly asked = new Set<string>();
  readonly remarks = new Set<string>();
  /** Where the functions begin that were followed; the tree makes its nodes anew for everyone who asks. */
  readonly followed = new Set<number>();
  /** What `Target` was given. */
  readonly targets: Table[] = [];
  readonly attributes: Map<string, Value>;
  refusal: Refusal | undefined;
  loops = 0;
  /** Where the functions begin that run now, the innermost last. */
  readonly running: number[] = [];
  readonly #cap: string;
  readonly #script: readonly boolean[];

  constructor(cap: string, script: readonly boolean[], attributes: ReadonlyMap<string, Value>) {
    this.#cap = cap;
    this.#script = script;
    this.attributes = new Map(attributes);
  }

  /** Whether something holds that cannot be known: what the script says, or yes; always the same about the same thing. */
  decide(about: string): boolean {
    const known = this.decisions.find((each) => each.about === about);
    if (known !== undefined) return known.holds;
    const holds = this.#script[this.decisions.length] ?? true;
    this.decisions.push({ about, holds });
    return holds;
  }

  /** Whether a version can be sent at the cap. */
  can(version: string): boolean {
    this.asked.add(version);
    return compareVersions(this.#cap, version) >= 0;
  }
}

/** The running of one function. */
export interface Frame {
  readonly state: State;
  readonly around: Surroundings;
  readonly names: Map<string, Value>;
  evaluate(node: SyntaxNode): Value;
  holds(node: SyntaxNode): boolean;
  /** Runs a function with arguments, and gives what it returns. */
  follow(called: SyntaxNode, given: Given): Value;
}

/** What a call is given. */
export interface Given {
  readonly positional: readonly Value[];
  readonly named: Table;
}

/** The version in a text such as `2.1`. */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
}

/** The version that a value is; undefined where it is something else. */
export function versionOf(value: Value | undefined): string | undefined {
  return value?.kind === "literal" && typeof value.value === "string" && isVersion(value.value)
    ? value.value
    : undefined;
}

/** The version that a client was prepared for. */
export function preparedVersion(client: Client): string | undefined {
  return versionOf(client.options.get("version"));
}
