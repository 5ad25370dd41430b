import { Document, isCollection, isMap, isScalar, type Node, visit } from "yaml";
import { format } from "../format/format.js";

/** A definition made from code in another language, with what could not be known said in comments. */
export interface Draft {
  /** Keys as they stand in YAML: `service`, `methods`, `types`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

/** A comment above what a path leads to. */
export interface Note {
  /** Keys from the outside to the inside; none for the head of the file. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What an importer gives back. */
export interface Imported {
  /** The definition as YAML. */
  readonly text: string;
  readonly service: string;
  readonly methods: readonly string[];
  readonly notes: readonly Note[];
}

/** Prints a draft in the form of `rpcgen fmt`: blocks on the outside, what is short in one line, comments above what they are about. */
export function draftText({ data, notes }: Draft): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  for (const { path, text } of notes) addComment(document, path, text);
  visit(document, {
    Collection(_, node, path) {
      // Comments and long texts need lines of their own.
      const depth = path.filter((each) => isCollection(each)).length;
      if (depth >= 2 && isShort(node)) node.flow = true;
    },
  });
  const contents = document.contents;
  if (isMap(contents)) {
    for (const [index, pair] of contents.items.entries()) {
      if (index > 0 && isScalar(pair.key) && isCollection(pair.value) && !pair.value.flow) pair.key.spaceBefore = true;
    }
  }
  // What is in one line and what in several is decided here, the rest where all definitions get their form.
  return format({ path: "draft.yaml", text: document.toString({ lineWidth: 120, flowCollectionPadding: true }) }).value;
}

function addComment(document: Document, path: readonly (string | number)[], text: string): void {
  const comment = text
    .split("\n")
    .map((line) => ` ${line}`)
    .join("\n");
  const last = path.at(-1);
  if (last === undefined) {
    document.commentBefore = document.commentBefore == null ? comment : `${document.commentBefore}\n${comment}`;
    return;
  }
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
  const key = pair?.key;
  if (isScalar(key)) key.commentBefore = key.commentBefore == null ? comment : `${key.commentBefore}\n${comment}`;
}

function isShort(node: Node): boolean {
  let size = 0;
  let isPlain = true;
  visit(node, {
    Scalar(_, scalar) {
      size += String(scalar.value).length + 3;
      if (scalar.commentBefore != null || String(scalar.value).includes("\n")) isPlain = false;
    },
  });
  return isPlain && size <= 80;
}
