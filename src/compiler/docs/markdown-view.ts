import type { Type } from "../model.js";
import { typeText } from "../types.js";
import type { Badge, ErrorDoc, FieldDoc, MethodDoc, ServiceDoc, TypeDoc } from "./document.js";
import { cell, code, fenced, inlineMarkdown, type Markdown, md, plain, proseMarkdown } from "./markdown.js";

/** What the template of a service's Markdown is given. */
export interface MarkdownView {
  readonly source: Markdown;
  readonly title: Markdown;
  readonly description: Markdown;
  readonly sections: readonly Markdown[];
}

/** All decisions about one file of Markdown. */
export function markdownView(doc: ServiceDoc): MarkdownView {
  const { service } = doc;
  return {
    source: plain(service.source),
    title: plain(service.name),
    description: proseMarkdown(service.description),
    sections: [
      table(
        ["", ""],
        doc.facts.map(({ label, value, isCode }) => [plain(label), isCode ? code(value) : inlineMarkdown(value)]),
      ),
      ...contents(doc),
      ...(doc.methods.length === 0 ? [] : [md`## Methods`]),
      ...doc.methods.flatMap(methodSections),
      ...(doc.types.length === 0 ? [] : [md`## Types`]),
      ...doc.types.flatMap(typeSections),
      ...(doc.errors.length === 0 ? [] : [md`## Errors`]),
      ...doc.errors.flatMap(errorSections),
      ...periodic(doc),
      md`## Versions`,
      versions(doc),
    ].filter((section) => section !== ""),
  };
}

function contents({ methods }: ServiceDoc): readonly Markdown[] {
  if (methods.length === 0) return [];
  return [
    table(
      ["Method", "Kind", "Description"],
      methods.map(({ method, badges }) => [
        link(method.name),
        plain(badges.map(({ text }) => text).join(", ")),
        firstSentence(method.description),
      ]),
    ),
  ];
}

function methodSections(doc: MethodDoc): readonly Markdown[] {
  const { method, wire } = doc;
  return [
    heading(method.name, doc.badges),
    deprecation(doc.deprecated),
    proseMarkdown(method.description),
    fenced("ts", doc.signature),
    facts(doc.facts),
    fieldTable(doc.params),
    doc.returns === undefined ? empty : sentence("Result", typeMarkdown(doc.returns.type), doc.returns.description),
    list(
      "Errors",
      doc.errors.map(({ name, text }) => md`${link(name)}: ${inlineMarkdown(text)}`),
    ),
    ...doc.examples.flatMap(({ title, json }) => [md`${plain(title)}:`, fenced("json", json)]),
    md`On the wire:`,
    facts(wire.facts),
    fenced("json", wire.request),
    ...(wire.reply === undefined ? [] : [md`Reply:`, fenced("json", wire.reply)]),
    ...wire.failures.flatMap(({ name, json }) => [
      md`What ${code("failure")} holds for ${plain(name)}:`,
      fenced("json", json),
    ]),
    wire.notes.map(plain).join("\n") as Markdown,
  ];
}

function typeSections(doc: TypeDoc): readonly Markdown[] {
  const { type } = doc;
  return [
    heading(type.name, doc.badges),
    deprecation(type.deprecated),
    proseMarkdown(type.description),
    type.kind === "alias" ? md`Type: ${typeMarkdown(type.type)}` : empty,
    list("", doc.notes.map(plain)),
    fieldTable(doc.fields),
    table(
      ["Value", "Description"],
      doc.values.map(({ value, description }) => [code(value), inlineMarkdown(description ?? "")]),
    ),
    table(
      ["Value", "Type"],
      doc.variants.map(({ value, type: name }) => [code(value), link(name)]),
    ),
    fenced("json", doc.example),
    doc.usedBy.length === 0 ? empty : md`Used by ${doc.usedBy.map(({ name }) => link(name)).join(", ") as Markdown}.`,
  ];
}

function errorSections({ error, badges, fields, thrownBy }: ErrorDoc): readonly Markdown[] {
  return [
    heading(error.name, badges),
    deprecation(error.deprecated),
    proseMarkdown(error.description),
    list("", [md`Message: ${plain(error.message)}`, md`On the wire: ${code(error.wire)}`]),
    fieldTable(fields),
    thrownBy.length === 0 ? empty : md`Thrown by ${thrownBy.map(link).join(", ") as Markdown}.`,
  ];
}

function periodic(doc: ServiceDoc): readonly Markdown[] {
  if (doc.periodic.length === 0) return [];
  const rows = doc.periodic.map(({ task, schedule }) => [
    code(task.name),
    plain(schedule),
    inlineMarkdown(task.description ?? ""),
  ]);
  return [md`## Periodic tasks`, table(["Task", "Runs", "Description"], rows)];
}

function versions(doc: ServiceDoc): Markdown {
  const rows = doc.versions.map(({ version, releases, description, changes }) => [
    code(version),
    plain(releases.join(", ")),
    inlineMarkdown(description),
    changes.map(inlineMarkdown).join("<br>") as Markdown,
  ]);
  return table(["Version", "Releases", "What it brought", "Changes"], rows);
}

const empty = "" as Markdown;

function heading(name: string, badges: readonly Badge[]): Markdown {
  const marks = badges.length === 0 ? empty : md`\n\n_${plain(badges.map(({ text }) => text).join(", "))}_`;
  return md`### ${plain(name)}${marks}`;
}

/** To the anchor that Markdown's readers make of a heading which is a name. */
function link(name: string): Markdown {
  return md`[${code(name)}](#${name.toLowerCase() as Markdown})`;
}

function deprecation(reason: string | undefined): Markdown {
  return reason === undefined ? empty : md`**Deprecated.** ${inlineMarkdown(reason)}`;
}

function facts(all: MethodDoc["facts"]): Markdown {
  return list(
    "",
    all.map(({ label, value, isCode }) => md`${plain(label)}: ${isCode ? code(value) : inlineMarkdown(value)}`),
  );
}

function fieldTable(fields: readonly FieldDoc[]): Markdown {
  return table(
    ["Name", "Type", "Presence", "Description"],
    fields.map((field) => [
      code(field.name),
      typeMarkdown(field.type),
      inlineMarkdown(field.presence),
      [
        ...(field.description === undefined ? [] : [inlineMarkdown(field.description.trim())]),
        ...(field.deprecated === undefined ? [] : [md`**Deprecated:** ${inlineMarkdown(field.deprecated)}`]),
        ...field.notes.map(plain),
      ].join("<br>") as Markdown,
    ]),
  );
}

function typeMarkdown(type: Type): Markdown {
  return code(typeText(type));
}

function sentence(label: string, value: Markdown, description: string | undefined): Markdown {
  const words = description === undefined ? empty : md`: ${inlineMarkdown(description)}`;
  return md`${plain(label)} ${value}${words}`;
}

function list(title: string, items: readonly Markdown[]): Markdown {
  if (items.length === 0) return empty;
  const lines = items.map((item) => `- ${item}`).join("\n");
  return (title === "" ? lines : `${title}:\n\n${lines}`) as Markdown;
}

function table(head: readonly string[], rows: readonly (readonly Markdown[])[]): Markdown {
  if (rows.length === 0) return empty;
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const lines = [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map((row) => line(row.map(cell)))];
  return lines.join("\n") as Markdown;
}

function firstSentence(description: string | undefined): Markdown {
  const [line = ""] = (description ?? "").trim().split(/\n\s*\n/);
  return inlineMarkdown(/^.*?[.!?](?=\s|$)/s.exec(line)?.[0] ?? line);
}
