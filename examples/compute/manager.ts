import type { RequestContext } from "@rpcgen/runtime";
import {
  type ComputeManager,
  ConsoleNotAvailable,
  type GetConsoleOutputRequest,
  InstanceNotFound,
  type MigrateInstanceRequest,
  type RebuildInstanceRequest,
  type ResizeInstanceArgs,
  type StartInstanceArgs,
  type StopInstanceRequest,
  type SyncInstancesRequest,
} from "../../generated/compute/index.js";

/** A hypervisor that only remembers: what nova-compute's libvirt driver would do, without the virtual machines. */
export class MemoryHypervisor implements ComputeManager {
  readonly #consoles = new Map<string, string[]>();
  readonly #say: (line: string) => void;
  #host = "?";

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  initHost(host: string): void {
    this.#host = host;
  }

  postStart(): void {
    this.#log("listens, no instances yet");
  }

  cleanupHost(): void {
    this.#log(`stopped with ${this.#consoles.size} instances`);
  }

  async startInstance(context: RequestContext, { instance }: StartInstanceArgs): Promise<void> {
    this.#consoles.set(instance.uuid, ["Booting from disk", "login:"]);
    this.#log(`started ${instance.uuid} for ${context["request_id"]}`);
  }

  async stopInstance(_context: RequestContext, { instance, clean_shutdown }: StopInstanceRequest): Promise<void> {
    this.#console(instance.uuid).push("Power off");
    this.#log(`stopped ${instance.uuid}${clean_shutdown ? "" : " the hard way"}`);
  }

  async getConsoleOutput(
    _context: RequestContext,
    { instance, tail_length }: GetConsoleOutputRequest,
  ): Promise<string> {
    const lines = this.#console(instance.uuid);
    if (lines.length === 0) throw new ConsoleNotAvailable({});
    return lines.slice(-(tail_length ?? lines.length)).join("\n");
  }

  async rebuildInstance(_context: RequestContext, args: RebuildInstanceRequest): Promise<void> {
    this.#consoles.set(args.instance.uuid, ["Rebuilt"]);
    this.#log(`rebuilt ${args.instance.uuid}${args.reimage_boot_volume ? " with a new boot volume" : ""}`);
  }

  async resizeInstance(_context: RequestContext, { instance, flavor }: ResizeInstanceArgs): Promise<void> {
    this.#console(instance.uuid).push(`Resized to ${flavor.name}`);
  }

  async migrateInstance(_context: RequestContext, { instance, target }: MigrateInstanceRequest): Promise<void> {
    this.#console(instance.uuid);
    this.#consoles.delete(instance.uuid);
    this.#log(`sent ${instance.uuid} to ${target}`);
  }

  async syncInstances(_context: RequestContext, { reason }: SyncInstancesRequest): Promise<void> {
    this.#log(`looked at ${this.#consoles.size} instances again: ${reason}`);
  }

  async syncPowerStates(): Promise<void> {
    this.#log(`${this.#consoles.size} instances run as the database says`);
  }

  /** @throws {InstanceNotFound} */
  #console(uuid: string): string[] {
    const lines = this.#consoles.get(uuid);
    if (lines === undefined) throw new InstanceNotFound({ instance_id: uuid });
    return lines;
  }

  #log(text: string): void {
    this.#say(`[nova-compute ${this.#host}] ${text}`);
  }
}
