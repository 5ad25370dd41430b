import { newestVersion } from "../emit/shape.js";
import type { Service } from "../model.js";
import { wireSchemasOf } from "./wire-schemas.js";

/** JSON Schema, 2020-12: the types of a service, and arguments, result and errors of its methods, as they are on the wire. */
export function jsonSchemaOf(service: Service): Readonly<Record<string, unknown>> {
  const schemas = wireSchemasOf(service, { types: "#/$defs/", wrapsRefs: false });
  const methods = service.methods.flatMap((method) => {
    const result = schemas.result(method);
    return [
      [`${method.name}.args`, { description: `The arguments of ${method.name}.`, ...schemas.args(method) }] as const,
      ...(result === undefined ? [] : [[`${method.name}.result`, result] as const]),
    ];
  });
  const errors = service.errors.map(
    (error) =>
      [`${error.name}.fields`, { description: `The fields of ${error.wire}.`, ...schemas.fields(error) }] as const,
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:rpcgen:${service.name}:${newestVersion(service)}`,
    title: service.name,
    ...(service.description === undefined ? {} : { description: service.description.trim() }),
    // No type has a name with a dot, so that no method takes the place of one.
    $defs: { ...schemas.types, ...Object.fromEntries([...methods, ...errors]) },
  };
}
