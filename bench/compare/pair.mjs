import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { reportOf } from "./messages.mjs";
import { childrenOf, cpuSeconds, forgetPeaks, peakMemory } from "./usage.mjs";

/** A contestant's client and its servers, each in a process of its own. */
export class Pair {
  #client;
  #servers;
  #broker;
  /** Casts and fanouts that the client has sent. */
  #sent = 0;

  /** Starts the servers, then the client; throws when one does not come up. */
  static async start(contestant, servers, { url, broker, profile }) {
    const pair = new Pair();
    pair.#broker = broker;
    pair.#servers = [];
    try {
      for (let index = 1; index <= servers; index++) {
        pair.#servers.push(new Peer(contestant, "server", url, `server${index}`, profile));
      }
      for (const server of pair.#servers) await server.next(30);
      pair.#client = new Peer(contestant, "client", url, "client", profile);
      await pair.#client.next(30);
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  /** Keeps `inFlight` operations open for some seconds and tells what came of it. */
  async run({ operation, bytes, inFlight }, seconds) {
    const clientPIDs = [this.#client.pid];
    const serverPIDs = this.#servers.flatMap(({ pid }) => [pid, ...childrenOf(pid)]);
    const before = [clientPIDs, serverPIDs, this.#broker].map(cpuSeconds);
    forgetPeaks([...clientPIDs, ...serverPIDs]);
    const start = performance.now();
    const result = await this.#client.ask(
      { run: operation, template: reportOf(bytes), inFlight, seconds },
      seconds + 60,
    );
    if (operation === "cast" || operation === "fanout") {
      // A note is done when it is confirmed, and taken by the server.
      this.#sent += result.count;
      await Promise.all(this.#servers.map((server) => server.ask({ taken: this.#sent }, 60)));
      result.seconds = (performance.now() - start) / 1000;
    }
    const [client, server, brokerUse] = [clientPIDs, serverPIDs, this.#broker].map(
      (pids, index) => cpuSeconds(pids) - before[index],
    );
    return {
      ...result,
      client,
      server,
      broker: brokerUse,
      clientRSS: peakMemory(clientPIDs),
      serverRSS: peakMemory(serverPIDs),
    };
  }

  async stop() {
    await this.#client?.stop();
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}

/** A process that answers each command, a line, with a line. */
class Peer {
  #process;
  #lines;
  #name;
  #errors = "";

  constructor(contestant, role, url, name, profile) {
    const { command, args } = contestant.program(role, url, name, profile);
    this.#name = `${contestant.name} ${role}`;
    this.#process = spawn(command, args, {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process.stderr.on("data", (chunk) => {
      this.#errors = `${this.#errors}${chunk}`.slice(-4_000);
    });
    this.#process.stdin.on("error", () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  get pid() {
    return this.#process.pid;
  }

  ask(command, seconds) {
    this.#process.stdin.write(`${JSON.stringify(command)}\n`);
    return this.next(seconds);
  }

  /** The next line; throws when the process ends first, or takes longer than so many seconds. */
  async next(seconds) {
    const timer = new AbortController();
    const late = delay(seconds * 1000, { late: true }, { signal: timer.signal }).catch(() => ({}));
    const answer = await Promise.race([this.#lines.next(), late]);
    timer.abort();
    if (answer.value !== undefined) return JSON.parse(answer.value);
    throw new Error(`${this.#name} ${answer.late ? "did not answer in time" : "has ended"}: ${this.#errors}`);
  }

  /** Ends its input, which ends it; where that does not help, kills it. */
  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 5_000);
    await exited;
    clearTimeout(timer);
  }
}
