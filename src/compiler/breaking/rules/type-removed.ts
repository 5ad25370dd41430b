import type { Rule } from "../finding.js";

/** An exported type is gone or has another name. */
export const typeRemoved: Rule = {
  id: "type-removed",
  category: "SOURCE",
  purpose: "An exported type is gone or has another name.",
  explanation:
    "What it describes is still there, under another name or without one; programs that import the name do not compile.",
  check: {
    service: ({ previous, current, types }) => {
      const names = new Set(current.types.map(({ name }) => name));
      return previous.types
        .filter(({ name }) => !names.has(name) && types.usedBefore.has(name))
        .map(({ name, range }) => {
          const heir = types.newNameOf(name);
          return {
            service: current.name,
            subject: `types.${name}`,
            message: heir === undefined ? `the type ${name} is gone` : `the type ${name} is called ${heir}`,
            at: { previous: range },
            needs: "none" as const,
          };
        });
    },
  },
};
