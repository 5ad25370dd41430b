import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Method, Service } from "../compiler/model.js";
import { Clients } from "./clients.js";
import { descriptorFor } from "./descriptors.js";
import type { SkewReport } from "./result.js";
import { Results } from "./results.js";
import type { Args } from "./scenarios.js";
import { PastServer } from "./servers.js";
import { fittingValidators } from "./unfit-samples.js";
import { World } from "./world.js";

/** Tries every pair of a client's version cap and a server's version of one service. */
export async function runSkew(
  service: Service,
): Promise<{ readonly report: SkewReport; readonly diagnostics: readonly Diagnostic[] }> {
  const world = new World(service);
  const clients = new Clients(descriptorFor(world.today.service), world.converters, world.versions);
  const results = new Results(world);
  // Requests of several caps are often the same to the byte: each is sent once to each server.
  const requests: Request[] = [];
  for (const method of service.methods) {
    const found = new Map<string, Request>();
    for (const cap of world.versions) {
      for (const args of world.scenarios(method).at(cap)) {
        const sent = await clients.record(cap, method.name, args);
        results.sent(method, cap, args, sent);
        if (sent.kind === "refused") continue;
        const key = `${sent.text} ${world.argsNumber(args)}`;
        const known = found.get(key);
        if (known === undefined) found.set(key, { method, args, caps: [cap], topic: sent.topic });
        else known.caps.push(cap);
      }
    }
    requests.push(...found.values());
  }
  const topics = [...new Set(requests.map(({ topic }) => topic))];
  const { validators, diagnostics } = fittingValidators(world);
  for (const [version, past] of world.past) {
    const server = new PastServer(past, topics, validators.get(past) ?? {}, world.converters);
    await server.start();
    try {
      for (const request of requests) {
        const { method, args, caps } = request;
        const [first = version] = caps;
        const answer = await server.answerTo(() => clients.send(first, method.name, args, server.transport));
        for (const cap of caps) results.answered(request, cap, version, past, answer);
      }
    } finally {
      await server.stop();
    }
  }
  clients.close();
  return { report: results.report(), diagnostics };
}

/** A request that some caps have in common. */
interface Request {
  readonly method: Method;
  readonly args: Args;
  readonly caps: string[];
  readonly topic: string;
}
