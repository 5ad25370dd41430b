import type { Rule } from "../finding.js";

/** The class of an error is gone or has another name. */
export const errorRemoved: Rule = {
  id: "error-removed",
  category: "SOURCE",
  purpose: "The class of an error is gone or has another name.",
  explanation: "A method may have fewer errors than before; programs that catch the class do not compile.",
  check: {
    service: ({ previous, current, errors }) => {
      const kept = new Map(errors.map((pair) => [pair.previous.name, pair.current]));
      return previous.errors.flatMap(({ name, range }) => {
        const heir = kept.get(name);
        if (heir?.name === name) return [];
        return [
          {
            service: current.name,
            subject: `errors.${name}`,
            message: heir === undefined ? `the error ${name} is gone` : `the error ${name} is called ${heir.name}`,
            help:
              heir === undefined
                ? "servers of the previous state may still answer with it: keep it until they are gone"
                : "keep the name",
            at: heir === undefined ? { previous: range } : { current: heir.range },
            needs: "none" as const,
            note: heir === undefined ? `removes the error ${name}` : `renames the error ${name}`,
          },
        ];
      });
    },
  },
};
