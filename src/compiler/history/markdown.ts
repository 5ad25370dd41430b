import type { Change } from "./changes.js";
import type { History, HistoryEntry } from "./history.js";

/** A history as Markdown: a table of versions, newest first. */
export function historyMarkdown({ service, description, source, entries }: History): string {
  const rows = entries.map(rowText);
  const parts = [
    `# Versions of ${service}`,
    ...(description === undefined ? [] : [description.trim()]),
    ["| Version | What it brought | Changes | Releases |", "|---|---|---|---|", ...rows].join("\n"),
    `<!-- Made by rpcgen history from ${source}. -->`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The author's words, and beside them what the definition says. */
function rowText({ version, description, changes, releases }: HistoryEntry): string {
  const cells = [version, inCell(description), changeLines(changes).join("<br>"), releases.join(", ")];
  return `|${cells.map((text) => (text === "" ? " " : ` ${text} `)).join("|")}|`;
}

/** A cell ends at a line's end or a bar. */
function inCell(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}

/** One line for changes that differ in their method alone: `accel_uuids` was added to three. */
export function changeLines(changes: readonly Change[]): readonly string[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { kind, method, name, former, type } = change;
    const parts = kind.startsWith("error-")
      ? []
      : kind === "type-changed"
        ? [name]
        : [name, former, type, kind === "method-renamed" ? method : ""];
    const key = JSON.stringify([kind, ...parts]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()].map(groupText);
}

function groupText(group: readonly Change[]): string {
  const [first] = group;
  const methods = codes(group.map(({ method = "" }) => method));
  const name = code(first?.name ?? "");
  const former = code(first?.former ?? "");
  const verb = group.length === 1 ? "is" : "are";
  switch (first?.kind) {
    case "method-added":
      return `Adds ${methods}.`;
    case "method-removed":
      return `Removes ${methods}.`;
    case "method-renamed":
      return `Renames ${former} to ${methods}.`;
    case "argument-added":
      return `Adds ${name} to ${methods}.`;
    case "argument-removed":
      return `Removes ${name} from ${methods}.`;
    case "argument-renamed":
      return `Renames ${former} of ${methods} to ${name}.`;
    case "argument-changed":
      return first.type === undefined
        ? `Changes how ${name} of ${methods} is sent.`
        : `Changes ${name} of ${methods} from ${former} to ${code(first.type)}.`;
    case "topic-changed":
      return `Sends ${methods} to ${name}, before to ${former}.`;
    case "server-changed":
      return first.name === "" ? `Sends ${methods} to any server.` : `Sends ${methods} to the server ${name}.`;
    case "type-changed":
      return typeText(first);
    case "kind-changed":
      return `Makes ${kindText(first.name)} of ${methods}, before ${kindText(first.former)}.`;
    case "label-changed":
      return first.name === ""
        ? `${methods} ${verb} labelled as all others, before ${former}.`
        : `${methods} ${verb} labelled ${name}${first.former === "" ? "" : `, before ${former}`}.`;
    case "error-added":
      return `Adds the error ${codes(group.map((change) => change.name ?? ""))}.`;
    case "error-removed":
      return `Removes the error ${codes(group.map((change) => change.name ?? ""))}.`;
    default:
      return "";
  }
}

/** What is new about an object. */
function typeText({ name = "", former, type = "", fields = [] }: Change): string {
  const added = fields.length === 0 ? "" : `${codes(fields)} to ${code(name)}`;
  if (former === undefined) return `Adds ${added}.`;
  const version = `version ${type}, before ${former}`;
  return added === "" ? `Sends ${code(name)} in ${version}.` : `Adds ${added}, in ${version}.`;
}

/** `a call`, or `a call or a cast` where the caller chooses. */
function kindText(kinds = ""): string {
  return kinds
    .split(" or ")
    .map((kind) => `a ${kind}`)
    .join(" or ");
}

function codes(names: readonly string[]): string {
  const texts = names.map(code);
  const last = texts.pop() ?? "";
  return texts.length === 0 ? last : `${texts.join(", ")} and ${last}`;
}

/** In a table a bar ends the cell even inside of code. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
