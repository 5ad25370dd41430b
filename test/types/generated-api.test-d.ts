// Compiled, never run: `npm run types` fails where a line that must not compile does, or the reverse.
import { type CastOptions, createTransport, type Pinned, type RequestContext } from "@rpcgen/runtime";
import {
  ComputeAPI,
  type ComputeManager,
  type Instance,
  InstanceNotFound,
  VmStateValues,
} from "../../generated/compute/index.js";

const transport = createTransport("memory://types");
const compute = new ComputeAPI(transport, { versionCap: "zed", timeout: 1_000 });
const instance: Instance = { uuid: "u", host: null, vm_state: "active" };

// Arguments and results have the definition's types.
export const output: Promise<string> = compute.getConsoleOutput({}, { instance });
export const nothing: Promise<void> = compute.startInstance({}, { instance }, { server: "host1" });
// @ts-expect-error a required argument is missing
compute.startInstance({}, {});
// @ts-expect-error a field has the wrong type
compute.startInstance({}, { instance: { ...instance, uuid: 5 } });
// @ts-expect-error not one of the enum's values
compute.startInstance({}, { instance: { ...instance, vm_state: "asleep" } });
// @ts-expect-error an optional argument is left out, not undefined
compute.getConsoleOutput({}, { instance, tail_length: undefined });
// @ts-expect-error a cast has no call monitor
compute.startInstance({}, { instance }, { heartbeat: 5 });
// @ts-expect-error there is no such method
compute.pauseInstance({}, { instance });

// The caller chooses the kind, and the result follows.
export const waited: Promise<void> = compute.migrateInstance(
  {},
  { instance, target: "host2", wait: true },
  { heartbeat: 5 },
);
// @ts-expect-error a cast has no call monitor
compute.migrateInstance({}, { instance, target: "host2", wait: false }, { heartbeat: 5 });

// A pinned client has what its version has.
const old = ComputeAPI.pin("victoria", transport);
old.startInstance({}, { instance });
old.rebuildInstance({}, { instance, accel_uuids: [] });
// @ts-expect-error reimage_boot_volume came with 6.1
old.rebuildInstance({}, { instance, accel_uuids: [], reimage_boot_volume: true });
const older = ComputeAPI.pin("5.0", transport);
older.rebuildInstance({}, { instance });
// @ts-expect-error accel_uuids came with 5.12
older.rebuildInstance({}, { instance, accel_uuids: [] });
const withMore = { instance, accel_uuids: [] };
// @ts-expect-error and not through a variable either
older.rebuildInstance({}, withMore);
// @ts-expect-error there is no such version
ComputeAPI.pin("7.0", transport);
const newest = ComputeAPI.pin("6.5", transport);
newest.rebuildInstance({}, { instance, accel_uuids: [], reimage_boot_volume: true });
newest.migrateInstance({}, { instance, target: "host2", wait: true });

export const can: boolean = compute.canSend.rebuildInstance({ reimage_boot_volume: true });
// @ts-expect-error there is no such method
compute.canSend.pauseInstance();

export const states: readonly ["building", "active", "paused", "stopped", "error"] = VmStateValues;
export const id: string = new InstanceNotFound({ instance_id: "u" }).fields.instance_id;
// @ts-expect-error the error's field is missing
new InstanceNotFound({});

/** A manager gets defaults filled in, a signal and a deadline. */
export const part: Pick<ComputeManager, "getConsoleOutput" | "stopInstance"> = {
  getConsoleOutput: async (context: RequestContext, { tail_length }) => `${tail_length ?? 0} ${context.signal.aborted}`,
  stopInstance: async (context, { clean_shutdown }) => {
    const clean: boolean = clean_shutdown;
    const deadline: number | undefined = context.deadline;
    return void [clean, deadline];
  },
};
// @ts-expect-error a manager must have every method
export const incomplete: ComputeManager = part;

// Where the caller chooses the kind, a pinned client has both kinds without what its version lacks.
interface StopArgs {
  readonly wait?: boolean;
  readonly force?: boolean;
}
interface StopAPI {
  stop(context: object, args: StopArgs & { wait?: true }): Promise<string>;
  stop(context: object, args: StopArgs & { wait: false }, options?: CastOptions): Promise<void>;
}
interface StopService {
  readonly name: "stop";
  readonly topic: "stop";
  readonly versions: readonly ["1.0", "1.1"];
  readonly methods: {
    readonly stop: {
      readonly member: "stop";
      readonly kind: { readonly by: "wait"; readonly true: "call"; readonly false: "cast" };
      readonly params: { readonly wait: { readonly local: true }; readonly force: { readonly since: "1.1" } };
    };
  };
}
declare const stopper: Pinned<StopAPI, StopService, "1.0">;
export const called: Promise<string> = stopper.stop({}, {});
export const cast: Promise<void> = stopper.stop({}, { wait: false }, { server: "host1" });
// @ts-expect-error the version lacks the argument
stopper.stop({}, { force: true });
// @ts-expect-error the version lacks the argument
stopper.stop({}, { wait: false, force: true });
