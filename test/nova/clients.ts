import type { Context, RPCClientOptions, ServiceDescriptor, Transport } from "@rpcgen/runtime";
import { BaseAPI, baseService } from "../../generated/nova/base/index.js";
import { ComputeAPI, type ComputeConverters, computeService } from "../../generated/nova/compute/index.js";
import {
  ComputeTaskAPI,
  type ComputeTaskConverters,
  computeTaskService,
} from "../../generated/nova/compute_task/index.js";
import { ConductorAPI, conductorService } from "../../generated/nova/conductor/index.js";
import { SchedulerAPI, type SchedulerConverters, schedulerService } from "../../generated/nova/scheduler/index.js";

/** A generated API whose methods are called by their names. */
export type AnyAPI = Readonly<Record<string, (context: Context, args: object, options?: object) => Promise<unknown>>>;

/** Every converter of nova's definitions. */
export type NovaConverters = ComputeConverters & ComputeTaskConverters & SchedulerConverters;

export interface Client {
  readonly service: ServiceDescriptor;
  make(transport: Transport, options: RPCClientOptions & { readonly converters: NovaConverters }): AnyAPI;
}

/** The generated client for each Python class. */
export const clients = {
  ComputeAPI: { service: computeService, make: (transport, options) => byName(new ComputeAPI(transport, options)) },
  ConductorAPI: {
    service: conductorService,
    make: (transport, options) => byName(new ConductorAPI(transport, options)),
  },
  ComputeTaskAPI: {
    service: computeTaskService,
    make: (transport, options) => byName(new ComputeTaskAPI(transport, options)),
  },
  SchedulerAPI: {
    service: schedulerService,
    make: (transport, options) => byName(new SchedulerAPI(transport, options)),
  },
  BaseAPI: { service: baseService, make: (transport, options) => byName(new BaseAPI(transport, options)) },
} as const satisfies Record<string, Client>;

/** The tests go through all methods, so they cannot name them; a name that is wrong fails as "not a function". */
function byName(api: object): AnyAPI {
  return api as AnyAPI;
}
