import type { Staged } from "../diagnostic.js";
import { templates } from "../generated/templates.js";
import type { Model } from "../model.js";
import { render } from "./render.js";
import { validatorsOf } from "./validators.js";
import { type ViewConfig, viewsOf } from "./view.js";
import type { GeneratedFile } from "./write.js";

/** What emitting needs to know of the compiler's Config. */
export interface EmitConfig extends ViewConfig {
  /** Texts of templates that replace ours, by their path in `templates/`. */
  readonly templates: Readonly<Record<string, string>>;
}

/** The files of every service of a Model. */
export function emit(model: Model, config: EmitConfig): Staged<readonly GeneratedFile[]> {
  const views = model.services.flatMap((service) => viewsOf(service, validatorsOf(service), config));
  // Those of documents are for another verb.
  const own = Object.entries(config.templates).filter(([name]) => !name.startsWith("docs/"));
  return render(views, Object.fromEntries(own), templates);
}
