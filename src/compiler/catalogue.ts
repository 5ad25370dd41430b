import { breakingExamples } from "./breaking/examples.js";
import { allBreakingRules } from "./breaking/rules.js";
import type { Severity } from "./diagnostic.js";
import { lintRules } from "./lint/rules.js";
import { ignoreMessages } from "./messages/ignores.js";
import { runMessages } from "./messages/run.js";
import { type Message, messages } from "./messages.js";
import { didYouMean } from "./suggest.js";

/** Where codes come from: the language, a run, lint rules, breaking rules. */
export const catalogueKinds = ["definition", "run", "lint", "breaking"] as const;
export type CatalogueKind = (typeof catalogueKinds)[number];

/** What is known of a code that a diagnostic may have. */
export interface CatalogueEntry {
  readonly code: string;
  readonly kind: CatalogueKind;
  readonly severity: Severity;
  /** One line. */
  readonly purpose: string;
  readonly explanation: string;
  /** The state before the example, of a rule that compares. */
  readonly before?: string;
  /** A definition that has it; `rpcapi`, `service` and `versions` are left out where they do not matter. */
  readonly example?: string;
  /** The same, put right. */
  readonly fix?: string;
  /** What example and fix are written in. @default "yaml" */
  readonly language?: string;
  /** The group of a lint rule, the category of a breaking rule. */
  readonly group?: string;
  /** Whether `rpcgen lint --fix` mends it. */
  readonly fixable?: boolean;
}

/** Every code of every diagnostic and rule, each once. */
export function catalogue(): readonly CatalogueEntry[] {
  return [
    ...Object.entries<Message<never>>(messages).map(([code, message]) => ofMessage(code, "definition", message)),
    ...Object.entries<Message<never>>(ignoreMessages).map(([code, message]) => ofMessage(code, "lint", message)),
    ...Object.entries(runMessages).map(([code, message]) => ofMessage(code, "run", message)),
    ...lintRules.map(({ id: code, group, severity, purpose, explanation, example, fix, fixable = false }) => {
      return { code, kind: "lint" as const, severity, purpose, explanation, example, fix, group, fixable };
    }),
    ...allBreakingRules.map(({ id: code, category: group, purpose, explanation }) => {
      // Whoever wants changes of programs to be errors says --strict.
      const isWarning = group === "SOURCE" || code === "baseline-unused";
      const severity: Severity = isWarning ? "warning" : "error";
      return { code, kind: "breaking" as const, severity, purpose, explanation, group, ...breakingExamples[code] };
    }),
  ];
}

/** What is known of a code; otherwise the way out, as one sentence. */
export function lookUp(code: string): { readonly entry: CatalogueEntry } | { readonly help: string } {
  const all = catalogue();
  const entry = all.find((one) => one.code === code);
  if (entry !== undefined) return { entry };
  const otherwise = "rpcgen explain without a code lists all";
  return {
    help:
      didYouMean(
        code,
        all.map((one) => one.code),
        otherwise,
      ).help ?? otherwise,
  };
}

function ofMessage(
  code: string,
  kind: CatalogueKind,
  {
    severity,
    explanation,
    ...message
  }: Pick<Message<never>, "severity" | "explanation" | "example" | "fix"> & { readonly language?: string },
): CatalogueEntry {
  const { example, fix, language } = message;
  return {
    code,
    kind,
    severity,
    purpose: firstSentence(explanation),
    explanation,
    ...(example === undefined ? {} : { example }),
    ...(fix === undefined ? {} : { fix }),
    ...(language === undefined ? {} : { language }),
  };
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;
}
