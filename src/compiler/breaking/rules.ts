import { baselineRules } from "./baseline-problems.js";
import type { Rule, RuleText, VersionRule } from "./finding.js";
import { argumentConstraintTightened } from "./rules/argument-constraint-tightened.js";
import { argumentEnumValueRemoved } from "./rules/argument-enum-value-removed.js";
import { argumentFieldRemoved } from "./rules/argument-field-removed.js";
import { argumentFieldRequired } from "./rules/argument-field-required.js";
import { argumentNameChanged } from "./rules/argument-name-changed.js";
import { argumentNullRefused } from "./rules/argument-null-refused.js";
import { argumentRequiredInTypes } from "./rules/argument-required-in-types.js";
import { argumentTypeChanged } from "./rules/argument-type-changed.js";
import { argumentVariantRemoved } from "./rules/argument-variant-removed.js";
import { bigintChanged } from "./rules/bigint-changed.js";
import { converterAdded } from "./rules/converter-added.js";
import { defaultChanged } from "./rules/default-changed.js";
import { deliveryWeakened } from "./rules/delivery-weakened.js";
import { errorAdded } from "./rules/error-added.js";
import { errorRemoved } from "./rules/error-removed.js";
import { errorWireChanged } from "./rules/error-wire-changed.js";
import { exchangeChanged } from "./rules/exchange-changed.js";
import { idempotentRemoved } from "./rules/idempotent-removed.js";
import { kindChanged } from "./rules/kind-changed.js";
import { labelChanged } from "./rules/label-changed.js";
import { majorDropped } from "./rules/major-dropped.js";
import { memberRenamed } from "./rules/member-renamed.js";
import { methodAdded } from "./rules/method-added.js";
import { methodRemoved } from "./rules/method-removed.js";
import { methodRenamed } from "./rules/method-renamed.js";
import { methodTopicChanged } from "./rules/method-topic-changed.js";
import { namespaceChanged } from "./rules/namespace-changed.js";
import { objectEnvelopeChanged } from "./rules/object-envelope-changed.js";
import { objectShapeChanged } from "./rules/object-shape-changed.js";
import { objectVersionUnchanged } from "./rules/object-version-unchanged.js";
import { optionalFieldRemoved } from "./rules/optional-field-removed.js";
import { parameterAdded } from "./rules/parameter-added.js";
import { parameterAddedRequired } from "./rules/parameter-added-required.js";
import { parameterRefusedWhenOlder } from "./rules/parameter-refused-when-older.js";
import { parameterRemoved } from "./rules/parameter-removed.js";
import { parameterRenamed } from "./rules/parameter-renamed.js";
import { parameterRequired } from "./rules/parameter-required.js";
import { profileRemoved } from "./rules/profile-removed.js";
import { releaseMoved } from "./rules/release-moved.js";
import { releaseRemoved } from "./rules/release-removed.js";
import { resultConstraintLoosened } from "./rules/result-constraint-loosened.js";
import { resultEnumValueAdded } from "./rules/result-enum-value-added.js";
import { resultFieldOptional } from "./rules/result-field-optional.js";
import { resultFieldRemoved } from "./rules/result-field-removed.js";
import { resultNullAdded } from "./rules/result-null-added.js";
import { resultTypeChanged } from "./rules/result-type-changed.js";
import { resultVariantAdded } from "./rules/result-variant-added.js";
import { sensitiveRemoved } from "./rules/sensitive-removed.js";
import { serverChanged } from "./rules/server-changed.js";
import { serviceRemoved } from "./rules/service-removed.js";
import { serviceRenamed } from "./rules/service-renamed.js";
import { sinceEarlier } from "./rules/since-earlier.js";
import { sinceLater } from "./rules/since-later.js";
import { topicChanged } from "./rules/topic-changed.js";
import { typeRemoved } from "./rules/type-removed.js";
import { unionTagChanged } from "./rules/union-tag-changed.js";
import { untilBeforeRelease } from "./rules/until-before-release.js";
import { untilEarlier } from "./rules/until-earlier.js";
import { untilInMinor } from "./rules/until-in-minor.js";
import { untilLater } from "./rules/until-later.js";
import { valueChanged } from "./rules/value-changed.js";
import { versionInserted } from "./rules/version-inserted.js";
import { versionLowered } from "./rules/version-lowered.js";
import { versionRemoved } from "./rules/version-removed.js";
import { versionTooLow } from "./rules/version-too-low.js";
import { versionUnchanged } from "./rules/version-unchanged.js";
import { whenOlderTightened } from "./rules/when-older-tightened.js";
import { wireNameChanged } from "./rules/wire-name-changed.js";

/** Every rule but those about the newest version, in the order of its category; a new rule is one file and one line here. */
export const comparisonRules: readonly Rule[] = [
  // WIRE
  serviceRemoved,
  topicChanged,
  exchangeChanged,
  namespaceChanged,
  versionLowered,
  methodRemoved,
  methodRenamed,
  wireNameChanged,
  methodTopicChanged,
  kindChanged,
  untilEarlier,
  parameterRemoved,
  parameterRenamed,
  parameterAddedRequired,
  parameterRequired,
  argumentTypeChanged,
  argumentNullRefused,
  argumentConstraintTightened,
  argumentEnumValueRemoved,
  argumentVariantRemoved,
  argumentFieldRequired,
  resultTypeChanged,
  resultFieldRemoved,
  unionTagChanged,
  objectEnvelopeChanged,
  errorWireChanged,
  // ROLLING
  methodAdded,
  parameterAdded,
  parameterRefusedWhenOlder,
  sinceLater,
  sinceEarlier,
  untilLater,
  untilInMinor,
  untilBeforeRelease,
  majorDropped,
  releaseMoved,
  serverChanged,
  labelChanged,
  defaultChanged,
  argumentFieldRemoved,
  resultNullAdded,
  resultConstraintLoosened,
  resultEnumValueAdded,
  resultVariantAdded,
  resultFieldOptional,
  errorAdded,
  valueChanged,
  whenOlderTightened,
  idempotentRemoved,
  deliveryWeakened,
  // SOURCE
  serviceRenamed,
  memberRenamed,
  argumentNameChanged,
  argumentRequiredInTypes,
  typeRemoved,
  errorRemoved,
  releaseRemoved,
  profileRemoved,
  bigintChanged,
  optionalFieldRemoved,
  converterAdded,
  // POLICY
  versionRemoved,
  versionInserted,
  sensitiveRemoved,
  objectShapeChanged,
  objectVersionUnchanged,
];

/** The rules about the newest version, which wait for the verdict. */
export const versionRules: readonly VersionRule[] = [versionUnchanged, versionTooLow];

/** All of them and what can be wrong with a baseline, as documents list them. */
export const allBreakingRules: readonly RuleText[] = [...comparisonRules, ...versionRules, ...baselineRules];
