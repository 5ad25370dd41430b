import type { DeclarationScope } from "./fields.js";
import type { VersionScope } from "./intervals.js";
import type { ErrorType } from "./model.js";

/** What the parts of a service that have versions are read with. */
export interface ServiceScope extends DeclarationScope {
  readonly versions: VersionScope;
  /** The service's name, in which errors without a wire name live. */
  readonly service: string;
  readonly hasError: (name: string) => boolean;
  /** Only for use in `later`: before, the error may not have been read. */
  readonly errorType: (name: string) => ErrorType | undefined;
  readonly errorNames: () => Iterable<string>;
  /** `send_defaults:` of the service: what a caller leaves out is sent with its default. */
  readonly sendDefaults: boolean;
  readonly hasProfile: (name: string) => boolean;
  readonly profileNames: () => Iterable<string>;
}
