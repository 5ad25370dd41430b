import type { DeskManager } from "./generated/desk/index.js";
export class Desk implements DeskManager {}
