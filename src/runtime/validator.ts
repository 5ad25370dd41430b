/** A function that ajv printed: true when the value fits, otherwise `errors` says what is wrong. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** The part of ajv's error object that the runtime reads. */
export interface ValidatorError {
  /** A JSON pointer: `/instance/host`. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** The validators of a service's arguments, by the method's wire name. */
export type Validators = Readonly<Record<string, Validator>>;
