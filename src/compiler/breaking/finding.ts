import type { Diagnostic } from "../diagnostic.js";
import type { Service } from "../model.js";
import type { Range } from "../source.js";
import type { MethodPair, ParamPair, ServicePair } from "./comparison.js";
import type { TypeChange } from "./type-changes.js";
import type { Verdict } from "./verdict.js";

/**
 * What goes wrong: WIRE, messages of the previous state are lost, refused or cannot be read; ROLLING, the two states
 * misunderstand each other while both run; SOURCE, programs must be changed to compile; POLICY, the history does not
 * say what happened.
 */
export type Category = "WIRE" | "ROLLING" | "SOURCE" | "POLICY";

/** The step of the version that a change needs. */
export type Step = "none" | "minor" | "major";

/** What `rpcgen explain` says of a rule. */
export interface RuleText {
  /** Stable: `parameter-removed`. */
  readonly id: string;
  readonly category: Category;
  /** What it looks for, as one sentence. */
  readonly purpose: string;
  /** Why it breaks and what to do instead, in a few sentences. */
  readonly explanation: string;
}

/** One way in which a change breaks. */
export interface Rule extends RuleText {
  readonly check: Check;
}

/** What a rule looks at: it is called for each of these that may have changed. */
export interface Check {
  readonly removedService?: (service: Service) => readonly Break[];
  readonly service?: (pair: ServicePair) => readonly Break[];
  /** A method that both states have. */
  readonly method?: (method: MethodPair, pair: ServicePair) => readonly Break[];
  /** A parameter that both states of a method have. */
  readonly param?: (param: ParamPair, method: MethodPair, pair: ServicePair) => readonly Break[];
  readonly type?: (change: TypeChange, pair: ServicePair) => readonly Break[];
}

/** One way in which the newest version is not that of the changes. It is asked when all other rules have spoken. */
export interface VersionRule extends RuleText {
  readonly checkVersion: (verdict: Verdict, pair: ServicePair) => readonly Break[];
}

/** What a rule has found. */
export interface Break {
  readonly service: string;
  /** What it is about, the same from run to run: `methods.start_instance.params.host`. */
  readonly subject: string;
  /** In plain words, without the place. */
  readonly message: string;
  /** The way out, as one sentence. */
  readonly help?: string;
  readonly at: Place;
  readonly related?: readonly { readonly message: string; readonly at: Place }[];
  /** The step of the version that may carry the change. @default "major" */
  readonly needs?: Step;
  /** What would let a minor version carry it, in words that follow "if": `host had a default`. */
  readonly unless?: string;
  /** The change as the description of a version has it: `removes stop_instance`. */
  readonly note?: string;
  /** What writing the version of the change there would mend. */
  readonly since?: Since;
}

/** Something new that claims to be old: a method, or one of its parameters. */
export interface Since {
  readonly method: string;
  readonly param?: string;
}

/** A node of the current definitions, or of the previous ones where the thing is gone. */
export type Place = { readonly current: Range } | { readonly previous: Range };

/** A break as it is reported. */
export interface Finding extends Diagnostic {
  readonly category: Category;
  readonly service: string;
  readonly subject: string;
  readonly needs: Step;
  readonly unless?: string;
  readonly note?: string;
  readonly since?: Since;
  /** The service in the current definitions, for tools that know no other files; absent where it is gone. */
  readonly home?: Range;
  /** Why the baseline accepts it. */
  readonly accepted?: string;
}
