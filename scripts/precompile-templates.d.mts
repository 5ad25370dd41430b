/** The text of src/compiler/generated/templates.ts. */
export function precompiledTemplates(): string;
