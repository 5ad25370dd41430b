import type { Constraints, ErrorType, Field, Method, NamedType, Param, Service } from "../model.js";
import { compareVersions } from "../versions.js";
import { kindByVersion } from "./by-version.js";
import type { Doc } from "./comment.js";
import { print } from "./layout.js";
import { literal } from "./literal.js";
import { chosenKind, isMadeWhenSent, newestVersion, oldestVersion } from "./shape.js";

type Tag = readonly [tag: string, text: string];

export function typeDoc(type: NamedType, fallback?: string): Doc {
  const constraints = type.kind === "alias" ? type.constraints : {};
  const remarks = type.kind === "object" && type.object !== undefined ? [versionedObjectText(type.object)] : [];
  return {
    text: type.description ?? fallback,
    tags: [
      ...remarksTags([...remarks, ...constraintTexts(constraints)]),
      ...deprecatedTags(type.deprecated),
      ...exampleTags(type.examples),
    ],
  };
}

/**
 * What a field, or an argument as its caller gives it, is and takes.
 *
 * @param since the version below which it is left out of an object
 */
export function fieldDoc(field: Field, since?: string): Doc {
  return {
    text: field.description,
    tags: [
      ...remarksTags(constraintTexts(field.constraints)),
      ...(field.default === undefined ? [] : [["default", value(field.default.value)] as const]),
      ...(since === undefined ? [] : [["since", `${since}; left out of older requests`] as const]),
      ...deprecatedTags(field.deprecated),
      ...exampleTags(field.sensitive ? [] : field.examples),
    ],
  };
}

/** An argument as its caller gives it: with the versions in which it is sent. */
export function argumentDoc(service: Service, method: Method, param: Param): Doc {
  const { text, tags = [] } = fieldDoc(param);
  const { since, until } = param.interval;
  const isYounger = compareVersions(since, method.interval.since) > 0;
  const ended = until !== undefined && compareVersions(until, newestVersion(service)) <= 0;
  return {
    text: joined(text, sendingText(method, param)),
    tags: [
      ...tags,
      ...(isYounger ? [["since", `${since}; ${whenOlderText(param)}`] as const] : []),
      ...(ended && param.deprecated === undefined ? [["deprecated", `gone since version ${until}`] as const] : []),
    ],
  };
}

/** An argument as its manager gets it. */
export function requestDoc(param: Param): Doc {
  return { text: param.description, tags: remarksTags(constraintTexts(param.constraints)) };
}

export function methodDoc(service: Service, method: Method, side: "caller" | "manager"): Doc {
  const { since, until } = method.interval;
  const isYounger = compareVersions(since, oldestVersion(service)) > 0;
  const errors = new Map(service.errors.map((error) => [error.name, error]));
  const tooOld: readonly Tag[] =
    side === "caller" && method.tooOld !== undefined
      ? [["throws", `{${method.tooOld.error}} when the version cap is below ${since}`]]
      : [];
  const returns = method.returns.description;
  const kinds = kindByVersion(service, method);
  return {
    text: joined(method.description, kinds === undefined ? undefined : `A${kinds.slice(1)}.`),
    tags: [
      ...(returns === undefined ? [] : [["returns", oneLine(returns)] as const]),
      ...method.errors.map((name): Tag => ["throws", `{${name}} ${errorText(errors.get(name))}`.trimEnd()]),
      ...tooOld,
      ...(isYounger ? [["since", since] as const] : []),
      ...deprecatedTags(method.deprecated ?? (until === undefined ? undefined : `gone since version ${until}`)),
      ...exampleTags(method.examples),
    ],
  };
}

export function errorDoc(service: Service, error: ErrorType): Doc {
  const isYounger = compareVersions(error.interval.since, oldestVersion(service)) > 0;
  return {
    text: error.description ?? error.message,
    tags: [
      ...(isYounger ? [["since", error.interval.since] as const] : []),
      ...deprecatedTags(error.deprecated),
      ...exampleTags(error.examples),
    ],
  };
}

/** "Runs every 10 minutes, and when the service starts." */
export function periodicText(spacing: number, runImmediately: boolean): string {
  return `Runs every ${durationText(spacing)}${runImmediately ? ", and when the service starts" : ""}.`;
}

/** What becomes of an argument that is not simply sent. */
export function sendingText(method: Method, param: Param): string | undefined {
  const { name, local, interval, fill, default: fallback } = param;
  const chosen = chosenKind(method);
  if (chosen?.by === name) {
    return `Chooses a ${chosen.true} (true) or a ${chosen.false} (false); not sent.`;
  }
  if (local) {
    return "Routes the request; not sent.";
  }
  const until = interval.until === undefined ? undefined : `Sent below version ${interval.until} only.`;
  // The same as the default tells nothing more.
  const isDefault = fallback !== undefined && fill !== undefined && value(fallback.value) === value(fill.value);
  const filled = isMadeWhenSent(param)
    ? "The time of sending where it is not given."
    : fill === undefined || isDefault
      ? undefined
      : `Sent as \`${value(fill.value)}\` where it is not given.`;
  const texts = [until, filled].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(" ");
}

/** What happens to an argument that an older server does not know. */
export function whenOlderText({ whenOlder, default: fallback }: Param): string {
  if (whenOlder === "drop") {
    return "left out of older requests";
  }
  const unless = fallback === undefined ? "unless null" : "unless null or the default";
  return `${whenOlder === "reject" ? "VersionCapError" : whenOlder.error} in older requests, ${unless}`;
}

function errorText(error: ErrorType | undefined): string {
  return oneLine(error?.message ?? error?.description ?? "");
}

function versionedObjectText(object: {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
}): string {
  return `versioned object ${object.namespace}.${object.name} ${object.version}`;
}

/** `minimum 0`: JSON Schema's own words. */
export function constraintTexts(constraints: Constraints): readonly string[] {
  return Object.entries(constraints).map(([word, limit]) => `${word} ${value(limit)}`);
}

function remarksTags(texts: readonly string[]): readonly Tag[] {
  return texts.length === 0 ? [] : [["remarks", texts.join(", ")]];
}

function deprecatedTags(reason: string | undefined): readonly Tag[] {
  return reason === undefined ? [] : [["deprecated", oneLine(reason)]];
}

function exampleTags(examples: readonly unknown[]): readonly Tag[] {
  return examples.map((example): Tag => {
    const text = value(example);
    return ["example", text.length <= 80 ? text : `\n\`\`\`ts\n${print(literal(example), 0, 100)}\n\`\`\``];
  });
}

/** A value as a program writes it, in one line. */
export function value(data: unknown): string {
  return print(literal(data), 0, Number.POSITIVE_INFINITY);
}

/** Paragraphs of those that there are. */
function joined(...texts: readonly (string | undefined)[]): string {
  return texts.flatMap((text) => (text === undefined ? [] : [text.trim()])).join("\n\n");
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

/** `10 minutes`; `minute` for one. */
export function durationText(milliseconds: number): string {
  const units = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
    ["millisecond", 1],
  ] as const;
  const [name, size] = units.find(([, each]) => milliseconds % each === 0) ?? ["millisecond", 1];
  const count = milliseconds / size;
  return count === 1 ? name : `${count} ${name}s`;
}
