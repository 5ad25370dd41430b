import type { ChosenKind, Method, MethodKind, PeriodicTask, Service } from "../model.js";
import { type Comment, comment, type Doc } from "./comment.js";
import { methodDoc, periodicText } from "./docs.js";
import { argsName, requestName } from "./identifiers.js";
import { group, indent, type Layout, line, list, print } from "./layout.js";
import { memberName, stringLiteral } from "./literal.js";
import { argsOf, chosenKind, requestOf, returnsNothing, sameShape } from "./shape.js";
import { typeText } from "./typescript.js";

/** A method of the API class. */
export interface ApiMethodView {
  readonly doc: Comment;
  /** Declarations before the one that has the body; each has its comment. */
  readonly overloads: readonly Overload[];
  readonly signature: string;
  readonly body: string;
  /** `x-…` keys of the definition, for templates of the user. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

interface Overload {
  readonly doc: Comment;
  readonly signature: string;
}

/** A method of the manager interface. */
export interface ManagerMethodView {
  readonly doc: Comment;
  readonly signature: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export function apiMethodView(service: Service, method: Method): ApiMethodView {
  const { extensions } = method;
  const doc = methodDoc(service, method, "caller");
  const args = argsTypeName(method);
  const passed = [stringLiteral(method.name), "context", args === undefined ? "undefined" : "args", "options"];
  const body = print([`return this.#rpc.${verbOf(method)}`, list("(", passed, ")"), ";"], 2);
  const chosen = chosenKind(method);
  if (chosen !== undefined && args !== undefined) {
    const all = signatureLayout(method, `args: ${args}`, "Promise<unknown>", "CallOptions");
    const overloads = [true, false].map((value) => overload(method, chosen, args, value, doc));
    return { doc: comment({}, 1), overloads, signature: print([all, " {"], 1), body, extensions };
  }
  const canBeEmpty = argsOf(method).every(({ optional }) => optional);
  const parameter = args === undefined ? undefined : `args: ${args}${canBeEmpty ? " = {}" : ""}`;
  const result = resultText(method, mayAnswer(method), kindsOf(method).size > 1);
  const signature = print([signatureLayout(method, parameter, result), " {"], 1);
  return { doc: comment(doc, 1), overloads: [], signature, body, extensions };
}

/** The declaration for one choice of the kind. */
function overload(method: Method, chosen: ChosenKind, args: string, value: boolean, doc: Doc): Overload {
  const kind = chosen[value ? "true" : "false"];
  const mark = chosen.default === value ? "?: " : ": ";
  const type = `${args} & { ${memberName(chosen.by)}${mark}${value} }`;
  const text = [doc.text?.trim(), `Sent as a ${kind}.`].filter((part) => part !== undefined).join("\n\n");
  const result = resultText(method, kind === "call", method.kind.length > 1);
  return {
    doc: comment({ ...doc, text }, 1),
    signature: print([signatureLayout(method, `args: ${type}`, result, optionsOf(kind)), ";"], 1),
  };
}

export function managerMethodView(service: Service, method: Method): ManagerMethodView {
  const { args, result } = managerSignature(service, method);
  const parts = [`context: RequestContext`, ...(args === undefined ? [] : [`args: ${args}`])];
  return {
    doc: comment(methodDoc(service, method, "manager"), 1),
    signature: print([method.member, list("(", parts, ")"), `: ${result};`], 1),
    extensions: method.extensions,
  };
}

/** The types of a manager's method: that of its arguments, where it gets any, and what it returns. */
export function managerSignature(
  service: Service,
  method: Method,
): { readonly args: string | undefined; readonly result: string } {
  const answers = mayAnswer(method) || chosenKind(method) !== undefined;
  return { args: requestTypeName(service, method), result: resultText(method, answers) };
}

/** An entry of the dispatcher's table. */
export function handlerText(service: Service, method: Method): string {
  const request = requestTypeName(service, method);
  const parts = request === undefined ? ["context"] : ["context", `args: ${request}`];
  const passed = request === undefined ? ["context"] : ["context", "args"];
  return print(arrowLayout(method.name, parts, [`manager.${method.member}`, list("(", passed, ")")]), 4);
}

/** An entry of the dispatcher's table of periodic tasks. */
export function periodicHandlerText({ name, member }: PeriodicTask): string {
  return print(arrowLayout(name, ["context"], `manager.${member}(context)`), 4);
}

export function periodicMethodView(task: PeriodicTask): ManagerMethodView {
  const schedule = periodicText(task.spacing, task.runImmediately);
  const text = task.description === undefined ? schedule : `${task.description.trim()}\n\n${schedule}`;
  return {
    doc: comment({ text }, 1),
    signature: `${task.member}(context: RequestContext): Promise<void>;`,
    extensions: {},
  };
}

/** The type of what the manager gets; undefined where it gets nothing. */
export function requestTypeName(service: Service, method: Method): string | undefined {
  const request = requestOf(service, method);
  if (request.length === 0) {
    return undefined;
  }
  return sameShape(argsOf(method), request) ? argsName(method) : requestName(method);
}

/** The type of what the caller gives; undefined where it gives nothing. */
export function argsTypeName(method: Method): string | undefined {
  return argsOf(method).length === 0 ? undefined : argsName(method);
}

/** The options type of each kind. */
export function optionsOf(kind: MethodKind): string {
  return kind === "call" ? "CallOptions" : "CastOptions";
}

/** The options types which the method's declarations mention. */
export function optionsIn(method: Method): readonly ("CallOptions" | "CastOptions")[] {
  const chosen = chosenKind(method);
  const kinds = chosen === undefined ? [mainKind(method)] : (["call", chosen.true, chosen.false] as const);
  return kinds.map((kind) => (kind === "call" ? "CallOptions" : "CastOptions"));
}

function signatureLayout(
  method: Method,
  args: string | undefined,
  result: string,
  options = optionsOf(mainKind(method)),
): Layout {
  const parts = [`context: Context`, ...(args === undefined ? [] : [args]), `options?: ${options}`];
  return [method.member, list("(", parts, ")"), `: ${result}`];
}

function arrowLayout(name: string, parts: readonly string[], body: Layout): Layout {
  const key = name === "__proto__" ? '["__proto__"]' : memberName(name);
  return [`${key}: `, list("(", parts, ")"), " =>", group(indent([line, body])), ","];
}

/** `void` where nothing comes back, else the result; perhaps nothing where the kind depends on the version. */
function resultText(method: Method, answers: boolean, isMixed = false): string {
  if (!answers || returnsNothing(method)) {
    return `Promise<void>`;
  }
  const result = typeText(method.returns.type);
  // What is unknown may be undefined anyway.
  return `Promise<${isMixed && result !== "unknown" ? `${result} | undefined` : result}>`;
}

function verbOf(method: Method): string {
  return kindsOf(method).size === 1 && chosenKind(method) === undefined ? mainKind(method) : "send";
}

/** The kind for which options and result are declared: a call where any version makes one. */
function mainKind(method: Method): MethodKind {
  const kinds = kindsOf(method);
  const [first = "call"] = kinds;
  return kinds.has("call") ? "call" : first;
}

function mayAnswer(method: Method): boolean {
  return kindsOf(method).has("call");
}

function kindsOf(method: Method): ReadonlySet<MethodKind> {
  return new Set(method.kind.flatMap(({ value }) => (typeof value === "object" ? [value.true, value.false] : [value])));
}
