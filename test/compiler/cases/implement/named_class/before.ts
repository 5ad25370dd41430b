import type { Order } from "./generated/desk/index.js";

export class First {}
export class Second {
  // To be filled.
  readonly orders: Order[] = [];
}
