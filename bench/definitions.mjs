// The definitions that the generator's benchmarks compile.

/** A service of realistic methods: two to four parameters, half of them of named types, with docs and constraints. */
export function definition(service, methods) {
  return `rpcapi: 1
service: ${service}
description: Runs instances on one host.
topic: ${service}
versions: { "5.0": First version., "5.13": Last version of 5.x., "6.0": Same without what was deprecated. }
errors:
  InstanceNotFound:
    wire: nova.exception.InstanceNotFound
    message: Instance {instance_id} could not be found.
    fields: { instance_id: uuid }
types:
  Instance:
    description: A virtual machine.
    fields:
      uuid: uuid
      host: { type: string?, description: Host that runs it; null until scheduled. }
      vm_state: VmState
      tags: list<string>
  Flavor:
    fields: { name: string, vcpus: { type: integer, minimum: 1 }, extra_specs: { type: map<string>, default: {} } }
  VmState: { enum: [building, active, paused, stopped, error] }
methods:
${Array.from({ length: methods }, (_, index) => method(index)).join("")}`;
}

function method(index) {
  const shapes = [
    `  start_instance_${index}:
    description: Starts an instance on its host.
    kind: cast
    server: instance.host
    params: { instance: Instance, clean: { type: boolean, default: true } }
`,
    `  get_console_output_${index}:
    description: Returns the last lines of the console.
    kind: call
    server: instance.host
    params:
      instance: Instance
      tail_length: { type: integer?, minimum: 0, default: null, description: How many lines. }
    returns: string
    errors: [InstanceNotFound]
    idempotent: true
`,
    `  resize_instance_${index}:
    description: Changes the size of an instance.
    kind: call
    server: [host, instance.host]
    params:
      instance: Instance
      host: { type: string?, local: true }
      flavor: Flavor
      reason: { type: string, maxLength: 255, since: "6.0", default: "", when_older: drop }
    returns: map<Flavor>
    errors: [InstanceNotFound]
`,
    `  sync_instances_${index}:
    description: Looks again at what runs.
    kind: fanout
    params: { uuids: list<uuid>, state: { type: VmState, since: "5.13", optional: true } }
`,
  ];
  return shapes[index % shapes.length];
}

/** The same for protobuf, as near as it comes: the same methods with the same fields, comments included. */
export function protobuf(service, methods) {
  const name = (text) => text[0].toUpperCase() + text.slice(1);
  return `// Runs instances on one host.
syntax = "proto3";
package ${service}.v1;

message InstanceNotFound { string instance_id = 1; }

// A virtual machine.
message Instance {
  string uuid = 1;
  // Host that runs it; null until scheduled.
  optional string host = 2;
  VmState vm_state = 3;
  repeated string tags = 4;
}

message Flavor {
  string name = 1;
  int32 vcpus = 2;
  map<string, string> extra_specs = 3;
}

enum VmState {
  VM_STATE_UNSPECIFIED = 0;
  VM_STATE_BUILDING = 1;
  VM_STATE_ACTIVE = 2;
  VM_STATE_PAUSED = 3;
  VM_STATE_STOPPED = 4;
  VM_STATE_ERROR = 5;
}

${Array.from({ length: methods }, (_, index) => messages(index)).join("\n")}
service ${name(service)} {
${Array.from({ length: methods }, (_, index) => remoteMethod(index)).join("")}}
`;
}

function messages(index) {
  const shapes = [
    `message StartInstance${index}Request {
  Instance instance = 1;
  bool clean = 2;
}
message StartInstance${index}Response {}
`,
    `message GetConsoleOutput${index}Request {
  Instance instance = 1;
  // How many lines.
  optional int32 tail_length = 2;
}
message GetConsoleOutput${index}Response { string result = 1; }
`,
    `message ResizeInstance${index}Request {
  Instance instance = 1;
  optional string host = 2;
  Flavor flavor = 3;
  string reason = 4;
}
message ResizeInstance${index}Response { map<string, Flavor> result = 1; }
`,
    `message SyncInstances${index}Request {
  repeated string uuids = 1;
  optional VmState state = 2;
}
message SyncInstances${index}Response {}
`,
  ];
  return shapes[index % shapes.length];
}

function remoteMethod(index) {
  const [name, comment] = [
    ["StartInstance", "Starts an instance on its host."],
    ["GetConsoleOutput", "Returns the last lines of the console."],
    ["ResizeInstance", "Changes the size of an instance."],
    ["SyncInstances", "Looks again at what runs."],
  ][index % 4];
  const method = `${name}${index}`;
  return `  // ${comment}\n  rpc ${method}(${method}Request) returns (${method}Response);\n`;
}
