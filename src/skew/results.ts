import type { Method, Param } from "../compiler/model.js";
import { compareVersions } from "../compiler/versions.js";
import type { Sent } from "./clients.js";
import { Findings } from "./findings.js";
import type { PastService } from "./past.js";
import { refusalsAt, seenAt } from "./promise.js";
import { remembered } from "./remembered.js";
import type { PairResult, SkewReport } from "./result.js";
import type { Args } from "./scenarios.js";
import type { Answer } from "./servers.js";
import type { World } from "./world.js";

/** Collects what became of each pair. */
export class Results {
  readonly #world: World;
  readonly #findings = new Findings();
  /** Methods by cap. */
  readonly #refusedMethods = new Map<string, Set<string>>();
  readonly #refusedArguments = new Map<string, Set<string>>();
  /** Methods by cap and server. */
  readonly #tried = new Map<string, Set<string>>();
  readonly #refused = new Map<string, Set<string>>();
  readonly #misunderstood = new Map<string, Set<string>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What a client made of a request. */
  sent(method: Method, cap: string, args: Args, sent: Sent): void {
    const said = refusalsAt(method, cap, args);
    if (sent.kind === "sent") {
      // The request then meets servers, and what they make of it is seen there.
      return;
    }
    const isSaid = sent.isRouting || said.some(({ error }) => error === sent.error.name);
    const [first] = said;
    const argument = isSaid && !sent.isRouting && first?.param !== undefined ? first.param : undefined;
    const isWhole = argument === undefined || isNeeded(argument, method);
    add(isWhole ? this.#refusedMethods : this.#refusedArguments, cap, method.name);
    for (const refusal of isSaid && !sent.isRouting ? said : [{ error: sent.error.name, param: undefined }]) {
      this.#findings.add(
        {
          kind: "refused-by-client",
          method: method.name,
          ...(refusal.param === undefined ? {} : { argument: refusal.param.name }),
          error: refusal.error,
          message: isSaid ? whyRefused(method, refusal.param, cap, sent) : textOf(sent.error),
          breaksPromise: !isSaid,
          range: refusal.param?.range ?? method.range,
        },
        cap,
        undefined,
      );
      // The method's own refusal says enough.
      if (refusal.param === undefined) return;
    }
  }

  /** What a server made of a request of a client with a cap. */
  answered({ method, args }: Tried, cap: string, version: string, past: PastService, answer: Answer): void {
    const pair = `${cap} ${version}`;
    const breaksPromise = compareVersions(version, cap) >= 0;
    const { name, range } = method;
    add(this.#tried, pair, name);
    if (answer.kind === "refused") {
      add(this.#refused, pair, name);
      const error = answer.error.name;
      // That an older server does not serve what is newer is its duty.
      if (!breaksPromise) return;
      const found = { kind: "refused-by-server" as const, method: name, error, breaksPromise, range };
      this.#findings.add({ ...found, message: textOf(answer.error) }, cap, version);
      return;
    }
    const found = { kind: "misunderstood" as const, method: name, breaksPromise };
    const meant = past.methods.find(({ today }) => today === method)?.method.name;
    if (meant !== answer.method) {
      add(this.#misunderstood, pair, name);
      this.#findings.add({ ...found, message: `the server runs ${answer.method}`, range }, cap, version);
      return;
    }
    for (const { param, name: argument, texts } of seenAt(method, cap, version, args, this.#world.valuesOf)) {
      const text = answer.args.get(argument);
      if (texts === undefined || texts.includes(text)) continue;
      add(this.#misunderstood, pair, name);
      const message = `the manager gets ${shown(text)} in place of ${shown(texts.at(-1))}`;
      this.#findings.add({ ...found, argument: param.name, message, range: param.range }, cap, version);
    }
  }

  report(): SkewReport {
    const { service, versions } = this.#world;
    const findings = this.#findings.all(versions);
    const caps = versions.map((cap) => ({
      cap,
      refusedMethods: [...(this.#refusedMethods.get(cap) ?? [])],
      refusedArguments: [...(this.#refusedArguments.get(cap) ?? [])].filter(
        (name) => this.#refusedMethods.get(cap)?.has(name) !== true,
      ),
      servers: versions.map((server) => this.#pair(cap, server)),
    }));
    return {
      service: service.name,
      source: service.source,
      versions,
      methods: service.methods.length,
      caps,
      findings,
      holds: findings.every(({ breaksPromise }) => !breaksPromise),
    };
  }

  #pair(cap: string, server: string): PairResult {
    const pair = `${cap} ${server}`;
    const refused = [...(this.#refused.get(pair) ?? [])];
    const misunderstood = [...(this.#misunderstood.get(pair) ?? [])];
    const wrong = new Set([...refused, ...misunderstood]);
    return {
      server,
      isPromised: compareVersions(server, cap) >= 0,
      works: [...(this.#tried.get(pair) ?? [])].filter((name) => !wrong.has(name)),
      refused,
      misunderstood,
    };
  }
}

/** The arguments with which a method was tried. */
interface Tried {
  readonly method: Method;
  readonly args: Args;
}

/** Whether every caller must give the argument, or gives it without knowing. */
function isNeeded({ optional, fill }: Param, _: Method): boolean {
  return !optional && fill === undefined;
}

function whyRefused(
  method: Method,
  param: Param | undefined,
  cap: string,
  sent: Extract<Sent, { kind: "refused" }>,
): string {
  if (sent.isRouting) return textOf(sent.error);
  const { since, until } = (param ?? method).interval;
  return compareVersions(cap, since) < 0 ? `needs ${since}` : `ended with ${until}`;
}

/** An error's text without the names of service, method and target, which are shown beside it. */
function textOf({ message, name }: Error): string {
  const text = message.replace(/^[a-z0-9_]+\.[a-z0-9_]+( on [^:]*)?: /, "");
  return name === "UnsupportedVersionError" ? text.replace(/\. Attempted method: .*/, "") : text;
}

function shown(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function add(sets: Map<string, Set<string>>, key: string, item: string): void {
  remembered(sets, key, () => new Set<string>()).add(item);
}
