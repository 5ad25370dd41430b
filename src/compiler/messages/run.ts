/**
 * Mistakes of a run which are about no place in a definition: files, folders, templates. Their texts are made where
 * they happen; this is what `rpcgen explain` says of them.
 */
export const runMessages = {
  "cannot-read": {
    severity: "error",
    explanation:
      "A file is there and cannot be read; the message says why: permissions, a part of its path, the device. The other files were checked all the same.",
  },
  "cannot-write": {
    severity: "error",
    explanation:
      "A file or folder could not be written; the message says why. Generated files are first written beside their places and then renamed, so that a failure leaves the output as it was.",
  },
  "foreign-file": {
    severity: "error",
    explanation:
      "A file that rpcgen did not write has the name of one to be generated. It is never overwritten. Move it, or generate into another folder.",
  },
  "out-of-date": {
    severity: "error",
    explanation:
      "With --check, generated code is not what the definitions make of it: somebody changed one of the two. Run rpcgen generate and commit what it writes.",
  },
  "unknown-template": {
    severity: "error",
    explanation:
      "The folder of templates has a file which replaces none of rpcgen's templates, so that it would do nothing. Its name, with its folder, must be that of a template in rpcgen's own templates/, such as rpcapi.ts.hbs or partials/doc.hbs.",
  },
  "template-error": {
    severity: "error",
    explanation:
      "A template of yours failed while it was filled: it names something that the compiler does not give, calls a helper that is not there, or is no valid Handlebars. Templates decide nothing; compare it with the one of the same name that rpcgen ships.",
  },
  "not-formatted": {
    severity: "error",
    explanation:
      "With rpcgen fmt --check, a definition is not in its canonical form: the order of keys, indentation, spaces and empty lines. Run rpcgen fmt; it changes neither what the definition says nor its comments.",
  },
} as const satisfies Record<string, { severity: "error" | "warning"; explanation: string }>;
