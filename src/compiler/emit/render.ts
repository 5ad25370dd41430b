import { createRequire } from "node:module";
import type { Diagnostic, Staged } from "../diagnostic.js";
import type { GeneratedFile } from "./write.js";

/** Templates by their path in `templates/`, as handlebars compiles them. */
export type ShippedTemplates = Readonly<Record<string, TemplateSpecification>>;

/** One file to print: the template's name and what it is given. */
export interface TemplateView {
  /** Relative to the output folder. */
  readonly path: string;
  readonly template: string;
  readonly data: object;
}

/** Prints views with our templates, or with a user's where one of the same name is given. */
export function render(
  views: readonly TemplateView[],
  overrides: Readonly<Record<string, string>>,
  shipped: ShippedTemplates,
): Staged<readonly GeneratedFile[]> {
  const diagnostics = unknownTemplates(overrides, shipped);
  const engine = createEngine(overrides, shipped);
  const files: GeneratedFile[] = [];
  for (const { path, template, data } of views) {
    try {
      files.push({ path, text: engine(template, data) });
    } catch (error) {
      diagnostics.push(templateError(template, path, error));
    }
  }
  return { value: files, diagnostics };
}

type Engine = (template: string, data: object) => string;

/** The options with which our own templates are compiled too. */
const options = { noEscape: true, strict: true, knownHelpersOnly: true };

/** Handlebars takes a while to load, and its compiler still longer: that is only for templates of a user. */
function createEngine(overrides: Readonly<Record<string, string>>, shipped: ShippedTemplates): Engine {
  const require = createRequire(import.meta.url);
  const hasOverrides = Object.keys(overrides).length > 0;
  // Both are the same library, the first without its compiler; require knows no types.
  const library = require(hasOverrides ? "handlebars" : "handlebars/runtime") as typeof import("handlebars");
  const handlebars = library.create();
  const compiled = new Map<string, HandlebarsTemplateDelegate>();
  for (const [name, specification] of Object.entries(shipped)) {
    const text = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
    const template = text === undefined ? handlebars.template(specification) : handlebars.compile(text, options);
    compiled.set(name, template);
    const [, folder = "", partial] = /^(.+\/)?partials\/(.+)\.hbs$/.exec(name) ?? [];
    if (partial !== undefined) {
      handlebars.registerPartial(`${folder}${partial}`, template);
    }
  }
  return (name, data) => {
    const template = compiled.get(name);
    if (template === undefined) {
      throw new Error(`rpcgen has no template ${name}`);
    }
    return template(data);
  };
}

function unknownTemplates(overrides: Readonly<Record<string, string>>, shipped: ShippedTemplates): Diagnostic[] {
  const known = Object.keys(shipped);
  return Object.keys(overrides)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: "unknown-template",
      severity: "error",
      message: `rpcgen has no template "${name}" to replace`,
      help: `the templates are ${known.join(", ")}`,
    }));
}

function templateError(template: string, path: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: "template-error",
    severity: "error",
    message: `${path} cannot be made with the template "${template}": ${reason}`,
    help: "compare it with the template that rpcgen ships in templates/",
  };
}
