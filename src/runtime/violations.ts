import type { Violation } from "./errors.js";
import type { ValidatorError } from "./validator.js";

/** At most this many are listed; a wrong list of a thousand items says enough with its first ones. */
const MOST = 20;

/** A validator's errors in plain words, without the values. */
export function violationsOf(errors: readonly ValidatorError[]): readonly Violation[] {
  const violations = errors.slice(0, MOST).map(violationOf);
  const left = errors.length - violations.length;
  return left === 0 ? violations : [...violations, { path: "", message: `and ${left} more` }];
}

function violationOf({ instancePath, keyword, params, message = "is not valid" }: ValidatorError): Violation {
  const path = instancePath.split("/").slice(1).map(unescapeToken);
  if (keyword === "required" && typeof params["missingProperty"] === "string") {
    return { path: [...path, params["missingProperty"]].join("."), message: "is required" };
  }
  if (keyword === "additionalProperties" && typeof params["additionalProperty"] === "string") {
    return { path: [...path, params["additionalProperty"]].join("."), message: "is not a parameter of the method" };
  }
  if (keyword === "enum" && Array.isArray(params["allowedValues"])) {
    return { path: path.join("."), message: `must be one of ${params["allowedValues"].join(", ")}` };
  }
  return { path: path.join("."), message };
}

/** JSON pointer: ~1 is a slash, ~0 a tilde. Source: RFC 6901. */
function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
