import type { DeskManager } from "./generated/desk/index.js";
import { Base } from "./base.js";
export class Desk extends Base implements DeskManager {}
