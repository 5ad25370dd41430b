import { comment } from "../emit/comment.js";
import { methodDoc, periodicText } from "../emit/docs.js";
import { namesIn } from "../emit/typescript.js";
import { managerSignature } from "../emit/view-methods.js";
import type { Service } from "../model.js";

/** A method that the manager must have. */
export interface ManagerMember {
  readonly name: string;
  /** What the definition calls it: `reboot_instance`. */
  readonly wireName: string;
  /** The lines of its doc comment without the marks; empty where it has none. */
  readonly doc: readonly string[];
  /** The type of its arguments, where it gets any. */
  readonly args: string | undefined;
  readonly result: string;
  /** Names from the generated folder that the signature mentions. */
  readonly names: readonly string[];
}

/** Everything that the generated manager interface asks for, in its order. */
export function managerMembers(service: Service): readonly ManagerMember[] {
  return [
    ...service.methods.map((method): ManagerMember => {
      const { args, result } = managerSignature(service, method);
      const mentioned = result === "Promise<void>" ? [] : namesIn(method.returns.type);
      return {
        name: method.member,
        wireName: method.name,
        doc: docLines(methodDoc(service, method, "manager")),
        args,
        result,
        names: [...new Set([...(args === undefined ? [] : [args]), ...mentioned])],
      };
    }),
    ...service.periodic.map((task): ManagerMember => {
      const schedule = periodicText(task.spacing, task.runImmediately);
      const text = task.description === undefined ? schedule : `${task.description.trim()}\n\n${schedule}`;
      return {
        name: task.member,
        wireName: task.name,
        doc: docLines({ text }),
        args: undefined,
        result: "Promise<void>",
        names: [],
      };
    }),
  ];
}

/** Members of the runtime's ManagerHooks: they get no context, and the interface does not list them. */
export const hookNames: ReadonlySet<string> = new Set(["initHost", "preStart", "postStart", "cleanupHost", "reset"]);

function docLines(doc: Parameters<typeof comment>[0]): readonly string[] {
  const { line, lines } = comment(doc, 1);
  return line === "" ? lines : [line];
}
