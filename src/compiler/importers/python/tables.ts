import { namePatterns, repairName, takenTypes } from "../../names.js";
import { compareVersions } from "../../versions.js";
import type { Shared } from "./shared.js";
import { isSame, type Value } from "./value.js";

/** Entries that a table does not have yet below a version. */
export interface Lacking {
  readonly before: string;
  readonly names: readonly string[];
}

/** The entries that a table has and a former one lacks; undefined where something else is another too. */
export function lackingIn(former: Value, table: Value): readonly string[] | undefined {
  if (former.kind !== "table" || table.kind !== "table") return undefined;
  if (former.unread.length + table.unread.length > 0) return undefined;
  const isKept = [...former.entries].every(([name, value]) => {
    const own = table.entries.get(name);
    return own !== undefined && isSame(own, value);
  });
  return isKept ? [...table.entries.keys()].filter((name) => !former.entries.has(name)) : undefined;
}

const generated = /(?:API|Manager|Service|Converters|Dispatcher|Args|Values|Error|Pinned|Periodic)$/;

/** The type of a table that has grown; undefined where it has not, or where its names are none of a definition. */
export function grownType(
  name: string,
  method: string,
  { value, without }: { readonly value: Value; readonly without: readonly Lacking[] },
  since: string,
  { types, errors }: Shared,
): string | undefined {
  const was = without.filter(({ before }) => compareVersions(before, since) > 0);
  if (value.kind !== "table" || was.length === 0) return undefined;
  const fields = [...value.entries.keys()];
  if (!fields.every((each) => namePatterns.field.pattern.test(each))) return undefined;
  const came = new Set(was.flatMap(({ names }) => names));
  const type = {
    fields: Object.fromEntries(fields.map((each) => [each, came.has(each) ? { type: "any", optional: true } : "any"])),
    was: was.map(({ before, names }) => ({ before, without: [...names] })),
  };
  // Two methods that send the same have one type for it.
  for (const whole of [name, `${method}_${name}`]) {
    const key = repairName(whole, "type");
    // What is generated for a service or a method ends in one of these words.
    const isTaken = key === undefined || takenTypes.has(key) || errors.has(key) || generated.test(key);
    if (isTaken) continue;
    const known = types.get(key);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(type)) continue;
    types.set(key, type);
    return key;
  }
  return undefined;
}
