import type { Service } from "../model.js";
import { memberName } from "./literal.js";
import { printValidators } from "./printed-validators.js";
import { rawValidators } from "./raw-validators.js";
import { schemasOf } from "./schema.js";

/** What the template of validators.ts prints. */
export interface ValidatorsCode {
  /** Functions that need nothing from elsewhere. */
  readonly code: string;
  /** Entries of the exported table: `get_console_output: validate10,`. */
  readonly methods: readonly string[];
}

/** Prints a validating function for the arguments of each method, and one for each type in them. */
export function validatorsOf(service: Service): ValidatorsCode {
  const { code, names } = printValidators(schemasOf(service), rawValidators);
  return { code, methods: [...names].map(([method, name]) => `${memberName(method)}: ${name},`) };
}
