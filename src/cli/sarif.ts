import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Io } from "./io.js";
import type { Places } from "./places.js";

/** What SARIF tells of a rule beside its findings. */
export interface SarifRule {
  /** The code of its findings: `unused-type`. */
  readonly id: string;
  /** One line: what it looks for. */
  readonly purpose: string;
  /** Why, in a few sentences. */
  readonly explanation: string;
}

/**
 * Findings as one SARIF 2.1.0 log, which code scanning services read. Paths are relative to the folder where rpcgen
 * runs; lines and columns count from 1, in UTF-16 units.
 *
 * @param ruleOf what is known of a code; codes without it are only named
 */
export function sarifLog(
  diagnostics: readonly Diagnostic[],
  places: Places,
  ruleOf: (code: string) => SarifRule | undefined,
  { self }: Pick<Io, "self">,
): string {
  const ids = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "rpcgen", semanticVersion: self.version, rules: ids.map((id) => describe(id, ruleOf(id))) },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => resultOf(diagnostic, ids, places)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function describe(id: string, rule: SarifRule | undefined): object {
  if (rule === undefined) return { id };
  return { id, shortDescription: { text: rule.purpose }, fullDescription: { text: rule.explanation } };
}

function resultOf({ code, severity, message, help, range, related = [] }: Diagnostic, ids: string[], places: Places) {
  return {
    ruleId: code,
    ruleIndex: ids.indexOf(code),
    level: severity,
    message: { text: help === undefined ? message : `${message}; ${help}` },
    // A finding without a place, such as a file that cannot be read, has no locations.
    ...(range === undefined ? {} : { locations: [locationOf(range, places)] }),
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one) => ({
            ...locationOf(one.range, places),
            message: { text: one.message },
          })),
        }),
  };
}

function locationOf(range: NonNullable<Diagnostic["range"]>, places: Places) {
  const { file, line, column, endLine, endColumn } = places.of(range);
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}
