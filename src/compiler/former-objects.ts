import { child, itemsOf, type Node, textOf } from "./document.js";
import type { DeclarationScope, Draft } from "./fields.js";
import type { VersionScope } from "./intervals.js";
import type { Field, FormerObject, NamedType, Release, VersionedObject } from "./model.js";
import type { Reporter } from "./report.js";
import { compareVersions, majorOf } from "./versions.js";

/** Reads `was:` of an object type. What `before` means is known where a service uses the type. */
export function readFormerObjects(
  node: Node | undefined,
  name: string,
  fields: readonly Field[],
  object: VersionedObject | undefined,
  { reporter }: DeclarationScope,
): readonly FormerObject[] {
  const former: FormerObject[] = [];
  for (const item of itemsOf(node)) {
    const beforeNode = child(item, "before");
    const before = textOf(beforeNode);
    if (item.kind !== "map" || before === undefined || beforeNode === undefined) continue;
    const entry: Draft<FormerObject> = { before, without: [], range: beforeNode.range };
    const versionEntry = item.byKey.get("version");
    const version = textOf(versionEntry?.value);
    if (versionEntry !== undefined && object === undefined) {
      reporter.report("was-not-versioned", versionEntry.keyNode.range, { name });
    } else if (version !== undefined && object !== undefined) {
      entry.version = version;
      if (!isOlder(version, object.version)) {
        reporter.report("was-newer-object", versionEntry?.value.range, { name, version, today: object.version });
      }
    }
    entry.without = readWithout(child(item, "without"), name, fields, reporter);
    if (versionEntry === undefined && !item.byKey.has("without")) {
      reporter.report("was-without-change", beforeNode.range, { keys: ["version", "without"] });
    }
    former.push(entry);
  }
  return former;
}

/** Servers of oslo.versionedobjects take what is not newer than their own, in the same major version. */
function isOlder(version: string, today: string): boolean {
  return majorOf(version) === majorOf(today) && compareVersions(version, today) <= 0;
}

function readWithout(node: Node | undefined, owner: string, fields: readonly Field[], reporter: Reporter): string[] {
  const without: string[] = [];
  for (const item of itemsOf(node)) {
    const name = textOf(item);
    if (name === undefined) continue;
    const field = fields.find((one) => one.name === name);
    if (field === undefined) {
      const candidates = fields.map((one) => one.name);
      reporter.report("was-unknown-field", item.range, { name, owner, candidates });
    } else if (!field.optional) reporter.report("was-required-field", item.range, { name, owner });
    else without.push(name);
  }
  return without;
}

/** The types as one service knows them: `before` is a version of it. Reports what is no version and no release of it. */
export function formersIn(
  types: readonly NamedType[],
  service: string,
  versions: VersionScope,
  releases: readonly Release[],
  reporter: Reporter,
): readonly NamedType[] {
  const versionOf = (before: string): string | undefined =>
    versions.indexOf(before) === undefined ? releases.find(({ name }) => name === before)?.version : before;
  return types.map((type) => {
    if (type.kind !== "object" || type.was.length === 0) return type;
    const was: FormerObject[] = [];
    for (const entry of type.was) {
      const before = versionOf(entry.before);
      const earlier = was.at(-1);
      if (before === undefined) {
        if (!versions.complete) continue;
        const candidates = [...versions.entries.map(({ version }) => version), ...releases.map(({ name }) => name)];
        reporter.report("was-unknown-version", entry.range, {
          before: entry.before,
          owner: type.name,
          service,
          candidates,
        });
      } else if (earlier !== undefined && compareVersions(before, earlier.before) < 0) {
        const related = [{ message: "the entry above it", range: earlier.range }];
        reporter.report(
          "was-order",
          { range: entry.range, related },
          { before: entry.before, earlier: earlier.before },
        );
      } else was.push({ ...entry, before });
    }
    return { ...type, was: completed(was) };
  });
}

/** What servers did not know yet at one version they did not know before it either, and their version was not newer. */
function completed(was: readonly FormerObject[]): readonly FormerObject[] {
  const whole: FormerObject[] = [];
  for (const entry of was.toReversed()) {
    const later = whole[0];
    const version = entry.version ?? later?.version;
    const without = [...new Set([...entry.without, ...(later?.without ?? [])])];
    whole.unshift({ ...entry, ...(version === undefined ? {} : { version }), without });
  }
  // Where two releases are one version, the older release's entry is that of all older servers.
  return whole.filter(({ before }, at) => whole[at - 1]?.before !== before);
}
