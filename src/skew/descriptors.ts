import { DeclaredError, type DeclaredErrorDetails, type ServiceDescriptor } from "@rpcgen/runtime";
import { descriptorOf } from "../compiler/emit/descriptor.js";
import type { ErrorType, Service } from "../compiler/model.js";

/** The descriptor that `generate` prints, with error classes made here. */
export function descriptorFor(service: Service): ServiceDescriptor {
  const { errors = [], ...data } = descriptorOf(service);
  const classes = service.errors
    .filter(({ name }) => errors.includes(name))
    .map((error) => [error.name, classOf(error)]);
  // The printed literal is checked against the type wherever generated code is compiled; this is the same data.
  return {
    ...data,
    ...(classes.length === 0 ? {} : { errors: Object.fromEntries(classes) }),
  } as unknown as ServiceDescriptor;
}

function classOf({ name, wire, message }: ErrorType): unknown {
  const made = class extends DeclaredError {
    static readonly wireName = wire;
    constructor(fields: Readonly<Record<string, unknown>>, details: DeclaredErrorDetails = {}) {
      super(message, fields, details);
      this.name = name;
    }
  };
  return made;
}
