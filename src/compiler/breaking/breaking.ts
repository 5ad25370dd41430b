import type { Diagnostic } from "../diagnostic.js";
import type { Model } from "../model.js";
import type { Range } from "../source.js";
import type { AcceptedBreak, Baseline } from "./baseline.js";
import { baselineText } from "./baseline-problems.js";
import { type Comparison, compare, type ServicePair } from "./comparison.js";
import type { Break, Finding, Place, Rule, RuleText } from "./finding.js";
import { comparisonRules, versionRules } from "./rules.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** How two states are compared. */
export interface BreakingOptions {
  /** Breaks that are accepted, with their reasons. @default none */
  readonly baseline?: Baseline;
  /** Whether changes of the generated TypeScript are errors too, and not only warnings. @default false */
  readonly strict?: boolean;
  /** What paths of the previous state's files begin with in findings. @default "previous:" */
  readonly previousPrefix?: string;
}

/** What a comparison has found. */
export interface BreakingReport {
  /** In the order of files and places, without those that the baseline accepts. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly Finding[];
  /** One for each service that both states have. */
  readonly verdicts: readonly Verdict[];
  /** Entries of the baseline that accept nothing. */
  readonly unused: readonly Diagnostic[];
}

/**
 * Compares two states of definitions: what breaks between clients and servers of the two, and which version may carry
 * the change. Both Models must be free of errors.
 */
export function breaking(previous: Model, current: Model, options: BreakingOptions = {}): BreakingReport {
  const { strict = false, previousPrefix = "previous:" } = options;
  const comparison = compare(previous, current);
  const homes = new Map(comparison.services.map((pair) => [pair.current.name, pair.current.range]));
  const report = (rule: RuleText, found: Break): Finding =>
    findingOf(rule, found, homes.get(found.service), strict, previousPrefix);
  const all = comparisonRules.flatMap((rule) => breaksOf(rule, comparison).map((found) => report(rule, found)));
  const baseline = new Acceptance(options.baseline?.accepted ?? []);
  const open = all.filter((finding) => !baseline.accepts(finding));
  const verdicts = comparison.services.map((pair) => {
    const isOurs = ({ service }: Finding): boolean => service === pair.current.name;
    const verdict = verdictOf(pair, open.filter(isOurs), baseline.used.filter(isOurs));
    return {
      verdict,
      findings: versionFindings(verdict, pair, report).filter((finding) => !baseline.accepts(finding)),
    };
  });
  const known = new Set([...homes.keys(), ...comparison.removed.map(({ name }) => name)]);
  return {
    findings: ordered([...open, ...verdicts.flatMap(({ findings }) => findings)]),
    accepted: baseline.used,
    verdicts: verdicts.map(({ verdict }) => verdict),
    unused: baseline.unused(known),
  };
}

/** Shows a rule everything that it looks at. */
function breaksOf({ check }: Rule, { services, removed }: Comparison): readonly Break[] {
  const { removedService, service, method: ofMethod, param: ofParam, type } = check;
  const breaks: Break[] = [];
  if (removedService !== undefined) for (const each of removed) breaks.push(...removedService(each));
  for (const pair of services) {
    if (service !== undefined) breaks.push(...service(pair));
    if (type !== undefined) for (const change of pair.types.all) breaks.push(...type(change, pair));
    if (ofMethod === undefined && ofParam === undefined) continue;
    for (const method of pair.methods) {
      if (!method.changed) continue;
      if (ofMethod !== undefined) breaks.push(...ofMethod(method, pair));
      if (ofParam !== undefined) for (const param of method.params) breaks.push(...ofParam(param, method, pair));
    }
  }
  return breaks;
}

function versionFindings(
  verdict: Verdict,
  pair: ServicePair,
  report: (rule: RuleText, found: Break) => Finding,
): readonly Finding[] {
  return versionRules.flatMap((rule) => rule.checkVersion(verdict, pair).map((found) => report(rule, found)));
}

function findingOf(
  rule: RuleText,
  { at, related, ...found }: Break,
  home: Range | undefined,
  strict: boolean,
  previousPrefix: string,
): Finding {
  const rangeOf = (place: Place): Range =>
    "current" in place ? place.current : { ...place.previous, path: `${previousPrefix}${place.previous.path}` };
  return {
    code: rule.id,
    severity: rule.category === "SOURCE" && !strict ? "warning" : "error",
    category: rule.category,
    ...found,
    needs: found.needs ?? "major",
    range: rangeOf(at),
    ...(related === undefined
      ? {}
      : { related: related.map((other) => ({ message: other.message, range: rangeOf(other.at) })) }),
    ...(home === undefined ? {} : { home }),
  };
}

/** The baseline's entries, and which of them were needed. */
class Acceptance {
  readonly #entries: ReadonlyMap<string, AcceptedBreak>;
  readonly #needed = new Set<AcceptedBreak>();
  readonly #used: Finding[] = [];

  constructor(entries: readonly AcceptedBreak[]) {
    this.#entries = new Map(entries.map((entry) => [keyOf(entry.rule, entry.service, entry.subject), entry]));
  }

  get used(): readonly Finding[] {
    return this.#used;
  }

  accepts(finding: Finding): boolean {
    const entry = this.#entries.get(keyOf(finding.code, finding.service, finding.subject));
    if (entry === undefined) return false;
    this.#needed.add(entry);
    this.#used.push({ ...finding, accepted: entry.reason });
    return true;
  }

  /** Entries of the given services that nothing needed; of others nothing is known. */
  unused(services: ReadonlySet<string>): readonly Diagnostic[] {
    return [...this.#entries.values()]
      .filter((entry) => !this.#needed.has(entry) && services.has(entry.service))
      .map((entry) => baselineText("baseline-unused", entry.range, entry));
  }
}

function keyOf(rule: string, service: string, subject: string): string {
  return `${rule} ${service} ${subject}`;
}

function ordered(findings: readonly Finding[]): readonly Finding[] {
  const pathOf = ({ range }: Finding): string => range?.path ?? "";
  return [...findings].sort(
    (a, b) =>
      (pathOf(a) < pathOf(b) ? -1 : pathOf(a) > pathOf(b) ? 1 : 0) ||
      (a.range?.start ?? 0) - (b.range?.start ?? 0) ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}
