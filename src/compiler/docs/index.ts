import { createHash } from "node:crypto";
import { analyze } from "../analyze.js";
import { type Config, defaultConfig } from "../config.js";
import type { Diagnostic } from "../diagnostic.js";
import { render, type TemplateView } from "../emit/render.js";
import type { GeneratedFile } from "../emit/write.js";
import { templates } from "../generated/docs-templates.js";
import type { Service } from "../model.js";
import type { Source } from "../source.js";
import { documentOf, type ServiceDoc } from "./document.js";
import { inline, text } from "./html.js";
import { cell, code, inlineMarkdown, plain } from "./markdown.js";
import { markdownView } from "./markdown-view.js";
import { pageView } from "./page-view.js";

/** The documents of definitions: files, unless there is an error among the diagnostics. */
export interface Documents {
  /** Paths are relative to the output folder. Empty where there is an error. */
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Documents of service definitions: a page of HTML and a file of Markdown for each service, and an index of each kind.
 * A page needs nothing beside itself. Pure: the same sources and Config give the same files.
 *
 * @param read gives a file that a source imports and that is not among the sources
 */
export function docs(
  sources: readonly Source[],
  config: Pick<Config, "objectPrefix" | "templates"> = defaultConfig,
  read: (path: string) => Source | undefined = () => undefined,
): Documents {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const { value: model, diagnostics } = analyze(sources, (path) => byPath.get(path) ?? read(path), config);
  if (diagnostics.some(isError)) return { files: [], diagnostics };
  const services = model.services.filter(({ source }) => byPath.has(source));
  const rendered = renderDocuments(services, config.templates);
  const all = [...diagnostics, ...rendered.diagnostics];
  return { files: all.some(isError) ? [] : rendered.files, diagnostics: all };
}

function renderDocuments(unordered: readonly Service[], userTemplates: Readonly<Record<string, string>>): Documents {
  const services = [...unordered].sort((a, b) => (a.name < b.name ? -1 : 1));
  const overrides = Object.fromEntries(Object.entries(userTemplates).filter(([name]) => name.startsWith("docs/")));
  // The page holds its style and its script; what runs is named by its digest, so that nothing else can.
  const parts = render(
    [
      { path: "style", template: "docs/style.css.hbs", data: {} },
      { path: "script", template: "docs/script.js.hbs", data: {} },
    ],
    overrides,
    templates,
  );
  if (parts.diagnostics.length > 0) return { files: [], diagnostics: parts.diagnostics };
  const [style, script] = parts.value.map((part) => part.text);
  const shared = { style: style ?? "", script: script ?? "", policy: policyFor(script ?? "") };
  const documents = services.map(documentOf);
  const views = [
    ...documents.flatMap((doc) => viewsOf(doc, services, shared)),
    ...(services.length === 0 ? [] : indexViews(documents, shared)),
  ];
  const { value: files, diagnostics } = render(views, overrides, templates);
  return { files, diagnostics };
}

interface Shared {
  readonly style: string;
  readonly script: string;
  readonly policy: string;
}

function viewsOf(doc: ServiceDoc, services: readonly Service[], shared: Shared): readonly TemplateView[] {
  const stem = stemOf(doc.service.name);
  const others = services
    .filter(({ name }) => name !== doc.service.name)
    .map(({ name }) => ({ name, href: `${stemOf(name)}.html` }));
  return [
    { path: `${stem}.html`, template: "docs/page.html.hbs", data: { ...shared, page: pageView(doc, others) } },
    { path: `${stem}.md`, template: "docs/page.md.hbs", data: { page: markdownView(doc) } },
  ];
}

function indexViews(documents: readonly ServiceDoc[], shared: Shared): readonly TemplateView[] {
  const source = text(documents.map(({ service }) => service.source).join(", "));
  const services = documents.map((doc) => ({ ...doc, stem: stemOf(doc.service.name) }));
  return [
    {
      path: "index.html",
      template: "docs/index.html.hbs",
      data: {
        ...shared,
        source,
        services: services.map(({ service, newest, stem }) => ({
          href: text(`${stem}.html`),
          name: text(service.name),
          version: text(newest),
          topic: text(service.topic),
          methods: service.methods.length,
          description: inline(service.description ?? ""),
        })),
      },
    },
    {
      path: "README.md",
      template: "docs/index.md.hbs",
      data: {
        source,
        services: services.map(({ service, newest, stem }) => ({
          href: `${stem}.md`,
          name: plain(service.name),
          version: plain(newest),
          topic: cell(code(service.topic)),
          methods: service.methods.length,
          description: cell(inlineMarkdown(service.description ?? "")),
        })),
      },
    },
  ];
}

/** The stem of a service's files. No service's name ends with a dash, so that none takes the name of an index. */
function stemOf(name: string): string {
  return name === "index" || name === "readme" ? `${name}-` : name;
}

/** Nothing is loaded from anywhere, and no script runs but ours. */
function policyFor(script: string): string {
  const digest = createHash("sha256").update(script).digest("base64");
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
