export * from "./round.js";
import type { Round } from "./round.js";
export interface Square { type: "square"; side: number }
/** What can be drawn. */
export type Shape = Square | Round;
/** How much is allowed. */
export enum Level { Low = "low", High = "high" }
