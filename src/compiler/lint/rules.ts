import type { Rule } from "./rule.js";
import { addedArgument } from "./rules/added-argument.js";
import { defaultWireName } from "./rules/default-wire-name.js";
import { deprecatedInUse } from "./rules/deprecated-in-use.js";
import { describeError } from "./rules/describe-error.js";
import { describeField } from "./rules/describe-field.js";
import { describeMethod } from "./rules/describe-method.js";
import { describeParameter } from "./rules/describe-parameter.js";
import { describeService } from "./rules/describe-service.js";
import { describeType } from "./rules/describe-type.js";
import { describeVersion } from "./rules/describe-version.js";
import { descriptionEnd } from "./rules/description-end.js";
import { duplicateDescription } from "./rules/duplicate-description.js";
import { emptyDescription } from "./rules/empty-description.js";
import { envelopeField } from "./rules/envelope-field.js";
import { fieldName } from "./rules/field-name.js";
import { incompleteExample } from "./rules/incomplete-example.js";
import { longCallWithoutHeartbeat } from "./rules/long-call-without-heartbeat.js";
import { methodName } from "./rules/method-name.js";
import { nextMajor } from "./rules/next-major.js";
import { parameterName } from "./rules/parameter-name.js";
import { pythonCaller } from "./rules/python-caller.js";
import { pythonErrorField } from "./rules/python-error-field.js";
import { pythonMethod } from "./rules/python-method.js";
import { readNotIdempotent } from "./rules/read-not-idempotent.js";
import { redundantOptional } from "./rules/redundant-optional.js";
import { redundantSince } from "./rules/redundant-since.js";
import { releaseOrder } from "./rules/release-order.js";
import { retryNotIdempotent } from "./rules/retry-not-idempotent.js";
import { safeInteger } from "./rules/safe-integer.js";
import { secretNotSensitive } from "./rules/secret-not-sensitive.js";
import { sensitiveValue } from "./rules/sensitive-value.js";
import { shortForm } from "./rules/short-form.js";
import { similarNames } from "./rules/similar-names.js";
import { timeoutOverProfile } from "./rules/timeout-over-profile.js";
import { typeName } from "./rules/type-name.js";
import { unsatisfiable } from "./rules/unsatisfiable.js";
import { untyped } from "./rules/untyped.js";
import { unusedError } from "./rules/unused-error.js";
import { unusedImport } from "./rules/unused-import.js";
import { unusedLocal } from "./rules/unused-local.js";
import { unusedTimeout } from "./rules/unused-timeout.js";
import { unusedType } from "./rules/unused-type.js";
import { versionGap } from "./rules/version-gap.js";

/** Every lint rule, by group, the gravest first. */
export const lintRules: readonly Rule[] = [
  secretNotSensitive,
  sensitiveValue,
  safeInteger,
  unsatisfiable,
  retryNotIdempotent,
  timeoutOverProfile,
  longCallWithoutHeartbeat,
  unusedLocal,
  pythonCaller,
  pythonMethod,
  pythonErrorField,
  envelopeField,
  addedArgument,
  versionGap,
  releaseOrder,
  redundantSince,
  methodName,
  parameterName,
  fieldName,
  typeName,
  similarNames,
  describeService,
  describeVersion,
  describeMethod,
  describeType,
  describeError,
  emptyDescription,
  incompleteExample,
  descriptionEnd,
  unusedType,
  unusedError,
  unusedTimeout,
  unusedImport,
  redundantOptional,
  shortForm,
  deprecatedInUse,
  describeParameter,
  describeField,
  duplicateDescription,
  untyped,
  readNotIdempotent,
  defaultWireName,
  nextMajor,
];
