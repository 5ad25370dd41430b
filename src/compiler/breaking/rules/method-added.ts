import { existsAt } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** A new method claims to be older than it is. */
export const methodAdded: Rule = {
  id: "method-added",
  category: "ROLLING",
  purpose: "A new method claims to be older than it is.",
  explanation:
    "A client whose cap is one of the old versions sends it to a server that does not have it, and gets NoSuchMethod after the message was sent; with since it would be refused before, and canSend would say so.",
  check: {
    service: (pair) =>
      pair.added.flatMap((method) => {
        const claims = pair.shared.filter((version) => existsAt(method, version));
        if (claims.length === 0) return [];
        return [
          {
            service: pair.current.name,
            subject: methodSubject(method),
            message: `the new method "${method.name}" claims to exist at ${versionsText(claims, pair.shared)}, whose servers do not have it`,
            help: `add since: "${pair.versions.minor}"`,
            at: { current: method.range },
            needs: "minor" as const,
            note: `adds ${method.name}`,
            since: { method: method.name },
          },
        ];
      }),
  },
};
