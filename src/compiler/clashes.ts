import { builtInConverters } from "./converters.js";
import { type NameSpan, nameClashes, overlap, spanOf, type VersionScope } from "./intervals.js";
import type { ErrorType, Method, PeriodicTask, Service, Type } from "./model.js";
import { camelCase, takenMembers } from "./names.js";
import type { Reporter } from "./report.js";
import type { Range } from "./source.js";
import { typeText } from "./types.js";

/** Reports methods and periodic tasks whose generated names are equal, or are members of every manager or API. */
export function checkMembers(methods: readonly Method[], periodic: readonly PeriodicTask[], reporter: Reporter): void {
  const first = new Map<string, { name: string; range: Range }>();
  const all = [
    ...methods.map((method) => ({ ...method, what: `the method "${method.name}"` })),
    ...periodic.map((task) => ({ ...task, what: `the periodic task "${task.name}"` })),
  ];
  for (const { name, member, range, what } of all) {
    const reason = takenMembers.get(member);
    if (reason !== undefined) {
      const written = member === name ? `"${member}"` : `"${member}", which it becomes,`;
      reporter.report("reserved-member", range, { name, written, reason });
    }
    const earlier = first.get(member);
    if (earlier === undefined) first.set(member, { name: what, range });
    else {
      const related = [{ message: `${earlier.name} becomes it too`, range: earlier.range }];
      reporter.report("member-clash", { range, related }, { name: what, other: earlier.name, member });
    }
  }
}

/** Reports two methods that have one name on the wire at one version. */
export function checkMethodNames(methods: readonly Method[], versions: VersionScope, reporter: Reporter): void {
  if (!versions.complete || !methods.some((method) => method.was.length > 0)) return;
  const spans: NameSpan[] = [];
  for (const method of methods) {
    const whole = spanOf(method.interval, versions);
    let from = whole.from;
    for (const former of method.was) {
      const to = versions.indexOf(former.before) ?? whole.to;
      spans.push({ ...overlap({ from, to }, whole), name: former.name, owner: method.name, range: former.range });
      from = Math.max(from, to);
    }
    spans.push({
      ...overlap({ from, to: whole.to }, whole),
      name: method.name,
      owner: method.name,
      range: method.range,
    });
  }
  for (const { first, second, at } of nameClashes(spans)) {
    const related = [{ message: `"${first.owner}" has it here`, range: first.range }];
    const version = versions.entries[at]?.version ?? "";
    const params = { name: second.name, version, a: first.owner, b: second.owner, of: undefined };
    reporter.report("was-clash", { range: second.range, related }, params);
  }
}

/** Reports types and errors whose names the generated code of the service needs for something else. */
export function checkTypeNames(service: Service, reporter: Reporter): void {
  const generated = new Map<string, { what: string; range: Range }>();
  const { typeName } = service;
  const add = (name: string, what: string, range: Range): void => {
    if (!generated.has(name)) generated.set(name, { what, range });
  };
  add(`${typeName}API`, "the client of the service", service.range);
  add(`${typeName}Manager`, "the interface of the service's manager", service.range);
  add(`${typeName}Converters`, "the converters of the service", service.range);
  add(`create${typeName}Dispatcher`, "the function that makes the service's dispatcher", service.range);
  add(`${camelCase(service.name)}Service`, "the descriptor of the service", service.range);
  for (const method of service.methods) {
    add(`${method.typeName}Args`, `the arguments of "${method.name}"`, method.range);
    add(`${method.typeName}Request`, `the arguments of "${method.name}" as its manager gets them`, method.range);
  }
  for (const type of service.types) {
    if (type.kind === "enum") add(`${type.name}Values`, `the values of the enum "${type.name}"`, type.range);
  }
  for (const error of service.errors)
    add(`${error.name}Fields`, `the fields of the error "${error.name}"`, error.range);
  const declared = new Map<string, Range>();
  for (const { name, range } of [...service.types, ...service.errors]) {
    const clash = generated.get(name);
    if (clash !== undefined) {
      const related = [{ message: "generated for this", range: clash.range }];
      reporter.report("generated-clash", { range, related }, { name, what: clash.what });
    }
    const earlier = declared.get(name);
    if (earlier === undefined) declared.set(name, range);
    else {
      const related = [{ message: "first declared here", range: earlier }];
      reporter.report("name-clash", { range, related }, { name, section: "types and errors" });
    }
  }
}

/** Reports errors that a client could not tell from each other. */
export function checkErrorWires(errors: readonly ErrorType[], reporter: Reporter): void {
  const first = new Map<string, ErrorType>();
  for (const error of errors) {
    const earlier = first.get(error.wire);
    if (earlier === undefined) first.set(error.wire, error);
    else {
      const related = [{ message: `"${earlier.name}" has it too`, range: earlier.range }];
      reporter.report(
        "wire-clash",
        { range: error.range, related },
        { name: error.name, other: earlier.name, wire: error.wire },
      );
    }
  }
}

/** Reports user converters that are used between different types: each becomes one function of one type. */
export function checkConverters(methods: readonly Method[], reporter: Reporter): void {
  const first = new Map<string, { type: Type; where: string; range: Range }>();
  for (const method of methods) {
    for (const param of method.params) {
      const names = [param.convert?.name, ...param.was.map((former) => former.convert)];
      for (const name of names) {
        if (name === undefined || builtInConverters.has(name)) continue;
        const earlier = first.get(name);
        if (earlier === undefined) first.set(name, { type: param.type, where: method.name, range: param.range });
        else if (typeText(earlier.type) !== typeText(param.type)) {
          const related = [{ message: `used for ${typeText(earlier.type)} here`, range: earlier.range }];
          const params = { name, one: typeText(earlier.type), other: typeText(param.type) };
          reporter.report("converter-types", { range: param.range, related }, params);
        }
      }
    }
  }
}

/** Reports services of one name: they would be generated into one folder. */
export function checkServices(services: readonly Service[], reporter: Reporter): void {
  const first = new Map<string, Service>();
  for (const service of services) {
    const earlier = first.get(service.name);
    if (earlier === undefined) first.set(service.name, service);
    else {
      const related = [{ message: "first declared here", range: earlier.range }];
      reporter.report("name-clash", { range: service.range, related }, { name: service.name, section: "services" });
    }
  }
}
