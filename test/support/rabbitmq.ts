import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ProgramFolder } from "./program-folder.js";

/** A RabbitMQ node of our own: loopback only, free ports, its own epmd, every file in one temporary folder. */
export interface RabbitMQ {
  /** `rabbit://guest:guest@127.0.0.1:PORT/` */
  readonly url: string;
  readonly port: number;
  /** The Erlang node's name, for a cluster. */
  readonly node: string;
  /** Where the nodes of a cluster find each other, and what they know each other by. */
  readonly club: Club;
  /** Runs rabbitmqctl for this node and returns what it prints. */
  ctl(...args: string[]): Promise<string>;
  /** Kills the broker (SIGKILL) and leaves its data; `start` brings it back. */
  kill(): Promise<void>;
  /** Starts a broker that was killed, on the same port with the same data. */
  start(): Promise<void>;
  /** Stops the broker as an operator would (SIGTERM), then starts it. */
  restart(): Promise<void>;
  /** Ends the broker and removes its files. Idempotent. */
  stop(): Promise<void>;
}

export interface RabbitMQOptions {
  /** Lines of rabbitmq.conf after ours. */
  readonly config?: readonly string[];
  /** Plugins of RabbitMQ's own that the node is to have. */
  readonly plugins?: readonly string[];
  /** The club of another node, so that the two can be a cluster; that node must outlive this one. */
  readonly club?: Club;
}

/** Nodes see each other when they ask the same epmd and have the same cookie. */
export interface Club {
  readonly epmdPort: number;
  readonly cookie: string;
}

/** Starts a node and waits until it takes AMQP connections. */
export async function startRabbitMQ(options: RabbitMQOptions = {}): Promise<RabbitMQ> {
  const programs = findPrograms();
  const programFolder = await ProgramFolder.make("rabbitmq");
  const folder = programFolder.path;
  const [port, distributionPort] = [await freePort(), await freePort()];
  const club = options.club ?? { epmdPort: await freePort(), cookie: folder.replaceAll(/[^a-zA-Z0-9]/g, "") };
  const { epmdPort } = club;
  const node = `rpcgen${port}@localhost`;
  await writeFiles(folder, club.cookie, options);
  const env = environment(folder, node, { port, distributionPort, epmdPort });

  const epmd =
    options.club === undefined
      ? programFolder.start("epmd", programs.epmd, ["-port", String(epmdPort), "-address", "127.0.0.1"], env)
      : undefined;
  let broker: ChildProcess | undefined;
  let stopped = false;

  async function start(): Promise<void> {
    broker = programFolder.start("broker", join(programs.folder, "rabbitmq-server"), [], env);
    await answers(port, broker, programFolder);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (broker !== undefined) await programFolder.end("broker", broker, signal);
    broker = undefined;
  }

  const rabbitmq: RabbitMQ = {
    url: `rabbit://guest:guest@127.0.0.1:${port}/`,
    port,
    node,
    club,
    async ctl(...args) {
      const command = join(programs.folder, "rabbitmqctl");
      const run = promisify(execFile)(command, ["--quiet", "--node", node, ...args], { env, maxBuffer: 64 << 20 });
      return (await run).stdout;
    },
    start,
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGTERM");
      await start();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await end("SIGKILL");
      if (epmd !== undefined) await programFolder.end("epmd", epmd, "SIGKILL");
      await programFolder.remove();
    },
  };
  try {
    await start();
  } catch (error) {
    await rabbitmq.stop();
    throw error;
  }
  return rabbitmq;
}

/**
 * Debian's /usr/sbin/rabbitmq-server changes the user and the folder; the script that it calls does neither and runs as
 * any user, so that one comes first.
 */
function findPrograms(): Programs {
  const programs = lookForPrograms();
  if (programs !== undefined) return programs;
  throw new Error(
    "these tests need RabbitMQ. Install it (Debian, as root: node scripts/setup-tests.mjs, or apt-get install rabbitmq-server), " +
      "or name a broker in RPCGEN_TEST_AMQP_URL",
  );
}

interface Programs {
  readonly folder: string;
  readonly epmd: string;
}

/** Whether {@link startRabbitMQ} can work on this machine. */
export function rabbitMQInstalled(): boolean {
  return lookForPrograms() !== undefined;
}

function lookForPrograms(): Programs | undefined {
  const path = (process.env["PATH"] ?? "").split(delimiter);
  const folders = ["/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin", ...path];
  const folder = folders.find((candidate) => executable(join(candidate, "rabbitmq-server")));
  const epmd = path.map((candidate) => join(candidate, "epmd")).find(executable);
  return folder === undefined || epmd === undefined ? undefined : { folder, epmd };
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port on loopback that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await once(server.close(), "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

async function writeFiles(
  folder: string,
  cookie: string,
  { config = [], plugins = [] }: RabbitMQOptions,
): Promise<void> {
  await Promise.all(["home", "data"].map((name) => mkdir(join(folder, name))));
  writeFileSync(join(folder, "home", ".erlang.cookie"), cookie, { mode: 0o400 });
  writeFileSync(join(folder, "env.conf"), "");
  writeFileSync(join(folder, "enabled_plugins"), `[${plugins.join(", ")}].\n`);
  const lines = ["log.console = false", "log.file.level = info", "disk_free_limit.absolute = 1MB", ...config, ""];
  writeFileSync(join(folder, "rabbitmq.conf"), lines.join("\n"));
}

interface Ports {
  readonly port: number;
  readonly distributionPort: number;
  readonly epmdPort: number;
}

function environment(folder: string, node: string, ports: Ports): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    HOME: join(folder, "home"),
    ERL_EPMD_PORT: String(ports.epmdPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(ports.port),
    RABBITMQ_DIST_PORT: String(ports.distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_PID_FILE: join(folder, "rabbitmq-own-pid"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "env.conf"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    // Two schedulers that do not spin: the tests need the processor more than the broker does.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 2:2 +sbwt none +sbwtdcpu none -kernel inet_dist_use_interface {127,0,0,1}",
    // Makes the script become the Erlang VM, so that the pid which we kill is the broker's.
    RUNNING_UNDER_SYSTEMD: "true",
  };
}

/** RabbitMQ opens its port last, but takes connections a little before it is done: it must also say AMQP. */
async function answers(port: number, broker: ChildProcess, folder: ProgramFolder): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (broker.exitCode !== null || broker.signalCode !== null) break;
    if (await saysAMQP(port)) return;
    await delay(25);
  }
  throw new Error(`RabbitMQ did not start. It printed:\n${folder.output("broker").slice(-4_000)}`);
}

function saysAMQP(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1", timeout: 2_000 });
    const done = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => socket.write("AMQP\0\0\x09\x01", "latin1"));
    socket.once("data", () => done(true));
    for (const event of ["error", "close", "timeout"]) socket.once(event, () => done(false));
  });
}
