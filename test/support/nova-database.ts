import { randomUUID } from "node:crypto";
import type { Transport } from "@rpcgen/runtime";
import { ConductorAPI, type VersionedObject } from "../../generated/nova/conductor/index.js";
import { novaHost } from "./nova.js";

/** A context as nova's API makes it: of an administrator, who sees everything. */
export function novaContext() {
  return {
    user_id: "user1",
    project_id: "project1",
    is_admin: true,
    read_deleted: "no",
    roles: ["admin"],
    request_id: `req-${randomUUID()}`,
  };
}

type NovaContext = ReturnType<typeof novaContext>;

/** A new object in its envelope; every field has changed. */
export function newObject(name: string, version: string, fields: Readonly<Record<string, unknown>>): VersionedObject {
  return {
    "nova_object.name": name,
    "nova_object.namespace": "nova",
    "nova_object.version": version,
    "nova_object.data": fields,
    "nova_object.changes": Object.keys(fields),
  };
}

/** The fields of an object that is in its envelope. */
export function fieldsOf(object: VersionedObject): Record<string, unknown> {
  // Nova's own envelope: its data is a map of fields.
  return object["nova_object.data"] as Record<string, unknown>;
}

export function uuidOf(instance: VersionedObject): string {
  return String(fieldsOf(instance)["uuid"]);
}

/** Nova's database by way of its conductor, as nova's services use it. */
export class NovaDatabase {
  readonly conductor: ConductorAPI;

  constructor(transport: Transport) {
    this.conductor = new ConductorAPI(transport);
  }

  /** Runs a class method of an object; the answer is in its envelope where it is an object. */
  async run(
    objname: string,
    version: string,
    objmethod: string,
    kwargs: Readonly<Record<string, unknown>>,
    context: NovaContext = novaContext(),
  ): Promise<VersionedObject> {
    const object_versions = { [objname]: version };
    const found = await this.conductor.objectClassActionVersions(context, {
      objname,
      objmethod,
      object_versions,
      args: [],
      kwargs,
    });
    // What a class method of these tests returns is an object.
    return found as VersionedObject;
  }

  /** An instance as nova has it. */
  loadInstance(uuid: string): Promise<VersionedObject> {
    const expected_attrs = ["flavor", "info_cache", "metadata", "system_metadata"];
    return this.run("Instance", "2.7", "get_by_uuid", { uuid, expected_attrs });
  }

  /** A new instance on the host, which nova's driver does not have yet. */
  async createInstance(fields: Readonly<Record<string, unknown>> = {}): Promise<VersionedObject> {
    const uuid = randomUUID();
    const instance = newObject("Instance", "2.7", {
      uuid,
      project_id: "project1",
      user_id: "user1",
      host: novaHost,
      node: novaHost,
      vm_state: "active",
      task_state: null,
      power_state: 0,
      memory_mb: 512,
      vcpus: 1,
      flavor: newObject("Flavor", "1.2", flavor),
      info_cache: newObject("InstanceInfoCache", "1.5", { network_info: "[]" }),
      system_metadata: {},
      ...fields,
    });
    await this.conductor.objectAction(novaContext(), { objinst: instance, objmethod: "create", args: [], kwargs: {} });
    return this.loadInstance(uuid);
  }

  /**
   * Does what nova's API does before it asks a host for something: writes down who asks, and that the instance is being
   * changed. The host looks for both.
   */
  async request(instance: VersionedObject, action_name: string, task_state: string | null): Promise<NovaRequest> {
    const context = novaContext();
    const action = { instance_uuid: uuidOf(instance), action_name };
    const started = await this.run("InstanceAction", "1.2", "action_start", action, context);
    const changed = {
      ...instance,
      "nova_object.data": { ...fieldsOf(instance), task_state },
      "nova_object.changes": ["task_state"],
    };
    await this.conductor.objectAction(context, { objinst: changed, objmethod: "save", args: [], kwargs: {} });
    return { context, action: started, instance: await this.loadInstance(uuidOf(instance)) };
  }
}

/** What goes to a host, and what the database has of it. */
interface NovaRequest {
  readonly context: NovaContext;
  readonly action: VersionedObject;
  readonly instance: VersionedObject;
}

const flavor = {
  id: 1,
  flavorid: "1",
  name: "m1.tiny",
  memory_mb: 512,
  vcpus: 1,
  root_gb: 1,
  ephemeral_gb: 0,
  swap: 0,
  rxtx_factor: 1,
  vcpu_weight: 0,
  disabled: false,
  is_public: true,
  extra_specs: {},
};
