import { isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import type { Diagnostic, Staged } from "../diagnostic.js";
import { child, entriesOf, itemsOf, type Node, textOf } from "../document.js";
import { load } from "../load.js";
import type { Range, Source } from "../source.js";
import { baselineText } from "./baseline-problems.js";
import type { Finding } from "./finding.js";
import { allBreakingRules, versionRules } from "./rules.js";

/** Breaks that a project has accepted: `rpcgen-baseline.yaml`. */
export interface Baseline {
  readonly accepted: readonly AcceptedBreak[];
}

export interface AcceptedBreak {
  readonly rule: string;
  readonly service: string;
  /** What the break is about, as the finding has it: `methods.stop_instance`. */
  readonly subject: string;
  /** Why it does no harm. */
  readonly reason: string;
  readonly range: Range;
}

/** Reads a baseline. An entry without a reason still accepts, so that one mistake is not two findings. */
export function readBaseline(source: Source): Staged<Baseline> {
  const { value: document, diagnostics } = load(source);
  if (document === undefined) {
    // A file in which everything is commented out accepts nothing.
    const isEmpty = diagnostics.every(({ code }) => code === "empty-file");
    return { value: { accepted: [] }, diagnostics: isEmpty ? [] : diagnostics };
  }
  const found: Diagnostic[] = [...diagnostics];
  const { root } = document;
  const list = child(root, "accepted");
  if (root.kind !== "map" || (list !== undefined && list.kind !== "list" && !isNothing(list))) {
    found.push(
      baselineText("baseline-shape", (list ?? root).range, { problem: "a baseline is accepted: with a list" }),
    );
  }
  for (const { key, keyNode } of entriesOf(root)) {
    if (key === "accepted") continue;
    found.push(baselineText("baseline-shape", keyNode.range, { problem: `a baseline has no key "${key}"` }));
  }
  const accepted = itemsOf(list).flatMap((item) => readEntry(item, found));
  return { value: { accepted }, diagnostics: found };
}

/**
 * The text of a baseline with one entry for each finding but those about the newest version. Entries that are there keep their reasons, comments and
 * order; those of the given services that accept nothing are left out.
 *
 * @param text what the file has now; undefined where there is none
 * @param reason why the new ones are accepted; empty where that is still to be written
 */
export function writeBaseline(
  text: string | undefined,
  findings: readonly Finding[],
  unused: readonly Diagnostic[],
  reason: string,
): string {
  const document = parseDocument(text?.trim() ? text : emptyBaseline);
  if (!isMap(document.contents) || !isSeq(document.get("accepted"))) document.set("accepted", document.createNode([]));
  const list = document.get("accepted");
  if (!isSeq(list)) throw new Error("the list of accepted breaks was made a line above");
  const gone = new Set(unused.map(({ range }) => range?.start));
  list.items = list.items.filter((item) => !gone.has((item as YAMLMap).range?.[0])); // Entries are maps, or the file was refused.
  for (const { code, service, subject } of findings.filter(canBeAccepted)) {
    list.add(document.createNode({ rule: code, service, subject, reason }));
  }
  list.flow = list.items.length === 0;
  return document.toString({ lineWidth: 0 });
}

/** What the newest version lacks is to be written into the definition, so that nobody accepts it by the dozen. */
export function canBeAccepted({ code }: Finding): boolean {
  return versionRules.every(({ id }) => id !== code);
}

const emptyBaseline = `# Breaks that are accepted, each with the reason why it does no harm.
# rpcgen breaking --write-baseline adds what it finds, and removes what is not there any more.
accepted: []
`;

const keys = ["rule", "service", "subject", "reason"] as const;

function readEntry(item: Node, found: Diagnostic[]): AcceptedBreak[] {
  if (item.kind !== "map") {
    found.push(baselineText("baseline-shape", item.range, { problem: "an accepted break is a map" }));
    return [];
  }
  for (const { key, keyNode } of item.entries) {
    if (keys.some((known) => known === key)) continue;
    found.push(baselineText("baseline-shape", keyNode.range, { problem: `an accepted break has no key "${key}"` }));
  }
  const [rule, service, subject] = (["rule", "service", "subject"] as const).map((key) => textOf(child(item, key)));
  if (rule === undefined || service === undefined || subject === undefined) {
    found.push(
      baselineText("baseline-shape", item.range, { problem: "an accepted break says rule, service and subject" }),
    );
    return [];
  }
  const reason = textOf(child(item, "reason"))?.trim() ?? "";
  const entry: AcceptedBreak = { rule, service, subject, reason, range: item.range };
  const rules = allBreakingRules.map(({ id }) => id);
  if (!rules.includes(rule)) {
    found.push(baselineText("baseline-unknown-rule", child(item, "rule")?.range ?? item.range, { rule, rules }));
  } else if (reason === "") {
    found.push(baselineText("baseline-reason", child(item, "reason")?.range ?? item.range, entry));
  }
  return [entry];
}

function isNothing(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}
