/** Mistakes in comments that silence rules. They are found by `rpcgen lint` alone. */
export const ignoreMessages = {
  "ignore-syntax": {
    severity: "error",
    text: ({ problem }: { problem: "rule" | "reason" }) => ({
      message:
        problem === "rule" ? "this comment does not say which rule it silences" : "this comment does not say why",
      help: "write # rpcgen-ignore RULE: reason",
    }),
    explanation:
      "A comment that silences a rule names it and says why it is wrong here, so that the next reader need not find out again.",
    example: "methods:\n  # rpcgen-ignore method-name\n  startIt: { kind: cast }\n",
    fix: "methods:\n  # rpcgen-ignore method-name: peers have called it so since 2012\n  startIt: { kind: cast }\n",
  },
  "unknown-rule": {
    severity: "error",
    text: ({ name, help }: { name: string; help: string | undefined }) => ({
      message: `there is no lint rule "${name}"`,
      ...(help === undefined ? {} : { help }),
    }),
    explanation:
      "A comment or a setting names a rule that does not exist, so that it does nothing. Errors of the language cannot be silenced: nothing would be generated. rpcgen lint --list shows the rules.",
    example: "methods:\n  # rpcgen-ignore methd-name: peers have called it so since 2012\n  startIt: { kind: cast }\n",
    fix: "methods:\n  # rpcgen-ignore method-name: peers have called it so since 2012\n  startIt: { kind: cast }\n",
  },
  "unused-ignore": {
    severity: "warning",
    text: ({ name }: { name: string }) => ({
      message: `nothing here is against the rule "${name}"`,
      help: "remove the comment",
    }),
    explanation:
      "The comment silences nothing: what it was for has changed, or it stands at the wrong place. It is about the entry below it, about its own line when it stands behind something, and about the whole file above the first key.",
    example: "methods:\n  # rpcgen-ignore method-name: peers have called it so since 2012\n  start: { kind: cast }\n",
    fix: "methods:\n  start: { kind: cast }\n",
  },
} as const;
