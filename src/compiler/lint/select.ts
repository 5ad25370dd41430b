import type { LintSettings } from "../config.js";
import type { Diagnostic } from "../diagnostic.js";
import { didYouMean } from "../suggest.js";
import { isCompilerWarning } from "./ignores.js";
import { groups, type Rule } from "./rule.js";
import { lintRules } from "./rules.js";

/** Which rules look at definitions. */
export interface Selection {
  readonly rules: readonly Rule[];
  /** Codes of the compiler's own warnings that are left out. */
  readonly silenced: ReadonlySet<string>;
  /** Names in the settings that are no rule. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Chooses rules by their names and groups. `default` stands for all groups but strict, `all` for all. */
export function selectRules({ use, except }: LintSettings): Selection {
  const chosen = new Set<Rule>();
  const silenced = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const rulesOf = (name: string): readonly Rule[] =>
    lintRules.filter(
      ({ id, group }) => name === id || name === group || name === "all" || (name === "default" && group !== "strict"),
    );
  const unknown = (name: string): void => {
    const known = [...lintRules.map(({ id }) => id), "default", "all", ...groups];
    const help = didYouMean(name, known, "rpcgen lint --list shows the rules and their groups");
    diagnostics.push({
      code: "unknown-rule",
      severity: "error",
      message: `there is no lint rule or group "${name}"`,
      ...help,
    });
  };
  for (const name of use) {
    const rules = rulesOf(name);
    if (rules.length === 0) unknown(name);
    for (const rule of rules) chosen.add(rule);
  }
  for (const name of except) {
    const rules = rulesOf(name);
    for (const rule of rules) chosen.delete(rule);
    if (rules.length > 0) continue;
    if (isCompilerWarning(name)) silenced.add(name);
    else unknown(name);
  }
  return { rules: lintRules.filter((rule) => chosen.has(rule)), silenced, diagnostics };
}
