import type {
  Context,
  Dispatcher,
  DispatcherOptions,
  MethodDescriptor,
  RPCClientOptions,
  ServiceDescriptor,
  Transport,
} from "@rpcgen/runtime";
import { BaseAPI, baseService, createBaseDispatcher } from "../../generated/nova/base/index.js";
import {
  ComputeAPI,
  type ComputeConverters,
  computeService,
  createComputeDispatcher,
} from "../../generated/nova/compute/index.js";
import {
  ComputeTaskAPI,
  type ComputeTaskConverters,
  computeTaskService,
  createComputeTaskDispatcher,
} from "../../generated/nova/compute_task/index.js";
import { ConductorAPI, conductorService, createConductorDispatcher } from "../../generated/nova/conductor/index.js";
import {
  createSchedulerDispatcher,
  SchedulerAPI,
  type SchedulerConverters,
  schedulerService,
} from "../../generated/nova/scheduler/index.js";

/** A generated API whose methods are called by their names. */
export interface AnyAPI {
  readonly canSend: Readonly<Record<string, (args?: object) => boolean>>;
  call(member: string, args: object, options?: object): Promise<unknown>;
}

/** Every converter of nova's definitions. */
export type NovaConverters = ComputeConverters & ComputeTaskConverters & SchedulerConverters;

/** What both sides of each service are given. */
export interface Conversions {
  readonly converters: NovaConverters;
}

/** One of nova's APIs as it was generated. */
export interface Generated {
  readonly service: ServiceDescriptor;
  client(transport: Transport, options: RPCClientOptions & Conversions): AnyAPI;
  /** @param manager has a method for each of the service's */
  dispatcher(manager: object, options: DispatcherOptions & Conversions): Dispatcher;
}

/** What was generated for each of nova's Python classes. */
export const generated = {
  ComputeAPI: {
    service: computeService,
    client: (transport, options) => byName(new ComputeAPI(transport, options)),
    dispatcher: (manager, options) => createComputeDispatcher(manager as never, options),
  },
  ConductorAPI: {
    service: conductorService,
    client: (transport, options) => byName(new ConductorAPI(transport, options)),
    dispatcher: (manager, options) => createConductorDispatcher(manager as never, options),
  },
  ComputeTaskAPI: {
    service: computeTaskService,
    client: (transport, options) => byName(new ComputeTaskAPI(transport, options)),
    dispatcher: (manager, options) => createComputeTaskDispatcher(manager as never, options),
  },
  SchedulerAPI: {
    service: schedulerService,
    client: (transport, options) => byName(new SchedulerAPI(transport, options)),
    dispatcher: (manager, options) => createSchedulerDispatcher(manager as never, options),
  },
  BaseAPI: {
    service: baseService,
    client: (transport, options) => byName(new BaseAPI(transport, options)),
    dispatcher: (manager, options) => createBaseDispatcher(manager as never, options),
  },
} as const satisfies Record<string, Generated>;

/** The tests go through all methods, so that they cannot name them. */
function byName(api: { readonly canSend: object }): AnyAPI {
  // The keys are only known when the test runs; a name that is wrong fails as "not a function".
  const members = api as unknown as Readonly<Record<string, (context: Context, ...rest: object[]) => Promise<unknown>>>;
  return {
    canSend: api.canSend as AnyAPI["canSend"],
    call: async (member, args, options = {}) => members[member]?.({}, args, options),
  };
}

/** None of nova's methods has other paths at another version. */
export function serverPathsOf({ server = [] }: MethodDescriptor): readonly string[] {
  return server.filter((path) => typeof path === "string");
}
