import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseJSON, stringifyJSON } from "../../src/runtime/wire/json.js";

/** What a command to the Python program came back with. */
export interface PeerAnswer {
  readonly result?: unknown;
  /** Python's own text of the result: shows an int as an int and a float as a float. */
  readonly repr?: string;
  readonly error?: {
    readonly class: string;
    readonly module: string;
    /** The class and its bases, by name. */
    readonly bases: readonly string[];
    readonly message: string;
    /** Of a RemoteError. */
    readonly exc_type: string | null;
    readonly value: string | null;
    readonly kwargs: Readonly<Record<string, unknown>> | null;
  };
  readonly seconds: number;
}

export type PeerEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A Python program on the real oslo.messaging, or on the real nova, for as long as a test file runs. */
export class PythonPeer {
  readonly #process: ChildProcess;
  readonly #answers = new Map<number, (answer: PeerAnswer) => void>();
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  readonly events: PeerEvent[] = [];
  #stderr = "";
  #next = 0;

  private constructor(url: string, program: string) {
    const script = fileURLToPath(new URL(`../interop/${program}`, import.meta.url));
    // Debian's own Python: its oslo.messaging is not seen by another one that may come first in the path.
    this.#process = spawn("/usr/bin/python3", [script, url], { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr?.on("data", (chunk) => {
      this.#stderr += chunk;
    });
    if (this.#process.stdout === null) throw new Error("the Python peer has no output");
    createInterface({ input: this.#process.stdout }).on("line", (line) => this.#receive(parseJSON(line) as PeerEvent));
  }

  /** Starts a program of test/interop and waits until it takes commands. */
  static async start(url: string, program = "peer.py"): Promise<PythonPeer> {
    const peer = new PythonPeer(url.replace(/^amqp:/, "rabbit:"), program);
    const exited = once(peer.#process, "exit").then(() => {
      throw new Error(`the Python peer ended at its start:\n${peer.#stderr}`);
    });
    await Promise.race([peer.event(({ event }) => event === "ready"), exited]);
    exited.catch(() => {});
    return peer;
  }

  /** Runs a command: `serve`, `stop`, `send`. */
  run(op: string, options: Readonly<Record<string, unknown>>): Promise<PeerAnswer> {
    this.#next += 1;
    const id = this.#next;
    this.#process.stdin?.write(`${stringifyJSON({ id, op, ...options })}\n`);
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  /** The first event, past or coming, for which a condition holds. */
  event(condition: (event: PeerEvent) => boolean): Promise<PeerEvent> {
    const past = this.events.find(condition);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve) => {
      const listener = (event: PeerEvent): void => {
        if (!condition(event)) return;
        this.#listeners.delete(listener);
        resolve(event);
      };
      this.#listeners.add(listener);
    });
  }

  /** Ends the program. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }

  #receive(message: (PeerAnswer & { readonly id: number }) | PeerEvent): void {
    if ("event" in message) {
      this.events.push(message);
      for (const listener of [...this.#listeners]) listener(message);
      return;
    }
    this.#answers.get(message.id)?.(message);
    this.#answers.delete(message.id);
  }
}
