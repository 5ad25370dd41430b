import type { Range } from "../compiler/source.js";

/** What became of one service: every pair of a client's version cap and a server's version, and what went wrong. */
export interface SkewReport {
  /** The service's name in the definition. */
  readonly service: string;
  /** The file that defines it. */
  readonly source: string;
  /** Every version of the definition, oldest first: the caps, and the servers. */
  readonly versions: readonly string[];
  /** How many methods the definition has. */
  readonly methods: number;
  /** By cap, in the order of `versions`. */
  readonly caps: readonly CapResult[];
  readonly findings: readonly Finding[];
  /** Whether every client worked with every server that is not older than its cap, or was refused as the definition says. */
  readonly holds: boolean;
}

/** What became of the requests of a client with one version cap. */
export interface CapResult {
  readonly cap: string;
  /** Methods which the client refuses whatever their arguments are. */
  readonly refusedMethods: readonly string[];
  /** Methods of which the client refuses some argument. */
  readonly refusedArguments: readonly string[];
  /** By server, in the order of `versions`. */
  readonly servers: readonly PairResult[];
}

/** What became of the requests of a client with one version cap at servers of one version. */
export interface PairResult {
  readonly server: string;
  /** The server is not older than the cap, so that everything which the client sends must work. */
  readonly isPromised: boolean;
  /** Methods that did everything right. */
  readonly works: readonly string[];
  readonly refused: readonly string[];
  readonly misunderstood: readonly string[];
}

/** Something that did not reach a manager as its caller meant it, and between which versions. */
export interface Finding {
  readonly kind: "refused-by-client" | "refused-by-server" | "misunderstood";
  /** The method's name today. */
  readonly method: string;
  /** The argument's name today; absent where it is about the method. */
  readonly argument?: string;
  /** The class of the error which the caller gets; absent where nobody hears of it. */
  readonly error?: string;
  /** Why, in plain words. */
  readonly message: string;
  /** The definition promises something else. */
  readonly breaksPromise: boolean;
  /** Caps and servers, each in the order of versions. What the client refuses reaches no server. */
  readonly pairs: readonly { readonly cap: string; readonly servers: readonly string[] }[];
  /** The place in the definition. */
  readonly range: Range;
}
