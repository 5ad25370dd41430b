// Longer than others: one class walks all forms of types, and each form leads back into the others.
import {
  type InterfaceDeclaration,
  Node,
  type PropertySignature,
  type SourceFile,
  type TypeAliasDeclaration,
  type TypeNode,
} from "ts-morph";
import { namePatterns, pascalCase, repairName } from "../../names.js";
import { docOf } from "./docs.js";

/** A field or parameter as YAML has it. */
export type Entry = Record<string, unknown>;

/** Turns TypeScript's types into the language's, and collects those that have names. */
export class Types {
  /** Named types in the order in which they were met. */
  readonly found: Record<string, Entry> = {};
  readonly notes: { path: (string | number)[]; text: string }[] = [];
  readonly #files: readonly SourceFile[];
  readonly #names = new Map<Node, string>();

  constructor(files: readonly SourceFile[]) {
    this.#files = files;
  }

  /** The type expression of an annotation; `near` names a type that has no name of its own. */
  expression(type: TypeNode | undefined, near: string, path: readonly string[]): string {
    if (type === undefined) return this.#unknown("it has no type", path);
    if (Node.isParenthesizedTypeNode(type)) return this.expression(type.getTypeNode(), near, path);
    if (Node.isTypeOperatorTypeNode(type)) return this.expression(type.getTypeNode(), near, path);
    if (Node.isArrayTypeNode(type)) return `list<${this.expression(type.getElementTypeNode(), near, path)}>`;
    if (Node.isUnionTypeNode(type)) return this.#union(type.getTypeNodes(), type, near, path);
    if (Node.isLiteralTypeNode(type)) return this.#literal(type, near, path);
    if (Node.isTypeLiteral(type)) return this.#literalType(type, near, path);
    if (Node.isTypeReference(type)) return this.#reference(type, near, path);
    const scalar = scalars[type.getText()];
    return scalar ?? this.#unknown(`the definition language has no type for ${oneLine(type.getText())}`, path);
  }

  /** A member of an object, or a parameter: its type, whether it may be absent, what its comment says. */
  entry(member: PropertySignature, near: string, path: readonly string[]): Entry | string {
    const { text, tags } = docOf(member);
    const { rest, constraints } = constraintsOf(tags.get("remarks"));
    const value = defaultOf(tags.get("default"));
    const raw = rawSchema(member.getTypeNode());
    const type = raw === undefined ? { type: this.expression(member.getTypeNode(), near, path) } : { schema: raw };
    const description = [text, rest].filter((part) => part !== undefined && part !== "").join("\n\n");
    const entry: Entry = {
      ...type,
      ...(value === undefined ? (member.hasQuestionToken() ? { optional: true } : {}) : { default: value.value }),
      ...constraints,
      ...(description === "" ? {} : { description }),
      ...(tags.has("deprecated") ? { deprecated: tags.get("deprecated") || "deprecated" } : {}),
    };
    return Object.keys(entry).length === 1 && typeof entry["type"] === "string" ? entry["type"] : entry;
  }

  /** The members of an object type, base interfaces first. */
  members(type: Node): readonly PropertySignature[] {
    if (Node.isInterfaceDeclaration(type)) {
      const bases = type.getExtends().flatMap((each) => {
        const base = this.declaration(each.getExpression().getText());
        return base === undefined ? [] : this.members(base);
      });
      const own = type.getProperties();
      const names = new Set(own.map((each) => each.getName()));
      return [...bases.filter((each) => !names.has(each.getName())), ...own];
    }
    if (Node.isTypeLiteral(type)) return type.getProperties();
    if (Node.isTypeAliasDeclaration(type)) {
      const node = type.getTypeNode();
      return node === undefined ? [] : this.members(node);
    }
    return [];
  }

  /** The interface, alias or enum with a name. */
  declaration(name: string): InterfaceDeclaration | TypeAliasDeclaration | undefined {
    for (const file of this.#files) {
      const found = file.getInterface(name) ?? file.getTypeAlias(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #unknown(text: string, path: readonly string[]): string {
    this.notes.push({ path: [...path], text: `any: ${text}` });
    return "any";
  }

  #union(parts: readonly TypeNode[], whole: TypeNode, near: string, path: readonly string[]): string {
    const rest = parts.filter((each) => !["null", "undefined", "void"].includes(each.getText()));
    const isNullable = rest.length < parts.length;
    const [only, second] = rest;
    if (only === undefined) return "none";
    const inner = second === undefined ? this.expression(only, near, path) : this.#severalOf(rest, whole, near, path);
    return isNullable && inner !== "any" && !inner.endsWith("?") ? `${inner}?` : inner;
  }

  #severalOf(parts: readonly TypeNode[], whole: TypeNode, near: string, path: readonly string[]): string {
    const texts = textsOf(parts);
    if (texts !== undefined) return this.#named(whole, near, () => ({ enum: texts }));
    if (parts.every((each) => each.getText() === "true" || each.getText() === "false")) return "boolean";
    const union = this.#unionEntry(parts);
    if (union !== undefined) return this.#named(whole, near, () => union);
    return this.#unknown(`the definition language has no type for ${oneLine(whole.getText())}`, path);
  }

  /** A discriminated union: objects with a common field of one text each, in them or added to them. */
  #unionEntry(parts: readonly TypeNode[]): Entry | undefined {
    const variants = parts.map((part) => this.#variants(part));
    const tags = variants[0]?.tags ?? new Map<string, string>();
    const tag = [...tags.keys()].find((name) => variants.every((each) => each?.tags.has(name) === true));
    if (tag === undefined) return undefined;
    const one_of: Record<string, string> = {};
    for (const variant of variants) {
      const value = variant?.tags.get(tag);
      if (variant === undefined || value === undefined) return undefined;
      one_of[value] = this.#object(variant.name, variant.node, tag);
    }
    return { one_of, ...(tag === "kind" ? {} : { tag }) };
  }

  /** `Card`, where Card has the field, or `Card & { kind: "card" }`. */
  #variants(part: TypeNode): { name: string; node: Node; tags: Map<string, string> } | undefined {
    const type = Node.isParenthesizedTypeNode(part) ? part.getTypeNode() : part;
    const nodes = Node.isIntersectionTypeNode(type) ? type.getTypeNodes() : [type];
    const reference = nodes.find((each) => Node.isTypeReference(each));
    const declared = reference === undefined ? undefined : this.declaration(reference.getText());
    if (reference === undefined || declared === undefined) return undefined;
    const tags = new Map<string, string>();
    for (const member of [...nodes.filter((each) => each !== reference), declared].flatMap((each) =>
      this.members(each),
    )) {
      const value = textsOf([member.getTypeNode()])?.[0];
      if (value !== undefined && !member.hasQuestionToken()) tags.set(nameOf(member), value);
    }
    return { name: reference.getText(), node: declared, tags };
  }

  #literal(type: TypeNode, near: string, path: readonly string[]): string {
    const texts = textsOf([type]);
    if (texts !== undefined) return this.#named(type, near, () => ({ enum: texts }));
    const text = type.getText();
    if (text === "null") return "none";
    if (text === "true" || text === "false") return "boolean";
    return this.#unknown(`the definition language has no type for ${text}`, path);
  }

  #literalType(type: Node, near: string, path: readonly string[]): string {
    if (!Node.isTypeLiteral(type)) return "any";
    const [index] = type.getIndexSignatures();
    if (index !== undefined) return `map<${this.expression(index.getReturnTypeNode(), near, path)}>`;
    return this.#object(near, type);
  }

  #reference(type: TypeNode, near: string, path: readonly string[]): string {
    if (!Node.isTypeReference(type)) return "any";
    const name = type.getTypeName().getText();
    const [first, second] = type.getTypeArguments();
    const declared = this.declaration(name.split(".").at(-1) ?? name);
    if (declared === undefined) {
      const known = scalars[name];
      if (known !== undefined) return known;
      if (["Array", "ReadonlyArray", "Set", "ReadonlySet"].includes(name)) {
        return `list<${this.expression(first, near, path)}>`;
      }
      if (name === "Record" && second !== undefined) return `map<${this.expression(second, near, path)}>`;
      if (["Map", "ReadonlyMap"].includes(name)) return `map<${this.expression(second, near, path)}>`;
      if (["Readonly", "Promise", "Awaited", "NonNullable"].includes(name)) return this.expression(first, near, path);
      const enumeration = this.#files.map((file) => file.getEnum(name)).find((each) => each !== undefined);
      const values = enumeration?.getMembers().map((each) => each.getValue());
      if (enumeration !== undefined && values?.every((each) => typeof each === "string") === true) {
        return this.#named(enumeration, name, () => ({ ...describe(docOf(enumeration).text), enum: values }));
      }
      return this.#unknown(`${oneLine(type.getText())} is not a type of the files that were read`, path);
    }
    if (first !== undefined || declared.getTypeParameters().length > 0) {
      return this.#unknown(`${oneLine(type.getText())} has type parameters`, path);
    }
    return Node.isInterfaceDeclaration(declared) ? this.#object(name, declared) : this.#alias(declared);
  }

  #object(name: string, node: Node, tag?: string): string {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    return this.#named(node, name, (typeName) => {
      const { text, tags } = Node.isJSDocable(node) ? docOf(node) : { text: "", tags: new Map<string, string>() };
      const remarks = tags.get("remarks") ?? "";
      const versioned = /versioned object ([\w.]+)\.(\w+) ([\d.]+)/.exec(remarks);
      const [, namespace, objectName, version] = versioned ?? [];
      const fields: Record<string, unknown> = {};
      for (const member of this.members(node).filter((each) => nameOf(each) !== tag)) {
        const field = nameOf(member);
        if (!namePatterns.field.pattern.test(field)) {
          this.notes.push({ path: ["types", typeName], text: `left out: no field can be called ${field}` });
          continue;
        }
        fields[field] = this.entry(member, `${typeName}${pascalCase(field)}`, ["types", typeName, "fields", field]);
      }
      return {
        ...describe(text),
        ...(tags.has("deprecated") ? { deprecated: tags.get("deprecated") || "deprecated" } : {}),
        ...(versioned === null ? {} : { object: { name: objectName, namespace, version } }),
        fields,
      };
    });
  }

  #alias(declared: TypeAliasDeclaration): string {
    const known = this.#names.get(declared);
    if (known !== undefined) return known;
    const node = declared.getTypeNode();
    const name = declared.getName();
    const { text, tags } = docOf(declared);
    const head = {
      ...describe(text),
      ...(tags.has("deprecated") ? { deprecated: tags.get("deprecated") || "deprecated" } : {}),
    };
    const values = valuesOf(node, this.#files);
    if (values !== undefined) return this.#named(declared, name, () => ({ ...head, enum: values }));
    if (Node.isTypeLiteral(node) && node.getIndexSignatures().length === 0) {
      const raw = rawObject(node);
      return raw === undefined
        ? this.#object(name, declared)
        : this.#named(declared, name, () => ({ ...head, schema: raw }));
    }
    if (Node.isTypeReference(node) && node.getText() === "Record<string, unknown>") {
      return this.#named(declared, name, () => ({ ...head, fields: {} }));
    }
    if (Node.isUnionTypeNode(node)) {
      const texts = textsOf(node.getTypeNodes());
      if (texts !== undefined) return this.#named(declared, name, () => ({ ...head, enum: texts }));
      const union = this.#named(declared, name, () => ({
        ...head,
        ...(this.#unionEntry(node.getTypeNodes()) ?? { type: "any" }),
      }));
      const entry = this.found[union];
      if (entry !== undefined && entry["type"] === "any")
        entry["type"] = this.expression(node, `${name}Value`, ["types", union]);
      return union;
    }
    const { constraints } = constraintsOf(tags.get("remarks"));
    return this.#named(declared, name, (typeName) => {
      const type = this.expression(node, `${name}Value`, ["types", typeName]);
      return { ...head, type, ...constraints };
    });
  }

  /** Registers a type before its parts are read, which may lead back to it. */
  #named(node: Node, wanted: string, entry: (name: string) => Entry): string {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    const plain = namePatterns.type.pattern.test(wanted) ? wanted : (repairName(wanted, "type") ?? "Type");
    let name = plain;
    for (let number = 2; Object.hasOwn(this.found, name); number += 1) name = `${plain}${number}`;
    this.#names.set(node, name);
    const place: Entry = {};
    this.found[name] = place;
    Object.assign(place, entry(name));
    return name;
  }
}

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  boolean: "boolean",
  number: "number",
  bigint: "bigint",
  unknown: "any",
  any: "any",
  object: "map<any>",
  null: "none",
  void: "none",
  undefined: "none",
  Date: "datetime",
  Uint8Array: "bytes",
  Buffer: "bytes",
};

/** The name of a member without quotes. */
export function nameOf(member: PropertySignature): string {
  const node = member.getNameNode();
  return Node.isStringLiteral(node) ? node.getLiteralText() : member.getName();
}

function describe(text: string): { description?: string } {
  return text === "" ? {} : { description: text };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** The texts of a union of texts. */
function textsOf(parts: readonly (TypeNode | undefined)[]): readonly string[] | undefined {
  const texts = parts.map((part) => {
    const literal = Node.isLiteralTypeNode(part) ? part.getLiteral() : undefined;
    return Node.isStringLiteral(literal) || Node.isNoSubstitutionTemplateLiteral(literal)
      ? literal.getLiteralText()
      : undefined;
  });
  return texts.length > 0 && texts.every((each) => each !== undefined) ? texts : undefined;
}

/** `(typeof StateValues)[number]`: the texts of the constant, with their comments. */
function valuesOf(node: TypeNode | undefined, files: readonly SourceFile[]): unknown {
  const name = /^\(?typeof (\w+)\)?\[number\]$/.exec(node?.getText() ?? "")?.[1];
  if (name === undefined) return undefined;
  const initializer = files
    .map((file) => file.getVariableDeclaration(name)?.getInitializer())
    .find((each) => each !== undefined);
  const array = Node.isAsExpression(initializer) ? initializer.getExpression() : initializer;
  if (!Node.isArrayLiteralExpression(array)) return undefined;
  const values = array.getElements().map((element) => ({
    value: Node.isStringLiteral(element) ? element.getLiteralText() : undefined,
    doc: element.getLeadingCommentRanges().at(-1)?.getText(),
  }));
  if (values.some(({ value }) => value === undefined)) return undefined;
  if (values.every(({ doc }) => doc === undefined)) return values.map(({ value }) => value);
  return Object.fromEntries(values.map(({ value, doc }) => [value, doc === undefined ? null : plainComment(doc)]));
}

function plainComment(text: string): string {
  return text
    .replace(/^\/\*\*?|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}

/** What the language says with a raw schema alone: unions of scalars, and of literals that are not all texts. */
function rawSchema(type: TypeNode | undefined): Entry | undefined {
  if (!Node.isUnionTypeNode(type)) return undefined;
  const names = type.getTypeNodes().map((each) => each.getText());
  const areScalars =
    names.every((name) => plainSchemas.has(name)) && names.filter((name) => name !== "null").length > 1;
  if (areScalars) return { type: names };
  const values = type.getTypeNodes().map((each) => literalValue(each));
  const isMixed = values.every((each) => each !== undefined) && values.some((each) => typeof each?.value === "number");
  return isMixed ? { enum: values.map((each) => each?.value) } : undefined;
}

/** An alias of an object with members that only a raw schema can say. */
function rawObject(node: Node): Entry | undefined {
  if (!Node.isTypeLiteral(node)) return undefined;
  const properties = node.getProperties();
  const isRaw = properties.some((each) => rawSchema(each.getTypeNode()) !== undefined);
  if (!isRaw) return undefined;
  const schemas = properties.map((each) => [nameOf(each), schemaOf(each.getTypeNode())] as const);
  return {
    type: "object",
    required: properties.filter((each) => !each.hasQuestionToken()).map((each) => nameOf(each)),
    properties: Object.fromEntries(schemas),
  };
}

/** JSON Schema of the few types that such members have. */
function schemaOf(type: TypeNode | undefined): Entry {
  const raw = rawSchema(type);
  if (raw !== undefined) return raw;
  if (Node.isParenthesizedTypeNode(type)) return schemaOf(type.getTypeNode());
  if (Node.isArrayTypeNode(type)) return { type: "array", items: schemaOf(type.getElementTypeNode()) };
  if (Node.isUnionTypeNode(type)) {
    const texts = type.getTypeNodes().map((each) => each.getText());
    if (texts.every((each) => plainSchemas.has(each))) return { type: texts };
    const values = textsOf(type.getTypeNodes());
    return values === undefined ? {} : { enum: values };
  }
  const text = type?.getText() ?? "";
  return plainSchemas.has(text) ? { type: text } : {};
}

const plainSchemas: ReadonlySet<string> = new Set(["string", "number", "boolean", "null"]);

function literalValue(type: TypeNode): { value: string | number | boolean | null } | undefined {
  if (!Node.isLiteralTypeNode(type)) return undefined;
  const literal = type.getLiteral();
  if (Node.isStringLiteral(literal)) return { value: literal.getLiteralText() };
  if (Node.isNumericLiteral(literal)) return { value: literal.getLiteralValue() };
  if (literal.getText() === "null") return { value: null };
  return literal.getText() === "true" || literal.getText() === "false"
    ? { value: literal.getText() === "true" }
    : undefined;
}

const words =
  /^(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|minItems|maxItems|minProperties|maxProperties|uniqueItems|pattern|format) (.+)$/;

/** The constraints that our own comments name, and what is left of the text. */
function constraintsOf(remarks: string | undefined): {
  readonly constraints: Entry;
  readonly rest: string | undefined;
} {
  if (remarks === undefined) return { constraints: {}, rest: undefined };
  const constraints: Entry = {};
  for (const part of remarks.split(/, (?=[a-z]+[A-Za-z]* )/)) {
    const [, word, value] = words.exec(part) ?? [];
    const read = value === undefined ? undefined : defaultOf(value);
    if (word === undefined || read === undefined) return { constraints: {}, rest: remarks };
    constraints[word] = read.value;
  }
  return { constraints, rest: undefined };
}

/** A value as comments write it: JSON, or a name without quotes is no value. */
function defaultOf(text: string | undefined): { readonly value: unknown } | undefined {
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
