import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers for the services of OpenStack that nova asks over HTTP, as if they were there and empty. */
export interface OpenStack {
  readonly url: string;
  stop(): Promise<void>;
}

/** Placement tells its versions and has nothing; the network service has no ports. */
const answers: readonly (readonly [RegExp, object])[] = [
  [
    /^\/$/,
    {
      versions: [
        { id: "v1.0", min_version: "1.0", max_version: "1.39", status: "CURRENT", links: [{ rel: "self", href: "" }] },
      ],
    },
  ],
  [/^\/v2\.0\/ports\b/, { ports: [] }],
  [/^\/v2\.0\/networks\b/, { networks: [] }],
];

export async function startOpenStack(): Promise<OpenStack> {
  const server = createServer((request, response) => {
    const [, answer] = answers.find(([path]) => path.test(request.url ?? "")) ?? [];
    if (answer === undefined) response.statusCode = 404;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
