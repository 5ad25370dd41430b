import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import type { Diagnostic, Severity } from "../compiler/diagnostic.js";
import type { Range } from "../compiler/source.js";
import type { Io } from "./io.js";
import type { Places } from "./places.js";

/** What SARIF tells of a rule beside its findings. */
export interface SarifRule {
  /** The code of its findings: `unused-type`. */
  readonly id: string;
  readonly severity: Severity;
  /** One line: what it looks for. */
  readonly purpose: string;
  /** Why, in a few sentences. */
  readonly explanation: string;
  /** All of it as Markdown, with example and fix. */
  readonly markdown: string;
}

/**
 * Findings as one SARIF 2.1.0 log, which code scanning services read. Paths are relative to the folder where rpcgen
 * runs; lines and columns count from 1, in UTF-16 units. What has no place, such as a file that cannot be read, is no
 * result but a notification of the run: services refuse results without a place.
 *
 * @param ruleOf what is known of a code; codes without it are only named
 */
export function sarifLog(
  diagnostics: readonly Diagnostic[],
  places: Places,
  ruleOf: (code: string) => SarifRule | undefined,
  { self }: Pick<Io, "self">,
): string {
  const placed = diagnostics.filter((each): each is Placed => each.range !== undefined);
  const others = diagnostics.filter(({ range }) => range === undefined);
  const ids = codesOf(placed);
  const notificationIds = codesOf(others);
  const fingerprint = fingerprints(places);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "rpcgen",
            semanticVersion: self.version,
            rules: ids.map((id) => describe(id, ruleOf(id))),
            ...(others.length === 0 ? {} : { notifications: notificationIds.map((id) => describe(id, ruleOf(id))) }),
          },
        },
        invocations: [
          {
            executionSuccessful: !others.some(({ severity }) => severity === "error"),
            ...(others.length === 0
              ? {}
              : { toolExecutionNotifications: others.map((each) => notificationOf(each, notificationIds)) }),
          },
        ],
        columnKind: "utf16CodeUnits",
        results: placed.map((each) => resultOf(each, ids, fingerprint(each), places)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

type Placed = Diagnostic & { readonly range: Range };

function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}

function describe(id: string, rule: SarifRule | undefined): object {
  if (rule === undefined) return { id };
  return {
    id,
    shortDescription: { text: rule.purpose },
    fullDescription: { text: rule.explanation },
    help: { text: rule.explanation, markdown: rule.markdown },
    defaultConfiguration: { level: rule.severity },
  };
}

function resultOf(diagnostic: Placed, ids: readonly string[], fingerprint: string, places: Places): object {
  const { code, severity, range, related = [] } = diagnostic;
  return {
    ruleId: code,
    ruleIndex: ids.indexOf(code),
    level: severity,
    message: textOf(diagnostic),
    locations: [locationOf(range, places)],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({ id, ...locationOf(one.range, places), message: textOf(one) })),
        }),
  };
}

function notificationOf(diagnostic: Diagnostic, ids: readonly string[]): object {
  const { code, severity } = diagnostic;
  return { descriptor: { id: code, index: ids.indexOf(code) }, level: severity, message: textOf(diagnostic) };
}

/** A message's text, in which SARIF has braces stand for arguments and brackets for links: ours are meant as they are. */
function textOf({ message, help }: Pick<Diagnostic, "message" | "help">): { readonly text: string } {
  const text = help === undefined ? message : `${message}; ${help}`;
  return { text: text.replace(/[{}]/g, "$&$&").replace(/\[(?=[^[\]]*\]\()/g, "\\[") };
}

function locationOf(range: Range, places: Places): object {
  const { file, line, column, endLine, endColumn } = places.of(range);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}

/** A relative path is a relative reference; a whole one would be taken for a path of the repository. */
function uriOf(file: string): string {
  return file.startsWith("/") ? pathToFileURL(file).href : file.split("/").map(encodeURIComponent).join("/");
}

/**
 * Knows a finding again when lines above it have come or gone: the code and the text of its line, and how many of the
 * same are before it.
 */
function fingerprints(places: Places): (diagnostic: Placed) => string {
  const counts = new Map<string, number>();
  return ({ code, range }) => {
    const { file, line } = places.of(range);
    const text = (places.line(range.path, line) ?? "").trim();
    const hash = createHash("sha256").update(`${code}\n${file}\n${text}`).digest("hex").slice(0, 16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  };
}
