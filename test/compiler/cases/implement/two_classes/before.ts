import type { DeskManager } from "./generated/desk/index.js";
export class A implements DeskManager {}
export class B implements DeskManager {}
