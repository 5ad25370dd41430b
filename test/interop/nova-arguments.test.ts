import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { MethodDescriptor } from "@rpcgen/runtime";
import { RecordingTransport } from "@rpcgen/runtime/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { argumentsFor, argumentsOf } from "../nova/arguments.js";
import { type AnyAPI, type Generated, generated, type NovaConverters } from "../nova/clients.js";

type APIName = keyof typeof generated;

/** By client class, by major version, by method. */
type Signatures = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Signature>>>>>>;

/** What a method of a real manager cannot do without, and what it takes. */
interface Signature {
  readonly required: readonly string[];
  readonly taken: readonly string[];
}

/** What Debian's nova serves at most. */
const newest: Readonly<Record<APIName, string>> = {
  ComputeAPI: "6.1",
  ComputeTaskAPI: "1.24",
  ConductorAPI: "3.0",
  SchedulerAPI: "4.5",
  BaseAPI: "1.1",
};

const convert = { encode: () => "converted", decode: () => "converted" } as never;
const converters: NovaConverters = {
  legacy_request_spec: convert,
  legacy_filter_properties: convert,
  networks_as_tuples: convert,
  block_devices_as_maps: convert,
};

describe("the arguments that a generated client of nova sends fit the managers of the real nova (zed)", () => {
  let signatures: Signatures;

  beforeAll(async () => {
    const script = fileURLToPath(new URL("nova_signatures.py", import.meta.url));
    const { stdout } = await promisify(execFile)("/usr/bin/python3", [script], { maxBuffer: 1 << 20 });
    // The program prints nothing else.
    signatures = JSON.parse(stdout) as Signatures;
  });

  const apis = Object.keys(generated) as readonly APIName[];

  test.each(apis)("%s sends nothing that they do not take", async (api) => {
    const found = await compare(api, argumentsFor, ({ taken }, sent) => without(sent, taken));
    expect(found).toEqual([]);
  });

  test.each(apis)("%s sends all that they require, however little it is given", async (api) => {
    const found = await compare(api, requiredOf, ({ required }, sent) => without(required, sent));
    expect(found).toEqual([]);
  });

  /** Sends every method at every cap, and collects in what the arguments differ from the manager's. */
  async function compare(
    api: APIName,
    argumentsFrom: (method: MethodDescriptor, sender: AnyAPI) => Readonly<Record<string, unknown>> | undefined,
    differ: (signature: Signature, sent: readonly string[]) => readonly string[],
  ): Promise<readonly string[]> {
    const { service, client }: Generated = generated[api];
    const found = new Set<string>();
    const caps = service.versions.slice(0, service.versions.indexOf(newest[api]) + 1);
    for (const versionCap of caps) {
      const transport = new RecordingTransport(() => null);
      const sender = client(transport, { versionCap, converters });
      for (const [name, method] of Object.entries<MethodDescriptor>(service.methods)) {
        const args = argumentsFrom(method, sender);
        if (args === undefined || sender.canSend[method.member]?.(args) !== true) continue;
        transport.clear();
        await sender.call(method.member, args);
        const [request] = transport.requests;
        const [major = ""] = request?.version?.split(".") ?? [];
        const signature = signatures[api]?.[major]?.[name];
        if (request === undefined || signature === undefined) throw new Error(`nova has no ${name} at ${versionCap}`);
        for (const each of differ(signature, Object.keys(request.args))) found.add(`${major}.x ${name} ${each}`);
      }
    }
    return [...found];
  }
});

/** What a program must give, and what it says of the server. */
function requiredOf(method: MethodDescriptor): Readonly<Record<string, unknown>> {
  const given = Object.entries(argumentsOf(method)).filter(([name]) => {
    const { optional, local } = method.params?.[name] ?? {};
    return optional !== true || local === true;
  });
  return Object.fromEntries(given);
}

function without(these: readonly string[], others: readonly string[]): readonly string[] {
  return these.filter((each) => !others.includes(each));
}
