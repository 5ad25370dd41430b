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
  "unknown-service": {
    severity: "error",
    explanation:
      "A verb that works on one service was not told which, or was told one that the definitions do not have. Name it with --service; the message lists those that are there.",
  },
  "broken-promise": {
    severity: "error",
    explanation:
      "A client of one version does not work with a server of another which it should work with: rpcgen skew has tried. The message says which versions, and at which step; since, until, was and when_older of what it names decide that.",
  },
  "typescript-syntax": {
    severity: "error",
    explanation:
      "The TypeScript file that was to be imported is not valid TypeScript, so that it cannot be understood. The compiler's own words are in the message.",
  },
  "unknown-interface": {
    severity: "error",
    explanation:
      "The TypeScript file that was to be imported has no interface of the name which --interface gives. The message names those that are close.",
  },
  "not-a-class": {
    severity: "error",
    explanation:
      "The file has something else under the name of the class that rpcgen implement was to fill. Name another class with --class.",
  },
  "several-classes": {
    severity: "error",
    explanation:
      "More than one class of the file implements the service's manager, and rpcgen implement changes one. Name it with --class.",
  },
  "unseen-base-class": {
    severity: "error",
    explanation:
      "The class that rpcgen implement was to fill extends one from another file, which it does not read, so that nobody can say which methods are missing. Name the methods in the class itself, or implement the manager in a class of its own.",
  },
  "method-gone": {
    severity: "warning",
    explanation:
      "The class has a method which looks like one of the service's, and the service has none of that name any more. rpcgen implement removes nothing: delete it, or make it private where it is a helper.",
  },
  "python-syntax": {
    severity: "error",
    explanation: "The Python file that was to be imported cannot be parsed. It must be Python 3.",
  },
  "unknown-class": {
    severity: "error",
    explanation:
      "The file that was to be imported has no class of the name which was given, or none that looks like an rpcapi class.",
  },
} as const satisfies Record<string, { severity: "error" | "warning"; explanation: string }>;
