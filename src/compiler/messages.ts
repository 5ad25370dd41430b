import type { Severity } from "./diagnostic.js";
import { methodMessages } from "./messages/methods.js";
import { nameMessages } from "./messages/names.js";
import { shapeMessages } from "./messages/shape.js";
import { typeMessages } from "./messages/types.js";
import { versionMessages } from "./messages/versions.js";
import { yamlMessages } from "./messages/yaml.js";

/** One kind of mistake: its text for a place, and what `rpcgen explain` says of it. */
export interface Message<Params extends readonly never[]> {
  readonly severity: Severity;
  readonly text: (...params: Params) => { message: string; help?: string };
  /** Why it is a mistake, in a few sentences. */
  readonly explanation: string;
  /** The smallest definition that has it; `rpcapi`, `service` and `versions` are left out where they do not matter. Absent where no text can show it. */
  readonly example?: string;
  /** The same, put right. */
  readonly fix?: string;
}

/** Every mistake that a definition can have, by its stable code. */
export const messages = {
  ...yamlMessages,
  ...shapeMessages,
  ...nameMessages,
  ...typeMessages,
  ...versionMessages,
  ...methodMessages,
} satisfies Record<string, Message<never>>;

/** The stable code of a mistake: `unknown-type`. */
export type Code = keyof typeof messages;

/** What a code's text is made from. */
export type ParamsOf<C extends Code> = Parameters<(typeof messages)[C]["text"]>;
