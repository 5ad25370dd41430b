import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  Parser,
  type Scalar,
  type YAMLError,
  type Document as YamlDocument,
} from "yaml";
import type { Staged } from "./diagnostic.js";
import type { Document, Entry, Node, ScalarNode, ScalarValue } from "./document.js";
import { createReporter, type Reporter } from "./report.js";
import type { Range, Source } from "./source.js";

/**
 * Reads the YAML of one file. The value is undefined where the text is no YAML that can be gone on with.
 *
 * @param seen is told every lexeme in order, for those who need what is no value: reading twice would take twice as long
 */
export function load(source: Source, seen?: (lexeme: string) => void): Staged<Document | undefined> {
  const reporter = createReporter();
  const root = isReadable(source, reporter) ? readRoot(source, reporter, seen) : undefined;
  const value = root === undefined ? undefined : { path: source.path, text: source.text, root };
  return { value, diagnostics: reporter.diagnostics };
}

/** In UTF-16 units: some four thousand methods. A larger file is a mistake, and a hostile one would take many seconds to read. */
const longestText = 1024 * 1024;
/** Of maps and lists in each other; the language itself needs about ten. */
const deepestNesting = 100;
/** One mistake in YAML tends to cause many; the first ones tell. */
const mostSyntaxErrors = 20;

function isReadable({ path, text }: Source, reporter: Reporter): boolean {
  const start = { path, start: 0, end: 0 };
  if (text.length > longestText) {
    reporter.report("file-too-large", start, { size: text.length, limit: longestText });
    return false;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control !== null) {
    const at = { path, start: control.index, end: control.index + 1 };
    reporter.report("not-text", at, { code: control[0].charCodeAt(0) });
    return false;
  }
  const replaced = text.indexOf("\ufffd");
  if (replaced !== -1) {
    reporter.report("not-utf8", { path, start: replaced, end: replaced + 1 });
    return false;
  }
  if (text.trim() === "" || text.trim() === "\ufeff") {
    reporter.report("empty-file", start);
    return false;
  }
  return true;
}

function readRoot(source: Source, reporter: Reporter, seen?: (lexeme: string) => void): Node | undefined {
  const tokens = tokensOf(source, reporter, seen);
  if (tokens === undefined) return undefined;
  const documents = withoutStacks(() => [...new Composer(composerOptions).compose(tokens, true, source.text.length)]);
  const [first, second] = documents;
  if (first === undefined) return undefined;
  if (reportSyntax(source, documents, reporter)) return undefined;
  if (second !== undefined) {
    // The range of a document starts behind its "---", which is what the eye looks for.
    const start = Math.max(0, source.text.lastIndexOf("---", second.range[0]));
    reporter.report("several-documents", { path: source.path, start, end: start + 3 });
  }
  if (first.contents === null || (isScalar(first.contents) && first.contents.value === null)) {
    reporter.report("empty-file", { path: source.path, start: 0, end: 0 });
    return undefined;
  }
  return nodeOf(first.contents, { source, reporter, aliases: new Set() });
}

/** The library makes an Error for each mistake, and a hostile file has half a million; their stacks would fill the memory. */
function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

const composerOptions = {
  version: "1.2",
  schema: "core",
  /** Digits beyond 2^53 - 1 are kept; small integers become numbers again in `scalarValue`. */
  intAsBigInt: true,
  /** The library looks for them in quadratic time; `entriesFrom` does it in one pass. */
  uniqueKeys: false,
  merge: false,
  logLevel: "silent",
  prettyErrors: false,
} as const;

/** The syntax tree's tokens; undefined where they nest so deep that later, recursive stages could overflow the stack. */
function tokensOf(
  { path, text }: Source,
  reporter: Reporter,
  seen?: (lexeme: string) => void,
): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    seen?.(lexeme);
    for (const token of parser.next(lexeme)) tokens.push(token);
    // Each open map and list is on the parser's stack, beside the document and the present scalar.
    if (parser.stack.length > deepestNesting + 2) {
      const at = Math.min(parser.offset, text.length);
      reporter.report("too-deep", { path, start: Math.max(0, at - 1), end: at }, { limit: deepestNesting });
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** Reports the first syntax errors; tells whether there are any. */
function reportSyntax({ path, text }: Source, documents: readonly YamlDocument.Parsed[], reporter: Reporter): boolean {
  const errors: YAMLError[] = [];
  // Aliases and tags are refused as such, wherever they point to.
  const refused = new Set(["BAD_ALIAS", "TAG_RESOLVE_FAILED", "RESOURCE_EXHAUSTION", "MULTIPLE_DOCS"]);
  for (const document of documents) {
    // No spread of all: a hostile file has more errors than a function may have arguments.
    for (const error of document.errors) if (!refused.has(error.code)) errors.push(error);
    if (errors.length > 0) break;
  }
  let lastLine: number | undefined;
  for (const error of errors.slice(0, mostSyntaxErrors)) {
    const start = startOf(error, text);
    const line = text.lastIndexOf("\n", start - 1);
    if (line === lastLine) continue;
    lastLine = line;
    const end = Math.max(start, Math.min(Math.max(error.pos[1], start + 1), endOfLine(text, start)));
    const range = { path, start, end };
    if (error.code === "TAB_AS_INDENT") reporter.report("tab-indent", range);
    else
      reporter.report("yaml-syntax", range, { code: error.code, message: error.message, text: text.slice(start, end) });
  }
  return errors.length > 0;
}

/** Where the error is; the library points to the indentation before a line that starts at a wrong column. */
function startOf(error: YAMLError, text: string): number {
  const start = Math.min(error.pos[0], text.length);
  const spaces = error.code === "BAD_INDENT" ? (/^ */.exec(text.slice(start, start + 200))?.[0].length ?? 0) : 0;
  return start + spaces;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}

interface Reading {
  readonly source: Source;
  readonly reporter: Reporter;
  /** Names of aliases that were reported; one place each tells enough. */
  readonly aliases: Set<string>;
}

function nodeOf(yaml: unknown, reading: Reading): Node {
  const { source, reporter } = reading;
  if (isAlias(yaml)) {
    const range = rangeOf(yaml, source.path);
    if (!reading.aliases.has(yaml.source)) reporter.report("alias", range, { name: yaml.source });
    reading.aliases.add(yaml.source);
    return { kind: "hole", range };
  }
  if (isScalar(yaml)) {
    refuseProperties(yaml, reading);
    return scalarOf(yaml, reading);
  }
  if (isSeq(yaml)) {
    refuseProperties(yaml, reading);
    const items = yaml.items.map((item) => nodeOf(item, reading));
    return { kind: "list", items, range: rangeOf(yaml, source.path) };
  }
  if (isMap(yaml)) {
    refuseProperties(yaml, reading);
    const entries = entriesFrom(yaml.items, reading);
    const byKey = new Map<string, Entry>();
    for (const entry of entries) if (!byKey.has(entry.key)) byKey.set(entry.key, entry);
    const partial = yaml.items.some((pair) => isScalar(pair.key) && pair.key.value === "<<");
    return { kind: "map", entries: [...byKey.values()], byKey, partial, range: rangeOf(yaml, source.path) };
  }
  return { kind: "hole", range: { path: source.path, start: 0, end: 0 } };
}

/** Anchors and tags are refused, but what they stand at is read. */
function refuseProperties(
  yaml: {
    readonly range?: readonly number[] | null | undefined;
    readonly anchor?: string | undefined;
    readonly tag?: string | undefined;
  },
  { source, reporter }: Reading,
): void {
  const start = yaml.range?.[0] ?? 0;
  const before = (mark: string): Range => {
    const at = source.text.lastIndexOf(mark, start);
    return { path: source.path, start: Math.max(0, at), end: Math.max(0, at) + mark.length };
  };
  if (yaml.anchor !== undefined) reporter.report("anchor", before(`&${yaml.anchor}`), { name: yaml.anchor });
  if (yaml.tag !== undefined) {
    const mark = before("!");
    const start = source.text.startsWith("!!", mark.start - 1) ? mark.start - 1 : mark.start;
    const range = { ...mark, start };
    const end = source.text.slice(range.start).search(/[\s,\]}]|$/) + range.start;
    reporter.report("tag", { ...range, end }, { tag: source.text.slice(range.start, end) });
  }
}

function entriesFrom(pairs: readonly Pair[], reading: Reading): Entry[] {
  const { source, reporter } = reading;
  const entries: Entry[] = [];
  const first = new Map<string, Entry>();
  for (const pair of pairs) {
    const key = nodeOf(pair.key, reading);
    const value =
      pair.value === null
        ? emptyScalar({ path: source.path, start: key.range.end, end: key.range.end })
        : nodeOf(pair.value, reading);
    if (key.kind === "hole") continue;
    if (key.kind !== "scalar" || key.value === null) {
      reporter.report("bad-key", key.range);
      continue;
    }
    if (key.text === "<<" && key.value === "<<") {
      reporter.report("merge-key", key.range);
      continue;
    }
    const entry: Entry = { key: typeof key.value === "boolean" ? String(key.value) : key.text, keyNode: key, value };
    const earlier = first.get(entry.key);
    if (earlier === undefined) first.set(entry.key, entry);
    else {
      const related = [{ message: "first given here", range: earlier.keyNode.range }];
      reporter.report("duplicate-key", { range: key.range, related }, { key: entry.key });
    }
    entries.push(entry);
  }
  return entries;
}

function scalarOf(yaml: Scalar, { source, reporter }: Reading): ScalarNode {
  const range = rangeOf(yaml, source.path);
  const value = scalarValue(yaml.value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    reporter.report("not-json", range, { text: yaml.source ?? String(value) });
    return { kind: "scalar", value: null, text: "", range, textStart: -1 };
  }
  const plain = yaml.type === "PLAIN";
  const text = plain && yaml.source !== undefined ? yaml.source : String(value ?? "");
  const start = plain ? range.start : range.start + 1;
  const exact = source.text.startsWith(text, start);
  return { kind: "scalar", value, text, range, textStart: exact ? start : -1 };
}

function scalarValue(value: unknown): ScalarValue {
  switch (typeof value) {
    case "bigint": {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      return null;
  }
}

function emptyScalar(range: Range): ScalarNode {
  return { kind: "scalar", value: null, text: "", range, textStart: -1 };
}

function rangeOf(yaml: { readonly range?: readonly number[] | null | undefined }, path: string): Range {
  const [start = 0, end = start] = yaml.range ?? [];
  return { path, start, end };
}
