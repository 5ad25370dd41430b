/** The files that are made, with the folders of the templates that each holds. */
export const precompiledFiles: Readonly<Record<string, readonly string[]>>;

/** The text of one of them. */
export function precompiledTemplates(folders: readonly string[]): string;
