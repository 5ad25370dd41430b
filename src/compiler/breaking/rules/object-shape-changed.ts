import type { NamedType, Version } from "../../model.js";
import { compareVersions } from "../../versions.js";
import type { ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { atVersions } from "../rule-parts.js";
import { joined } from "../texts.js";

/** An object goes to servers of a version in a version of its own that they do not know, or without fields that they know. */
export const objectShapeChanged: Rule = {
  id: "object-shape-changed",
  category: "ROLLING",
  purpose:
    "An object goes to servers of a version in a version of its own that they do not know, or without fields that they know.",
  explanation:
    "A server refuses an oslo versioned object that is newer than its own, whatever the version cap of the client. What servers of the previous state know is said by was of the type.",
  check: {
    service: (pair) =>
      pair.current.types.flatMap((current) => {
        const previous = pair.previous.types.find(({ name }) => name === current.name);
        if (current.kind !== "object" || previous?.kind !== "object") return [];
        return shapeBreak(previous, current, pair) ?? [];
      }),
  },
};

type ObjectType = Extract<NamedType, { kind: "object" }>;

function shapeBreak(previous: ObjectType, current: ObjectType, pair: ServicePair): Break | undefined {
  const { name } = current;
  if (previous.object === current.object && previous.was.length + current.was.length === 0) return undefined;
  const users = pair.types.usersOf(name, "argument");
  const sent = pair.methods.filter((method) => users.includes(method.current.name));
  const both = pair.shared.filter((version) => sent.some((method) => method.both.includes(version)));
  const of = `; arguments of ${joined(
    sent.map((method) => `"${method.current.name}"`),
    3,
  )} have it`;
  const found = { service: pair.current.name, subject: `types.${name}`, at: { current: current.range } };
  const newer = both.filter((version) => isNewer(versionAt(current, version), versionAt(previous, version)));
  const [first] = newer;
  if (first !== undefined) {
    const [before, now] = [versionAt(previous, first), versionAt(current, first)];
    const added = current.fields.filter((field) => !previous.fields.some((known) => known.name === field.name));
    const names = added.map((field) => field.name).join(", ");
    const without = added.length === 0 ? "" : `, without: [${names}]`;
    return {
      ...found,
      message: `"${name}" was sent as ${before} and is sent as ${now}${atVersions(newer, both, pair)}${of}`,
      help: `say how older servers know it: was: [{ before: "${nextOf(newer.at(-1) ?? first, pair)}", version: "${before}"${without} }]`,
      unless: `${name} went to older servers as ${before}`,
      note: `changes ${name}`,
    };
  }
  const lost = both.filter((version) => lostAt(previous, current, version).length > 0);
  const [one] = lost;
  if (one === undefined) return undefined;
  const fields = joined(lostAt(previous, current, one).map((field) => `"${field}"`));
  return {
    ...found,
    message: `"${name}" is sent without ${fields}, which it had${atVersions(lost, both, pair)}${of}`,
    help: "leave out of without what those servers know",
    unless: `${name} kept ${fields}`,
    note: `changes ${name}`,
  };
}

/** The first version behind one: before it servers are of the previous state. */
function nextOf(version: Version, { current, versions }: ServicePair): Version {
  const next = current.versions.find((entry) => compareVersions(entry.version, version) > 0);
  return next?.version ?? versions.minor;
}

function versionAt({ object, was }: ObjectType, version: Version): string | undefined {
  const former = was.find(({ before }) => compareVersions(version, before) < 0);
  return object === undefined ? undefined : (former?.version ?? object.version);
}

/** Another major version is another envelope, whoever gets it. */
function isNewer(now: string | undefined, before: string | undefined): boolean {
  if (now === undefined || before === undefined) return false;
  return now.split(".")[0] === before.split(".")[0] && compareVersions(now, before) > 0;
}

/** Fields that both states have, and only the previous one sent. */
function lostAt(previous: ObjectType, current: ObjectType, version: Version): readonly string[] {
  const goneAt = ({ was }: ObjectType): readonly string[] =>
    was.find(({ before }) => compareVersions(version, before) < 0)?.without ?? [];
  const known = goneAt(previous);
  return goneAt(current).filter(
    (field) => !known.includes(field) && previous.fields.some((before) => before.name === field),
  );
}
