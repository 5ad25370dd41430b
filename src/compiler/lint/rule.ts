import type { Severity } from "../diagnostic.js";
import type { Range } from "../source.js";
import type { Edit } from "./edits.js";
import type { Subject } from "./subject.js";

/** Rules that are about the same. `strict` has those that are only looked at where somebody asks for them. */
export const groups = ["wire", "versions", "names", "docs", "tidy", "strict"] as const;
export type Group = (typeof groups)[number];

/** One thing that definitions should have or avoid; each rule is one file. */
export interface Rule {
  /** Stable; ignore comments and rpcgen.yaml use it. */
  readonly id: string;
  readonly group: Group;
  readonly severity: Severity;
  /** What it asks for, in one line. */
  readonly purpose: string;
  /** Why, in a few sentences. */
  readonly explanation: string;
  /** The smallest definition that has a finding; `rpcapi`, `service` and `versions` are left out where they do not matter. */
  readonly example: string;
  /** The same, put right. */
  readonly fix: string;
  /** Its findings come with edits, so that `--fix` mends them. */
  readonly fixable?: true;
  readonly check: (subject: Subject, report: Report) => void;
}

/** Reports a finding of the rule that is being checked. */
export type Report = (range: Range, message: string, more?: More) => void;

/** What a finding may have beside its text. */
export interface More {
  readonly help?: string | undefined;
  /** Mends it. Left out where that would be a guess. */
  readonly fix?: readonly Edit[] | undefined;
  readonly related?: readonly { readonly message: string; readonly range: Range }[];
}
