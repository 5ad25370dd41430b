import { syntaxText } from "./yaml-syntax.js";

/** Mistakes in the text of a file, before it means anything. */
export const yamlMessages = {
  "yaml-syntax": {
    severity: "error",
    text: ({ code, message, text }: { code: string; message: string; text: string }) => syntaxText(code, message, text),
    explanation:
      "The file is not valid YAML 1.2, so nothing after this place can be trusted, and the file was not read further.",
    example: 'description: "Runs instances\n',
    fix: 'description: "Runs instances"\n',
  },
  "tab-indent": {
    severity: "error",
    text: () => ({ message: "YAML is indented with spaces, and this is a tab", help: "replace the tab by two spaces" }),
    explanation: "YAML does not allow tabs where lines are indented, since nobody can tell how wide a tab is.",
    example: "types:\n\tPort: integer\n",
    fix: "types:\n  Port: integer\n",
  },
  "empty-file": {
    severity: "error",
    text: () => ({ message: "the file is empty", help: "start it with rpcapi: 1 and service: NAME" }),
    explanation:
      "A definition has at least its edition (rpcapi) and, unless it is a library, a service and its versions.",
    example: "# rpcapi: 1\n",
    fix: "rpcapi: 1\n",
  },
  "file-too-large": {
    severity: "error",
    text: ({ size, limit }: { size: number; limit: number }) => ({
      message: `the file has ${size} characters; a definition may have ${limit}`,
      help: "split it with imports, or check that it is the file you meant",
    }),
    explanation:
      "No definition that people write is as large. The limit keeps a wrong file from keeping the compiler busy.",
  },
  "not-text": {
    severity: "error",
    text: ({ code }: { code: number }) => ({
      message: `this is no text: it has the control character U+${code.toString(16).padStart(4, "0").toUpperCase()}`,
      // PowerShell writes what is redirected in UTF-16, in which every other byte of English is a zero.
      help:
        code === 0
          ? "it may be UTF-16: save it in the encoding UTF-8; or is this another kind of file?"
          : "a definition is a YAML file in UTF-8; is this another kind of file?",
    }),
    explanation:
      "YAML does not allow control characters. Most often the file is a binary one, or has the encoding UTF-16.",
  },
  "not-utf8": {
    severity: "error",
    text: () => ({ message: "the file is not valid UTF-8 here", help: "save it in the encoding UTF-8" }),
    explanation: "The bytes at this place are no UTF-8, so that the text which was meant is lost.",
    example: "description: \ufffd\n",
    fix: "description: é\n",
  },
  "too-deep": {
    severity: "error",
    text: ({ limit }: { limit: number }) => ({
      message: `maps and lists are nested more than ${limit} deep here`,
      help: "the language itself needs about ten levels",
    }),
    explanation: "A definition this deep is a mistake, or an attempt to exhaust the compiler's stack.",
    example: `x-deep: ${"[".repeat(101)}${"]".repeat(101)}\n`,
    fix: "x-deep: [[]]\n",
  },
  "several-documents": {
    severity: "error",
    text: () => ({
      message: "a second document starts here, and a file is one definition",
      help: 'move it to a file of its own, or remove the "---"',
    }),
    explanation:
      "YAML allows several documents in a file. Which of them would be meant in imports could not be told, so that a file has one.",
    example: "description: One.\n---\ndescription: Two.\n",
    fix: "description: One.\n",
  },
  "duplicate-key": {
    severity: "error",
    text: ({ key }: { key: string }) => ({
      message: `the key "${key}" is here for the second time`,
      help: "remove one of the two",
    }),
    explanation: "Most YAML readers silently take the last of two equal keys, and the first is lost without a word.",
    example: "types:\n  Port: integer\n  Port: string\n",
    fix: "types:\n  Port: integer\n",
  },
  "bad-key": {
    severity: "error",
    text: () => ({
      message: "a key must be a plain text, and this is not",
      help: 'write NAME: VALUE; a text with "{" or "[" at its start is quoted',
    }),
    explanation: "YAML allows lists, maps and nothing at all as keys. The language has only names.",
    example: "x-map: { [a, b]: 1 }\n",
    fix: 'x-map: { "[a, b]": 1 }\n',
  },
  anchor: {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `the anchor "&${name}" is not part of the language`,
      help: "remove it; give what is used several times a name under types",
    }),
    explanation:
      "Anchors and aliases hide what a definition says, and can make a small file huge. Named types do the same in the open.",
    example: "types:\n  Port: &port integer\n",
    fix: "types:\n  Port: integer\n",
  },
  alias: {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `the alias "*${name}" is not part of the language`,
      help: 'write the value out, or give it a name under types; a text that starts with "*" is quoted',
    }),
    explanation:
      "Anchors and aliases hide what a definition says, and can make a small file huge. Named types do the same in the open.",
    example: "description: *text\n",
    fix: 'description: "*text"\n',
  },
  "merge-key": {
    severity: "error",
    text: () => ({
      message: 'the merge key "<<" is not part of the language',
      help: "write the keys out, or give them a name under types",
    }),
    explanation: "Merge keys are an extension of old YAML versions, and readers disagree about what they mean.",
    example: "x-map: { <<: { a: 1 } }\n",
    fix: "x-map: { a: 1 }\n",
  },
  tag: {
    severity: "error",
    text: ({ tag }: { tag: string }) => ({
      message: `the tag "${tag}" is not part of the language`,
      help: 'remove it; quote a text that starts with "!"',
    }),
    explanation: "Tags change the type of a value. The language knows from the place which type a value has.",
    example: "description: !text Runs.\n",
    fix: "description: Runs.\n",
  },
  "not-json": {
    severity: "error",
    text: ({ text }: { text: string }) => ({
      message: `"${text}" is no number that JSON has`,
      help: `quote it where a text is meant: "${text}"`,
    }),
    explanation: "YAML has infinity and not-a-number, JSON has neither, and every value of a definition must be JSON.",
    example: "x-limit: .inf\n",
    fix: 'x-limit: ".inf"\n',
  },
  "too-many-problems": {
    severity: "error",
    text: ({ limit }: { limit: number }) => ({
      message: `there are more than ${limit} mistakes in this file; the others are not shown`,
    }),
    explanation: "The first mistakes tell what is wrong. Put them right, and the others are shown.",
  },
} as const;
