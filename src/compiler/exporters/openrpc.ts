import { newestVersion } from "../emit/shape.js";
import type { Method, Service } from "../model.js";
import { ruleAt, serverPaths } from "../routes.js";
import { Examples } from "../samples/examples.js";
import { capOf, hasEnded, sampleRequest } from "../samples/request.js";
import { Sealer } from "../samples/sealed.js";
import { type WireSchemas, wireSchemasOf } from "./wire-schemas.js";

/** OpenRPC 1.3. What AMQP adds is under `x-amqp`; a method without a result is a notification. */
export function openRpcOf(service: Service): Readonly<Record<string, unknown>> {
  const schemas = wireSchemasOf(service, { types: "#/components/schemas/", wrapsRefs: true });
  const newest = newestVersion(service);
  const methods = service.methods.filter(({ interval }) => !hasEnded(interval, newest));
  return {
    openrpc: "1.3.2",
    info: {
      title: service.name,
      version: newest,
      ...(service.description === undefined ? {} : { description: service.description.trim() }),
    },
    methods: methods.map((method) => methodOf(service, method, schemas)),
    components: { schemas: schemas.types, errors: errorsOf(service, schemas) },
  };
}

function methodOf(service: Service, method: Method, schemas: WireSchemas): object {
  const cap = capOf(service, method);
  const kind = ruleAt(method.kind, cap) ?? "call";
  const request = sampleRequest(service, method, new Examples(service), new Sealer(service));
  const answers = kind === "call" || (typeof kind === "object" && [kind.true, kind.false].includes("call"));
  return {
    name: method.name,
    ...(method.description === undefined ? {} : { description: method.description.trim() }),
    ...(method.deprecated === undefined ? {} : { deprecated: true }),
    paramStructure: "by-name",
    params: schemas.params(method).map(({ name, required, description, deprecated, schema }) => ({
      name,
      ...(description === undefined ? {} : { description: description.trim() }),
      required,
      ...(deprecated ? { deprecated } : {}),
      schema,
    })),
    ...(answers ? { result: { name: "result", schema: schemas.result(method) ?? { type: "null" } } } : {}),
    ...(method.errors.length === 0
      ? {}
      : { errors: method.errors.map((name) => ({ $ref: `#/components/errors/${name}` })) }),
    "x-amqp": {
      kind,
      exchange: service.exchange ?? "openstack",
      topic: request.topicRule,
      ...(method.server.length === 0 ? {} : { server: serverPaths(method) }),
      ...(service.namespace === undefined ? {} : { namespace: service.namespace }),
      version: request.version,
    },
    ...(method.interval.since === service.versions[0]?.version ? {} : { "x-since": method.interval.since }),
  };
}

/** JSON-RPC's errors have numbers, which oslo's do not: they count down from where applications may. */
function errorsOf(service: Service, schemas: WireSchemas): object {
  return Object.fromEntries(
    service.errors.map((error, index) => [
      error.name,
      { code: -31_000 - index, message: error.message, data: { class: error.wire, schema: schemas.fields(error) } },
    ]),
  );
}
