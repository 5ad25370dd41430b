import { child, type Node, textOf } from "../../document.js";

/** Whether something has a description that is more than nothing. */
export function isDescribed(node: Node | undefined): boolean {
  return (textOf(child(node, "description")) ?? "").trim() !== "";
}
