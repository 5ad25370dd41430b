import { type Shape, Level } from "./shapes/index.js";
import type { Elsewhere } from "some-package";

export interface Paged<T> { items: T[] }

/** An account. */
interface Base {
  /** Who it is. */
  readonly id: string;
}

interface Account extends Base {
  state: "open" | "closed";
  tags: ReadonlyArray<string>;
  balance?: bigint | null;
  limits: { [currency: string]: number };
  address: { street: string; "zip-code"?: string };
  opened: Date;
  parent?: Account;
}

/** Keeps accounts. */
export interface IAccountService extends Health {
  /** Opens an account. */
  openAccount(owner: string, level?: Level): Promise<Account>;
  closeAccount: (id: string, reason: string | null) => Promise<void>;
  draw(ctx: unknown, shape: Shape, ...rest: number[]): Promise<Shape[]>;
  list(query: { after?: string; size: 10 | 20 }): Promise<Paged<Account>>;
  odd(value: Elsewhere, callback: () => void, pair: [string, number]): Promise<Map<string, Account>>;
  "not a name"(): Promise<void>;
}

interface Health {
  ping(): Promise<boolean>;
}
