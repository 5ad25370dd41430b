import type { Field, Method, NamedType, Service } from "../model.js";
import { type Comment, comment } from "./comment.js";
import { type ConverterView, convertersOf } from "./converters.js";
import { argumentDoc, fieldDoc, requestDoc, typeDoc } from "./docs.js";
import { argsName, type Identifiers, requestName, valuesName } from "./identifiers.js";
import { hardline, type Layout, list, print } from "./layout.js";
import { memberName, stringLiteral } from "./literal.js";
import { type Argument, argsOf, requestOf, sameShape } from "./shape.js";
import { annotation, memberLayout, unionAnnotation } from "./typescript.js";

/** One declaration of types.ts. `partial` names the template that prints it. */
export type Declaration = { readonly doc: Comment; readonly name: string } & (
  | { readonly partial: "interface"; readonly members: readonly MemberView[] }
  | { readonly partial: "alias"; readonly text: string }
  | { readonly partial: "enum"; readonly valuesDoc: Comment; readonly valuesName: string; readonly values: string }
);

/** A line of an interface, or several, with its comment. */
export interface MemberView {
  readonly doc: Comment;
  readonly text: string;
}

/** The declarations of types.ts in their order: named types, arguments and requests of each method, converters. */
export function declarationsOf(service: Service, names: Identifiers): readonly Declaration[] {
  const converters = convertersOf(service);
  return [
    ...service.types.map((type) => namedType(type)),
    ...service.methods.flatMap((method) => methodTypes(service, method)),
    ...(converters.length === 0 ? [] : [convertersType(converters, names)]),
  ];
}

/** The fields of an object type or an error. */
export function fieldMembers(fields: readonly Field[]): readonly MemberView[] {
  return fields.map((field) => member(field.name, field.optional, field, comment(fieldDoc(field), 1, true)));
}

function namedType(type: NamedType): Declaration {
  const { name } = type;
  const doc = comment(typeDoc(type), 0);
  switch (type.kind) {
    case "object": {
      const members = fieldMembers(type.fields);
      // An interface without members would take anything, a text too.
      return members.length === 0
        ? { partial: "alias", name, doc, text: `export type ${name} = Record<string, unknown>;` }
        : { partial: "interface", name, doc, members };
    }
    case "enum":
      return {
        partial: "enum",
        name,
        doc,
        valuesDoc: comment({ text: `The values of {@link ${name}}.` }, 0),
        valuesName: valuesName(name),
        values: enumValues(type),
      };
    case "union": {
      const variants = type.variants.map(
        ({ value, type: variant }) => `(${variant} & { ${memberName(type.tag)}: ${stringLiteral(value)} })`,
      );
      // With one variant there is no `|`, and a formatter takes the parentheses away.
      const parts = variants.length === 1 ? variants.map((text) => text.slice(1, -1)) : variants;
      return alias(name, doc, unionAnnotation(parts));
    }
    case "alias":
      return alias(name, doc, annotation(type.type));
  }
}

function methodTypes(service: Service, method: Method): readonly Declaration[] {
  const args = argsOf(method);
  const request = requestOf(service, method);
  const argsType: Declaration = {
    partial: "interface",
    name: argsName(method),
    doc: comment({ text: `Arguments of \`${method.member}\`.` }, 0),
    members: args.map((each) => argumentMember(each, comment(argumentDoc(service, method, each.param), 1, true))),
  };
  const requestType: Declaration = {
    partial: "interface",
    name: requestName(method),
    doc: comment({ text: `\`${method.name}\` as its manager gets it${differenceText(args, request)}.` }, 0),
    members: request.map((each) => argumentMember(each, comment(requestDoc(each.param), 1, true))),
  };
  return [
    ...(args.length === 0 ? [] : [argsType]),
    ...(request.length === 0 || sameShape(args, request) ? [] : [requestType]),
  ];
}

/** How a request differs from the arguments, where one cause explains it. */
function differenceText(args: readonly Argument[], request: readonly Argument[]): string {
  const optional = new Map(args.map((each) => [each.name, each.optional]));
  const hasFilled = request.some(({ name, optional: absent }) => !absent && optional.get(name) === true);
  const hasAbsent = request.some(({ name, optional: absent }) => absent && optional.get(name) === false);
  const hasUnsent = args.some(({ param }) => !request.some((other) => other.param === param));
  const parts = [
    ...(hasUnsent ? ["without what is not sent"] : []),
    ...(hasFilled ? ["defaults filled in"] : []),
    ...(hasAbsent ? ["some absent from older clients"] : []),
  ];
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

function convertersType(converters: readonly ConverterView[], names: Identifiers): Declaration {
  const who = converters.every(({ onlyRoutes }) => onlyRoutes) ? "clients need" : "clients and dispatchers need";
  return {
    partial: "interface",
    name: names.converters,
    doc: comment({ text: `Functions of the program which the definition names; ${who} them.` }, 0),
    members: converters.map(({ name, value, wire }) => ({
      doc: comment({}, 1),
      text: `readonly ${memberName(name)}: Converter<${value}, ${wire}>;`,
    })),
  };
}

function argumentMember({ name, optional, param }: Argument, doc: Comment): MemberView {
  return member(name, optional, param, doc);
}

function member(name: string, optional: boolean, field: Field, doc: Comment): MemberView {
  return { doc, text: print([memberLayout(name, optional, field.type), ";"], 1) };
}

function alias(name: string, doc: Comment, type: Layout): Declaration {
  return { partial: "alias", name, doc, text: print([`export type ${name} =`, type, ";"]) };
}

/** A list of texts; each with its comment on a line of its own where one has a comment. */
function enumValues(type: NamedType & { readonly kind: "enum" }): string {
  const start = `export const ${valuesName(type.name)} = `;
  const hasDocs = type.values.some(({ description }) => description !== undefined);
  const values = type.values.map(({ value, description }): Layout => {
    const { line, lines } = comment({ text: description }, 1);
    const block = lines.flatMap((each): Layout[] => [each === "" ? " *" : ` * ${each}`, hardline]);
    const doc =
      line !== "" ? [`/** ${line} */`, hardline] : lines.length > 0 ? ["/**", hardline, ...block, " */", hardline] : [];
    return [...doc, stringLiteral(value)];
  });
  return print([start, list("[", values, "]", { broken: hasDocs }), " as const;"]);
}
