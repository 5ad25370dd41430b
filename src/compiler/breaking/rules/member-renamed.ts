import type { Rule } from "../finding.js";
import { methodBreak } from "../rule-parts.js";

/** A method of the API and of the manager has another name. */
export const memberRenamed: Rule = {
  id: "member-renamed",
  category: "SOURCE",
  purpose: "A method of the API and of the manager has another name.",
  explanation: "On the wire both names work, each at its versions. Programs call the new one.",
  check: {
    method: (method, pair) =>
      method.previous.member === method.current.member
        ? []
        : [
            methodBreak(method, pair, {
              message: `${method.previous.member}() is called ${method.current.member}()`,
              needs: "none",
              note: `renames ${method.previous.name} to ${method.current.name}`,
            }),
          ],
  },
};
