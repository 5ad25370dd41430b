/** The exit codes of every command. */
export const exitCodes = { clean: 0, diagnostics: 1, misuse: 2, bug: 70 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command line asks for what cannot be: an unknown file, no inputs, an output folder that is a file. */
export class Misuse extends Error {
  /** The way out, as one sentence. */
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}
