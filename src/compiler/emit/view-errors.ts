import type { ErrorType, Field, Service } from "../model.js";
import { type Comment, comment } from "./comment.js";
import { errorDoc } from "./docs.js";
import { fieldsName } from "./identifiers.js";
import { group, indent, type Layout, line, list, print } from "./layout.js";
import { memberAccess, stringLiteral, templateText } from "./literal.js";
import { fieldMembers, type MemberView } from "./view-types.js";

/** One class of errors.ts. */
export interface ErrorView {
  readonly name: string;
  readonly doc: Comment;
  readonly extends: string;
  readonly wireName: string;
  readonly constructorSignature: string;
  readonly superCall: string;
  readonly fieldsName: string;
  readonly fieldsDoc: Comment;
  /** Empty: the fields are a record that has none. */
  readonly members: readonly MemberView[];
  readonly noFields: string;
}

export function errorView(service: Service, error: ErrorType): ErrorView {
  const fields = fieldsName(error.name);
  const allOptional = error.fields.every(({ optional }) => optional);
  const details = `details?: DeclaredErrorDetails`;
  return {
    name: error.name,
    doc: comment(errorDoc(service, error), 0),
    extends: `DeclaredError<${fields}>`,
    wireName: print(group(["static readonly wireName =", indent([line, stringLiteral(error.wire)]), ";"]), 1),
    constructorSignature: print(
      ["constructor", list("(", [`fields: ${fields}${allOptional ? " = {}" : ""}`, details], ")"), " {"],
      1,
    ),
    superCall: print(["super", list("(", [messageLayout(error), "fields", "details"], ")"), ";"], 2),
    fieldsName: fields,
    fieldsDoc: comment({ text: `The fields of {@link ${error.name}}.` }, 0),
    members: fieldMembers(error.fields),
    noFields: `export type ${fields} = Record<string, never>;`,
  };
}

/** The message as the class makes it; `{name}` of a field is the field's value. */
function messageLayout({ message, fields }: ErrorType): Layout {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const parts = message.split(/(\{[^{}]*\})/);
  const fieldOf = (part: string): Field | undefined =>
    part.startsWith("{") ? byName.get(part.slice(1, -1)) : undefined;
  if (!parts.some(fieldOf)) {
    return stringLiteral(message);
  }
  const text = parts.map((part) => {
    const field = fieldOf(part);
    return field === undefined ? templateText(part) : `\${${valueText(field)}}`;
  });
  return `\`${text.join("")}\``;
}

/** A value inside a message: a text or number as it is, data as JSON. */
function valueText({ name, type }: Field): string {
  const value = `fields${memberAccess(name)}`;
  const inner = type.kind === "nullable" ? type.type : type;
  return inner.kind === "list" || inner.kind === "map" ? `JSON.stringify(${value})` : value;
}
