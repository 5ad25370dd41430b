import type { Method, Service } from "../model.js";
import { camelCase } from "../names.js";

/** The names which generated code gives to the parts of a service. */
export interface Identifiers {
  /** `ComputeAPI` */
  readonly api: string;
  /** `ComputeManager` */
  readonly manager: string;
  /** `ComputeConverters` */
  readonly converters: string;
  /** `computeService` */
  readonly descriptor: string;
  /** `createComputeDispatcher` */
  readonly dispatcher: string;
}

export function identifiersOf(service: Service): Identifiers {
  const { typeName } = service;
  return {
    api: `${typeName}API`,
    manager: `${typeName}Manager`,
    converters: `${typeName}Converters`,
    descriptor: `${camelCase(service.name)}Service`,
    dispatcher: `create${typeName}Dispatcher`,
  };
}

export const argsName = (method: Method): string => `${method.typeName}Args`;
export const requestName = (method: Method): string => `${method.typeName}Request`;
export const fieldsName = (error: string): string => `${error}Fields`;
export const valuesName = (enumType: string): string => `${enumType}Values`;
