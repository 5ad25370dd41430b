import type { Rule } from "../rule.js";

/** The fields of one type are written in one style. */
export const fieldName: Rule = {
  id: "field-name",
  group: "names",
  severity: "warning",
  purpose: "The fields of one type or error are written in one style.",
  explanation:
    "Fields keep the names that a peer gives them, in whatever style that is. Two styles in one type are most often a slip, and the field would never be found on the wire.",
  example: "types:\n  Host: { fields: { host_name: string, osType: string, memory_mb: integer } }\n",
  fix: "types:\n  Host: { fields: { host_name: string, os_type: string, memory_mb: integer } }\n",
  check({ types, errors, fields }, report) {
    for (const owner of [...types, ...errors]) {
      const own = fields.filter(({ of }) => of === owner);
      const styles = own.map(({ name }) => styleOf(name)).filter((style) => style !== undefined);
      const usual = mostOf(styles);
      for (const { name, entry } of own) {
        const style = styleOf(name);
        if (style === undefined || usual === undefined || style === usual) continue;
        report(
          entry.keyNode.range,
          `"${name}" is in ${style}, and the other fields of "${owner.name}" are in ${usual}`,
          {
            help: "use one style; the name is what goes over the wire",
          },
        );
      }
    }
  },
};

/** Undefined for a name of one word, which is in every style. */
function styleOf(name: string): string | undefined {
  if (/^[a-z0-9]+$/.test(name)) return undefined;
  if (/^[a-z0-9]+(_[a-z0-9]+)+$/.test(name)) return "snake_case";
  if (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(name)) return "kebab-case";
  if (/^[a-z][a-z0-9]*([A-Z][a-z0-9]*)+$/.test(name)) return "camelCase";
  return undefined;
}

/** The style of more than half. */
function mostOf(styles: readonly string[]): string | undefined {
  return styles.find((style) => styles.filter((one) => one === style).length * 2 > styles.length);
}
