// Longer than others: half of it are the shapes that a template is given, which its author reads in one place.
import { typeText as typeScript } from "../emit/typescript.js";
import type { Type } from "../model.js";
import { typeText } from "../types.js";
import { diagram } from "./diagram.js";
import type { Badge, ErrorDoc, Example, Fact, FieldDoc, MethodDoc, ServiceDoc, TypeDoc } from "./document.js";
import { highlightedJson } from "./highlight.js";
import { type Html, html, inline, joined, none, prose, text } from "./html.js";

/** What the template of a service's page is given. Every value is HTML that is safe where it stands. */
export interface PageView {
  readonly source: Html;
  readonly title: Html;
  readonly version: Html;
  readonly description: Html;
  readonly facts: readonly FactView[];
  readonly diagram: Html;
  readonly nav: readonly NavView[];
  readonly others: readonly { readonly href: Html; readonly name: Html }[];
  readonly methods: readonly EntryView[];
  readonly types: readonly EntryView[];
  readonly errors: readonly EntryView[];
  readonly periodic: readonly { readonly name: Html; readonly schedule: Html; readonly description: Html }[];
  readonly versions: readonly VersionView[];
}

interface FactView {
  readonly label: Html;
  readonly value: Html;
}

interface NavView {
  readonly title: Html;
  readonly href: Html;
  readonly entries: readonly { readonly href: Html; readonly name: Html; readonly badge: Html; readonly style: Html }[];
}

/** A method, type or error with all that is in its section. */
export interface EntryView {
  readonly id: Html;
  readonly name: Html;
  readonly badges: readonly { readonly style: Html; readonly text: Html }[];
  /** Words by which it is found. */
  readonly search: Html;
  readonly deprecated: Html;
  readonly description: Html;
  readonly signature: Html;
  readonly facts: readonly FactView[];
  readonly tables: readonly TableView[];
  readonly notes: readonly Html[];
  readonly examples: readonly BlockView[];
  /** None where there is nothing on the wire. */
  readonly wire: readonly WireView[];
}

interface WireView {
  readonly facts: readonly FactView[];
  readonly blocks: readonly BlockView[];
  readonly notes: readonly Html[];
}

interface BlockView {
  readonly title: Html;
  readonly code: Html;
}

interface TableView {
  readonly title: Html;
  readonly head: readonly Html[];
  readonly rows: readonly (readonly Html[])[];
}

interface VersionView {
  readonly version: Html;
  readonly releases: Html;
  readonly description: Html;
  readonly changes: readonly Html[];
}

/** All decisions about one page. */
export function pageView(
  doc: ServiceDoc,
  pages: readonly { readonly name: string; readonly href: string }[],
): PageView {
  const { service } = doc;
  const names = new Set(service.types.map(({ name }) => name));
  const methods = doc.methods.map((method) => methodView(method, names));
  const types = doc.types.map((type) => typeView(type, names));
  const errors = doc.errors.map((error) => errorView(error, names));
  const anchors = new Map([
    ...service.errors.map(({ name }) => [name, anchor("error", name)] as const),
    ...service.methods.map(({ name }) => [name, anchor("method", name)] as const),
  ]);
  return {
    source: text(service.source),
    title: text(service.name),
    version: text(doc.newest),
    description: prose(service.description),
    facts: factViews(doc.facts),
    diagram: diagram(service),
    nav: [nav("Methods", "methods", methods), nav("Types", "types", types), nav("Errors", "errors", errors)].filter(
      ({ entries }) => entries.length > 0,
    ),
    others: pages.map(({ name, href }) => ({ href: text(href), name: text(name) })),
    methods,
    types,
    errors,
    periodic: doc.periodic.map(({ task, schedule }) => ({
      name: text(task.name),
      schedule: text(schedule),
      description: prose(task.description),
    })),
    versions: doc.versions.map(({ version, releases, description, changes }) => ({
      version: text(version),
      releases: text(releases.join(", ")),
      description: inline(description),
      changes: changes.map((line) => linkedLine(line, anchors)),
    })),
  };
}

function nav(title: string, id: string, entries: readonly EntryView[]): NavView {
  return {
    title: html`${text(title)} <span class="count">${entries.length}</span>`,
    href: text(`#${id}`),
    entries: entries.map((entry) => ({
      href: html`#${entry.id}`,
      name: entry.name,
      badge: entry.badges[0]?.text ?? none,
      style: entry.badges[0]?.style ?? none,
    })),
  };
}

function methodView(doc: MethodDoc, names: ReadonlySet<string>): EntryView {
  const { method, wire } = doc;
  const { returns } = doc;
  return {
    ...base("method", method.name, doc.badges, method.description, doc.deprecated),
    search: searchText(
      method.name,
      method.member,
      method.description,
      ...doc.params.flatMap(({ name, type }) => [name, typeText(type)]),
    ),
    signature: linkedCode(doc.signature, names),
    facts: factViews(doc.facts),
    tables: [
      ...(doc.params.length === 0 ? [] : [fieldTable("Arguments", doc.params, names)]),
      ...(returns === undefined
        ? []
        : [{ title: text("Result"), head: [], rows: [[typeHtml(returns.type, names), prose(returns.description)]] }]),
      ...(doc.errors.length === 0
        ? []
        : [
            {
              title: text("Errors"),
              head: [],
              rows: doc.errors.map(({ name, text: words }) => [link("error", name), inline(words)]),
            },
          ]),
    ],
    notes: [],
    examples: doc.examples.map(exampleBlock),
    wire: [
      {
        facts: factViews(wire.facts),
        blocks: [
          { title: text("Request"), code: highlightedJson(wire.request) },
          ...(wire.reply === undefined ? [] : [{ title: text("Reply"), code: highlightedJson(wire.reply) }]),
          ...wire.failures.map(({ name, json }) => ({
            title: html`What <code>failure</code> holds for ${text(name)}`,
            code: highlightedJson(json),
          })),
        ],
        notes: wire.notes.map(text),
      },
    ],
  };
}

function typeView(doc: TypeDoc, names: ReadonlySet<string>): EntryView {
  const { type } = doc;
  const definition = type.kind === "alias" ? typeHtml(type.type, names) : none;
  return {
    ...base("type", type.name, doc.badges, type.description, type.deprecated),
    search: searchText(
      type.name,
      type.description,
      ...doc.fields.map(({ name }) => name),
      ...doc.values.map(({ value }) => value),
    ),
    signature: definition,
    facts:
      doc.usedBy.length === 0
        ? []
        : [
            {
              label: text("Used by"),
              value: joined(
                doc.usedBy.map(({ kind, name }) => link(kind, name)),
                text(", "),
              ),
            },
          ],
    tables: [
      ...(doc.fields.length === 0 ? [] : [fieldTable("Fields", doc.fields, names)]),
      ...(doc.values.length === 0
        ? []
        : [
            {
              title: text("Values"),
              head: [],
              rows: doc.values.map(({ value, description }) => [codeHtml(value), inline(description ?? "")]),
            },
          ]),
      ...(doc.variants.length === 0
        ? []
        : [
            {
              title: text("Variants"),
              head: [],
              rows: doc.variants.map(({ value, type: name }) => [codeHtml(value), link("type", name)]),
            },
          ]),
    ],
    notes: doc.notes.map(text),
    examples: [{ title: text("As JSON on the wire"), code: highlightedJson(doc.example) }],
    wire: [],
  };
}

function errorView(doc: ErrorDoc, names: ReadonlySet<string>): EntryView {
  const { error } = doc;
  return {
    ...base("error", error.name, doc.badges, error.description, error.deprecated),
    search: searchText(error.name, error.wire, error.description, error.message),
    signature: none,
    facts: [
      { label: text("Message"), value: text(error.message) },
      { label: text("On the wire"), value: codeHtml(error.wire) },
      ...(doc.thrownBy.length === 0
        ? []
        : [
            {
              label: text("Thrown by"),
              value: joined(
                doc.thrownBy.map((name) => link("method", name)),
                text(", "),
              ),
            },
          ]),
    ],
    tables: doc.fields.length === 0 ? [] : [fieldTable("Fields", doc.fields, names)],
    notes: [],
    examples: [],
    wire: [],
  };
}

function base(
  kind: "method" | "type" | "error",
  name: string,
  badges: readonly Badge[],
  description: string | undefined,
  deprecated: string | undefined,
): Pick<EntryView, "id" | "name" | "badges" | "description" | "deprecated"> {
  return {
    id: anchor(kind, name),
    name: text(name),
    badges: badges.map((badge) => ({ style: text(badge.style), text: text(badge.text) })),
    description: prose(description),
    deprecated: deprecated === undefined ? none : inline(deprecated),
  };
}

function fieldTable(title: string, fields: readonly FieldDoc[], names: ReadonlySet<string>): TableView {
  return {
    title: text(title),
    head: ["Name", "Type", "Presence", "Description"].map(text),
    rows: fields.map((field) => [
      codeHtml(field.name),
      typeHtml(field.type, names),
      inline(field.presence),
      html`${prose(field.description)}${
        field.deprecated === undefined ? none : html`<p class="warning">Deprecated: ${inline(field.deprecated)}</p>`
      }${field.notes.length === 0 ? none : html`<p class="notes">${joined(field.notes.map(text), html`<br>`)}</p>`}`,
    ]),
  };
}

function exampleBlock({ title, json }: Example): BlockView {
  return { title: text(title), code: highlightedJson(json) };
}

/** A line of the history, in which the names of methods and errors lead to them. */
function linkedLine(line: string, anchors: ReadonlyMap<string, Html>): Html {
  const pieces = line.split(/`([^`]+)`/);
  return joined(
    pieces.map((piece, index) => {
      if (index % 2 === 0) return text(piece);
      const target = anchors.get(piece);
      return target === undefined ? codeHtml(piece) : html`<a href="#${target}">${codeHtml(piece)}</a>`;
    }),
  );
}

function factViews(facts: readonly Fact[]): readonly FactView[] {
  return facts.map(({ label, value, isCode }) => ({
    label: text(label),
    value: isCode ? codeHtml(value) : inline(value),
  }));
}

function codeHtml(value: string): Html {
  return html`<code>${text(value)}</code>`;
}

function link(kind: "method" | "type" | "error", name: string): Html {
  return html`<a href="#${anchor(kind, name)}"><code>${text(name)}</code></a>`;
}

/** Names have letters, digits and underscores only; so has the id. */
function anchor(kind: string, name: string): Html {
  return text(`${kind}-${name}`);
}

/** The type as the definition writes it, with what TypeScript makes of it as its title. */
function typeHtml(type: Type, names: ReadonlySet<string>): Html {
  return html`<code title="${text(typeScript(type))}">${linked(typeText(type), names)}</code>`;
}

function linkedCode(code: string, names: ReadonlySet<string>): Html {
  return linked(code, names);
}

/** Code in which the names of types lead to them; what is in quotes is no name. */
function linked(code: string, names: ReadonlySet<string>): Html {
  const pieces = code.split(/("(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*)/);
  return joined(
    pieces.map((piece) =>
      names.has(piece) ? html`<a href="#${anchor("type", piece)}">${text(piece)}</a>` : text(piece),
    ),
  );
}

function searchText(...words: readonly (string | undefined)[]): Html {
  return text(
    words
      .filter((word) => word !== undefined)
      .join(" ")
      .replace(/\s+/g, " ")
      .toLowerCase(),
  );
}
