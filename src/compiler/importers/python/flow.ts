// One walk over a method, longer than other files: what a statement does depends on what those before it have done.
import type { SyntaxNode } from "@lezer/common";
import { compareVersions } from "../../versions.js";
import { entriesOf, parametersOf } from "./expressions.js";
import { below, children, type PythonTree } from "./tree.js";

export type Verb = "call" | "cast";

/** How something is sent: always in one way, or as a parameter of the method says. */
export type Way = Verb | { readonly by: string; readonly true: Verb; readonly false: Verb };

/** What has to be so for a statement to run. */
export type Condition =
  | { readonly kind: "version"; readonly version: string; readonly can: boolean }
  | { readonly kind: "flag"; readonly name: string; readonly isTrue: boolean }
  | { readonly kind: "other"; readonly text: string };

/** Something under its former name, below a version. */
export interface Former {
  readonly before: string;
  readonly name: string;
}

/** One place that sends. */
export interface Send {
  readonly way: Way;
  readonly name: string;
  readonly formerNames: readonly Former[];
  /** Expressions by the names of arguments. */
  readonly args: ReadonlyMap<string, string>;
  readonly conditions: readonly Condition[];
}

/** What is around a method and may matter to it. */
export interface Surroundings {
  /** Functions of the file and methods of the class. */
  readonly functions: ReadonlyMap<string, SyntaxNode>;
  /** Texts that constants of file and class hold. */
  readonly constants: ReadonlyMap<string, string>;
}

/** Follows what happens to versions, names, tables of arguments and senders, statement by statement. */
export class Flow {
  readonly sends: Send[] = [];
  readonly versions = new Set<string>();
  /** When arguments came: the version below which they are taken away. */
  readonly since = new Map<string, string>();
  readonly until = new Map<string, string>();
  readonly refused = new Set<string>();
  /** Arguments that are given under a condition. */
  readonly optional = new Set<string>();
  readonly formerArgs = new Map<string, Former[]>();
  readonly remarks = new Set<string>();
  /** Texts of what `prepare` is given, by name. */
  readonly options = new Map<string, Set<string>>();
  readonly #tree: PythonTree;
  readonly #around: Surroundings;
  readonly #parameters: ReadonlySet<string>;
  readonly #tables = new Map<string, Map<string, string>>();
  /** What variables hold that are versions, and other texts. */
  readonly #held = new Map<string, string>();
  readonly #texts = new Map<string, { text: string; former: Former[] }>();
  readonly #ways = new Map<string, Way>();
  #conditions: readonly Condition[] = [];

  constructor(method: SyntaxNode, tree: PythonTree, around: Surroundings) {
    this.#tree = tree;
    this.#around = around;
    this.#parameters = new Set(parametersOf(method, tree).map(({ name }) => name));
    const body = method.getChild("Body");
    if (body !== null) this.#body(body);
  }

  /** A version that an expression stands for: a text, a variable, or the text in `self._ver(ctxt, '5.0')`. */
  versionIn(text: string): string | undefined {
    const found = [...text.matchAll(/['"](\d+\.\d+)['"]|\b([A-Za-z_]\w*)\b/g)].flatMap(([, version, name = ""]) => {
      const held = version ?? this.#held.get(name) ?? this.#around.constants.get(name);
      return held !== undefined && isVersion(held) ? [held] : [];
    });
    return found.at(-1);
  }

  // --------------------------------------------------------------------------------------------------- statements

  #body(body: SyntaxNode): void {
    const outside = this.#conditions;
    for (const statement of children(body)) this.#statement(statement);
    this.#conditions = outside;
  }

  #statement(statement: SyntaxNode): void {
    switch (statement.name) {
      case "IfStatement":
        this.#if(statement);
        return;
      case "AssignStatement":
        this.#look(statement);
        this.#assign(statement);
        return;
      case "UpdateStatement":
        this.#look(statement);
        this.#merge(statement.firstChild, statement.lastChild);
        return;
      case "DeleteStatement":
        for (const each of children(statement)) this.#remove(this.#entryOf(each));
        return;
      case "ForStatement":
      case "WhileStatement":
      case "WithStatement":
      case "TryStatement":
        for (const each of children(statement)) if (each.name !== "Body") this.#look(each);
        for (const inner of statement.getChildren("Body")) this.#body(inner);
        return;
      default:
        this.#look(statement);
    }
  }

  #if(statement: SyntaxNode): void {
    const outside = this.#conditions;
    const parts = children(statement);
    const bodies = parts.filter(({ name }) => name === "Body");
    for (const [index, body] of bodies.entries()) {
      const before = parts[parts.indexOf(body) - 1];
      const asked = before === undefined || this.#tree.textOf(before) === "else" ? undefined : before;
      const condition = asked === undefined ? undefined : this.#conditionOf(asked);
      if (asked !== undefined && condition?.kind !== "version") this.#refusal(asked, body);
      const above = this.#conditions;
      if (condition !== undefined) this.#conditions = [...above, condition];
      this.#body(body);
      const raises = body.getChild("RaiseStatement") !== null;
      if (condition?.kind === "version" && !condition.can && raises) this.#onlySince(condition.version);
      // Other branches run where the condition does not hold; and so does what is behind, after one that left the method.
      this.#conditions = condition === undefined ? above : [...above, opposite(condition)];
      if (index < bodies.length - 1) continue;
      const returns = body.getChild("ReturnStatement") !== null;
      const leaves = condition?.kind === "version" ? returns || raises : condition?.kind === "flag" && returns;
      if (bodies.length > 1 || !leaves) this.#conditions = outside;
    }
  }

  #conditionOf(node: SyntaxNode): Condition {
    const text = this.#tree.textOf(node);
    const isNot = /^not\b/.test(text);
    const asked = [node, ...below(node, "CallExpression")].find(
      (each) => each.name === "CallExpression" && this.#tree.calledName(each) === "can_send_version",
    );
    const argument = asked === undefined ? undefined : this.#tree.args(asked)[0]?.value;
    const version = argument === undefined ? undefined : this.versionIn(this.#tree.textOf(argument));
    if (asked !== undefined && version === undefined) this.remarks.add("asks for a version that could not be read");
    if (version !== undefined) {
      this.versions.add(version);
      return { kind: "version", version, can: !isNot };
    }
    const name = text.replace(/^not\s+/, "");
    if (this.#parameters.has(name)) return { kind: "flag", name, isTrue: !isNot };
    return { kind: "other", text: text.replace(/\s+/g, " ") };
  }

  /** `if args['x']: raise` below a version: the client refuses what it cannot say. */
  #refusal(asked: SyntaxNode, body: SyntaxNode): void {
    const version = this.#cannot();
    if (version === undefined || body.getChild("RaiseStatement") === null) return;
    for (const [, quoted, word] of this.#tree.textOf(asked).matchAll(/['"](\w+)['"]|\b([a-z_]\w*)\b/g)) {
      const name = quoted ?? word ?? "";
      if (![...this.#tables.values()].some((table) => table.has(name))) continue;
      this.refused.add(name);
      this.#came(name, version);
    }
  }

  #onlySince(version: string): void {
    for (const each of this.versions) if (compareVersions(each, version) < 0) this.versions.delete(each);
  }

  #assign(statement: SyntaxNode): void {
    const target = statement.firstChild;
    const value = statement.lastChild;
    if (target === null || value === null) return;
    const name = this.#tree.textOf(target);
    const entry = this.#entryOf(target);
    if (entry !== undefined) {
      this.#set(entry.table, entry.key, value);
      return;
    }
    const text = this.#tree.textOf(value);
    const isVersionText = isVersion(this.#tree.textValue(value) ?? "");
    const version = isVersionText || /ver/i.test(name) ? this.versionIn(text) : undefined;
    if (version !== undefined) {
      this.#held.set(name, version);
      this.versions.add(version);
      return;
    }
    const table = this.#table(value);
    if (table !== undefined) this.#tables.set(name, this.#replaced(name, table));
    const way = this.#wayOf(value);
    if (way !== undefined) this.#ways.set(name, this.#chosen(this.#ways.get(name), way));
    const literal = this.#tree.textValue(value);
    if (literal !== undefined) this.#name(name, literal);
  }

  /** A table that takes the place of another in one branch: what only one of them has is not always sent. */
  #replaced(name: string, table: Map<string, string>): Map<string, string> {
    const known = this.#tables.get(name);
    if (known === undefined || this.#conditions.length === 0) return table;
    const cannot = this.#cannot();
    const [lost, extra] = [
      [...known.keys()].filter((key) => !table.has(key)),
      [...table.keys()].filter((key) => !known.has(key)),
    ];
    for (const key of cannot === undefined ? [...lost, ...extra] : []) this.optional.add(key);
    if (cannot !== undefined) {
      for (const key of lost) this.#came(key, cannot);
      for (const key of extra) this.until.set(key, cannot);
    }
    return new Map([...table, ...known]);
  }

  /** A text that another version of a message may need another of. */
  #name(variable: string, text: string): void {
    const known = this.#texts.get(variable);
    const last = this.#conditions.at(-1);
    if (known === undefined || last?.kind !== "version") this.#texts.set(variable, { text, former: [] });
    else if (last.can) this.#texts.set(variable, { text, former: [{ before: last.version, name: known.text }] });
    else known.former.push({ before: last.version, name: text });
  }

  /** What is sent with after another assignment to the same variable. */
  #chosen(known: Way | undefined, way: Way): Way {
    const last = this.#conditions.at(-1);
    if (last?.kind !== "flag" || typeof way !== "string") return way;
    if (known === undefined) return way;
    const otherwise = typeof known === "string" ? known : last.isTrue ? known.false : known.true;
    if (otherwise === way) return way;
    return last.isTrue
      ? { by: last.name, true: way, false: otherwise }
      : { by: last.name, true: otherwise, false: way };
  }

  // ------------------------------------------------------------------------------------------------------ arguments

  #set(owner: string, key: string, value: SyntaxNode): void {
    const version = this.#cannot();
    const table = this.#tables.get(owner);
    const text = this.#tree.textOf(value);
    if (version !== undefined) {
      const popped =
        value.name === "CallExpression" && this.#tree.calledName(value) === "pop" ? this.#poppedKey(value) : undefined;
      const same = popped ?? [...(table ?? [])].find(([name, given]) => name !== key && given === text)?.[0];
      // What it was taken from is the same argument under its newer name.
      if (same !== undefined && !(table?.has(key) ?? false)) {
        this.formerArgs.set(same, [...(this.formerArgs.get(same) ?? []), { before: version, name: key }]);
        this.since.delete(same);
        return;
      }
      this.remarks.add(`below ${version} it sends ${key} = ${text.replace(/\s+/g, " ")}`);
      return;
    }
    if (table === undefined) return;
    const can = this.#can();
    if (can !== undefined && !table.has(key)) this.#came(key, can);
    if (this.#conditions.some(({ kind }) => kind !== "version") && !table.has(key)) this.optional.add(key);
    table.set(key, text);
  }

  #remove(entry: { readonly table: string; readonly key: string } | undefined): void {
    if (entry === undefined) return;
    const { table, key } = entry;
    const [cannot, can] = [this.#cannot(), this.#can()];
    if (cannot !== undefined) {
      const isRenamed = this.formerArgs.get(key)?.some(({ before }) => before === cannot) ?? false;
      if (!isRenamed) this.#came(key, cannot);
    } else if (can !== undefined) this.until.set(key, can);
    else if (this.#conditions.length > 0) this.optional.add(key);
    else this.#tables.get(table)?.delete(key);
  }

  /** `args.update(...)`, `args |= ...`: a table takes over the entries of others. */
  #merge(target: SyntaxNode | null, value: SyntaxNode | null): void {
    if (target === null || value === null) return;
    const table = this.#table(value);
    if (table === undefined) {
      if (this.#tables.has(this.#tree.textOf(target))) this.#unread(this.#tree.textOf(value));
      return;
    }
    this.#take(this.#tree.textOf(target), table);
  }

  #take(owner: string, given: ReadonlyMap<string, string>): void {
    const table = this.#tables.get(owner);
    if (table === undefined || this.#cannot() !== undefined) return;
    for (const [key, value] of given) {
      const can = this.#can();
      if (can !== undefined && !table.has(key)) this.#came(key, can);
      if (this.#conditions.some(({ kind }) => kind !== "version") && !table.has(key)) this.optional.add(key);
      table.set(key, value);
    }
  }

  /** `{'a': a}`, `dict(a=a)`, `{**other}`, `dict(other, a=a)`, `other.copy()`, `a | b`, or a variable that holds one. */
  #table(node: SyntaxNode): Map<string, string> | undefined {
    const text = this.#tree.textOf(node);
    if (node.name === "VariableName") {
      const known = this.#tables.get(text);
      return known && new Map(known);
    }
    if (node.name === "DictionaryExpression") {
      return this.#entries(entriesOf(node, this.#tree));
    }
    if (node.name === "BinaryExpression" && node.firstChild !== null && node.lastChild !== null) {
      const [a, b] = [this.#table(node.firstChild), this.#table(node.lastChild)];
      return a === undefined || b === undefined ? undefined : new Map([...a, ...b]);
    }
    if (node.name !== "CallExpression") return undefined;
    const called = this.#tree.calledName(node);
    const args = this.#tree.args(node);
    const callee = node.firstChild;
    if (["copy", "deepcopy"].includes(called)) {
      const original = args[0]?.value ?? (callee?.name === "MemberExpression" ? callee.firstChild : undefined);
      return original === undefined || original === null ? undefined : this.#table(original);
    }
    if (called !== "dict") return undefined;
    return this.#entries(args.map(({ name, value }) => [name ?? "**", value]));
  }

  #entries(entries: readonly (readonly [string, SyntaxNode])[]): Map<string, string> {
    const found = new Map<string, string>();
    for (const [key, value] of entries) {
      if (key !== "**") found.set(key, this.#tree.textOf(value));
      else {
        const inner = this.#table(value);
        if (inner === undefined) this.#unread(this.#tree.textOf(value));
        for (const [name, text] of inner ?? []) found.set(name, text);
      }
    }
    return found;
  }

  #unread(text: string): void {
    this.remarks.add(`arguments in ${text.replace(/\s+/g, " ")} could not be read`);
  }

  /** The table and key of `args['x']`. */
  #entryOf(node: SyntaxNode): { readonly table: string; readonly key: string } | undefined {
    const [, table, key] = /^(\w+)\[\s*['"](\w+)['"]\s*\]$/.exec(this.#tree.textOf(node)) ?? [];
    return table === undefined || key === undefined ? undefined : { table, key };
  }

  #poppedKey(call: SyntaxNode): string | undefined {
    return this.#tree.textValue(this.#tree.args(call)[0]?.value);
  }

  #came(name: string, version: string): void {
    const known = this.since.get(name);
    if (known === undefined || compareVersions(version, known) > 0) this.since.set(name, version);
  }

  /** The version that cannot be sent here. */
  #cannot(): string | undefined {
    const inner = this.#conditions.findLast((each) => each.kind === "version");
    return inner?.kind === "version" && !inner.can ? inner.version : undefined;
  }

  /** The version that can. */
  #can(): string | undefined {
    const inner = this.#conditions.findLast((each) => each.kind === "version");
    return inner?.kind === "version" && inner.can ? inner.version : undefined;
  }

  // --------------------------------------------------------------------------------------------------------- sending

  /** Looks at every call in a statement. */
  #look(statement: SyntaxNode): void {
    const calls = [...(statement.name === "CallExpression" ? [statement] : []), ...below(statement, "CallExpression")];
    for (const call of calls) {
      const name = this.#tree.calledName(call);
      if (/^prepare/.test(name)) this.#prepared(call, name);
      else if (name === "update" || name === "setdefault" || name === "pop") this.#changed(call, name);
      else this.#sent(call, name);
    }
  }

  #prepared(call: SyntaxNode, name: string): void {
    if (name !== "prepare") this.remarks.add(`sent through ${name}()`);
    for (const { name: key, value } of this.#tree.args(call)) {
      if (key !== undefined) this.#option(key, this.#tree.textOf(value));
    }
  }

  #option(key: string, text: string): void {
    this.options.set(key, (this.options.get(key) ?? new Set()).add(text.replace(/\s+/g, " ")));
    const version = key === "version" ? this.versionIn(text) : undefined;
    if (version !== undefined) this.versions.add(version);
  }

  #changed(call: SyntaxNode, name: string): void {
    const callee = call.firstChild;
    const owner =
      callee?.name === "MemberExpression" && callee.firstChild !== null ? this.#tree.textOf(callee.firstChild) : "";
    if (!this.#tables.has(owner)) return;
    const args = this.#tree.args(call);
    if (name === "pop") {
      const key = this.#poppedKey(call);
      const parent = call.parent?.name;
      if (key !== undefined && parent === "ExpressionStatement") this.#remove({ table: owner, key });
    } else if (name === "update") this.#take(owner, this.#entries(args.map((each) => [each.name ?? "**", each.value])));
    else {
      const key = this.#tree.textValue(args[0]?.value);
      if (key !== undefined && args[1] !== undefined) this.#set(owner, key, args[1].value);
    }
  }

  /** `cctxt.call(ctxt, 'name', ...)`, `send(ctxt, 'name', ...)`, or a helper of the class that does it. */
  #sent(call: SyntaxNode, called: string): void {
    const callee = call.firstChild;
    if (callee === null) return;
    const [, name, ...given] = this.#tree.args(call);
    const way = this.#wayOf(callee) ?? this.#ways.get(this.#tree.textOf(callee));
    if (way !== undefined && name !== undefined && name.name === undefined) {
      const message = this.#nameIn(name.value);
      if (message !== undefined) this.#add(way, message, given);
      return;
    }
    const helper = this.#tree.textOf(callee).startsWith("self.") ? this.#around.functions.get(called) : undefined;
    if (helper !== undefined) this.#helped(helper, call);
  }

  #add(
    way: Way,
    { text, former }: { readonly text: string; readonly former: readonly Former[] },
    given: readonly { readonly name: string | undefined; readonly value: SyntaxNode }[],
  ): void {
    const args = this.#entries(
      given.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value] as const])),
    );
    this.sends.push({ way, name: text, formerNames: [...former], args, conditions: this.#conditions });
  }

  /** The name of a message: a text, a variable or a constant. */
  #nameIn(node: SyntaxNode): { readonly text: string; readonly former: readonly Former[] } | undefined {
    const literal = this.#tree.textValue(node);
    if (literal !== undefined) return { text: literal, former: [] };
    const name = this.#tree.textOf(node);
    const constant = this.#around.constants.get(name.replace(/^(?:self|cls)\./, ""));
    return this.#texts.get(name) ?? (constant === undefined ? undefined : { text: constant, former: [] });
  }

  /** `cctxt.call`, `cctxt.cast if wait else cctxt.call`. */
  #wayOf(node: SyntaxNode): Way | undefined {
    if (node.name === "ParenthesizedExpression") {
      const inner = children(node)[1];
      return inner === undefined ? undefined : this.#wayOf(inner);
    }
    if (node.name === "MemberExpression") {
      const last = node.lastChild === null ? "" : this.#tree.textOf(node.lastChild);
      return last === "call" || last === "cast" ? last : undefined;
    }
    if (node.name !== "ConditionalExpression") return undefined;
    const [first, , asked, , last] = children(node);
    const yes = first === undefined ? undefined : this.#wayOf(first);
    const no = last === undefined ? undefined : this.#wayOf(last);
    if (typeof yes !== "string" || typeof no !== "string" || asked === undefined) return undefined;
    const condition = this.#conditionOf(asked);
    if (condition.kind === "flag") {
      return condition.isTrue
        ? { by: condition.name, true: yes, false: no }
        : { by: condition.name, true: no, false: yes };
    }
    this.remarks.add(`a ${yes} where ${this.#tree.textOf(asked)}, otherwise a ${no}`);
    return yes;
  }

  /** A helper that sends what it is told, or that prepares what is sent with. */
  #helped(helper: SyntaxNode, call: SyntaxNode): void {
    const body = helper.getChild("Body");
    if (body === null) return;
    const parameters = parametersOf(helper, this.#tree).filter(({ name }) => name !== "self");
    const args = this.#tree.args(call);
    const positional = args.filter(({ name }) => name === undefined);
    const given = new Map(
      parameters.map((each, at) => {
        const value = (args.find(({ name }) => name === each.name) ?? positional[at])?.value;
        return [each.name, value === undefined ? (each.default ?? "None") : this.#tree.textOf(value)];
      }),
    );
    for (const inner of below(body, "CallExpression")) {
      const name = this.#tree.calledName(inner);
      if (name === "prepare") {
        for (const { name: key, value } of this.#tree.args(inner)) {
          const text = this.#tree.textOf(value);
          if (key !== undefined) this.#option(key, given.get(text) ?? text);
        }
      } else if (name === "call" || name === "cast") {
        const [, message] = this.#tree.args(inner);
        const at = parameters.findIndex(
          (each) => message !== undefined && each.name === this.#tree.textOf(message.value),
        );
        const node = args.find(({ name: key }) => key === parameters[at]?.name) ?? positional[at];
        const known = node === undefined || at === -1 ? undefined : this.#nameIn(node.value);
        const own = new Set(parameters.map((each) => each.name));
        if (known !== undefined)
          this.#add(
            name,
            known,
            args.filter(({ name: key }) => key !== undefined && !own.has(key)),
          );
      }
    }
  }
}

function opposite(condition: Condition): Condition {
  switch (condition.kind) {
    case "version":
      return { ...condition, can: !condition.can };
    case "flag":
      return { ...condition, isTrue: !condition.isTrue };
    case "other":
      return { kind: "other", text: `not (${condition.text})` };
  }
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
}
