/** A printed function: true when the value fits, otherwise `errors` says what is wrong, a thousand things at most. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** A mistake, as ajv describes one. */
export interface ValidatorError {
  /** A JSON pointer: `/instance/host`. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** The validators of a service's arguments, by the method's wire name. */
export type Validators = Readonly<Record<string, Validator>>;
