import { namePatterns } from "../../names.js";
import { compareVersions } from "../../versions.js";
import type { Note } from "../draft.js";
import type { Rule } from "./method.js";
import type { Refusal } from "./state.js";
import type { Value } from "./value.js";

/** What the entries of methods share. */
export interface Shared {
  readonly oldest: string;
  readonly versions: readonly string[];
  /** The topic of the service, and what it is in Python. */
  readonly topic: string;
  readonly topicValue: Value | undefined;
  readonly notes: Note[];
  readonly errors: Map<string, Record<string, unknown>>;
  readonly timeouts: Map<string, unknown>;
  readonly types: Map<string, unknown>;
  /** Whether an argument that is sent has a default. */
  hasDefaults: boolean;
}

/** Python code in a comment is there to be recognised, not to be read to its end. */
export function clipped(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}

/** The key `since` of a rule. */
export function sinceOf({ since }: Rule<unknown>): { readonly since?: string } {
  return since === undefined ? {} : { since };
}

/** Rules without those that end where the method begins. */
export function rulesAbove<T>(rules: readonly Rule<T>[], since: string): readonly Rule<T>[] {
  const last = rules.findIndex((each) => each.since === undefined || compareVersions(each.since, since) <= 0);
  return rules
    .slice(0, last === -1 ? rules.length : last + 1)
    .map((each, at, all) => (at === all.length - 1 ? { is: each.is, since: undefined } : each));
}

/** The name of an error whose own name is in another file, so that callers can tell it from others all the same. */
const standIn = "ServiceTooOld";

/** A declared error, and the key that names it. */
export function refusedWith(
  key: "too_old" | "when_older",
  refusal: Refusal,
  { errors, notes }: Shared,
): Record<string, unknown> {
  const { wire, message, fields, by } = refusal;
  const error = by === undefined ? refusal.error : standIn;
  if (error === undefined || !namePatterns.error.pattern.test(error))
    return key === "too_old" ? {} : { [key]: "reject" };
  const known = errors.get(error);
  const types = Object.fromEntries([...fields].map(([name, value]) => [name, { type: typeof value, optional: true }]));
  const before = known?.["fields"];
  const whole = wire ?? known?.["wire"];
  if (by !== undefined && known === undefined)
    notes.push({ path: ["errors", error], text: `${by} is not in this file; put the name of what it raises here` });
  errors.set(error, {
    ...(whole === undefined ? {} : { wire: whole }),
    message: known?.["message"] ?? plain(message) ?? "The service is too old.",
    ...(Object.keys(types).length === 0 && before === undefined
      ? {}
      : { fields: { ...(typeof before === "object" ? before : {}), ...types } }),
  });
  return { [key]: fields.size === 0 ? error : { error, fields: Object.fromEntries(fields) } };
}

/** A text that has no places to fill in, since those would have to be fields. */
function plain(message: string | undefined): string | undefined {
  return message === undefined || /[{}%]/.test(message) || message.trim() === "" ? undefined : message;
}
