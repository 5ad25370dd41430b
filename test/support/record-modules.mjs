// Loaded before a program with --import: writes a line for each import and require in our own code, and for each file of it,
// into the file that RPCGEN_TEST_MODULES names.
import { appendFileSync } from "node:fs";
import Module, { register } from "node:module";

const file = process.env.RPCGEN_TEST_MODULES ?? "";
const hooks = `
  import { appendFileSync } from "node:fs";
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    const line = [specifier, context.parentURL ?? "", resolved.url].join(" ");
    appendFileSync(${JSON.stringify(file)}, line + "\\n");
    return resolved;
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const load = Module._load;
Module._load = function (request, parent, ...rest) {
  const from = parent?.filename ?? "";
  if (!from.includes("node_modules")) appendFileSync(file, `${request} file://${from} -\n`);
  return load.call(this, request, parent, ...rest);
};
