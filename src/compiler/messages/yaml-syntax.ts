/** A YAML library's syntax error in plain words, with the way out where one is known. `text` is what is at the place. */
export function syntaxText(code: string, message: string, text: string): { message: string; help?: string } {
  const known = texts.find(([pattern]) => pattern.test(`${code} ${message}`));
  if (known === undefined) return { message: lower(message) };
  const [pattern, words, help] = known;
  const groups = pattern.exec(`${code} ${message}`) ?? [];
  const fill = (template: string): string =>
    template.replaceAll(/\$(\d|text)/g, (_match, name: string) =>
      name === "text" ? shorten(text) : (groups[Number(name)] ?? ""),
    );
  return help === undefined ? { message: fill(words) } : { message: fill(words), help: fill(help) };
}

/** By the library's code and text; `$text` is what is at the place, `$1` what the library names. */
const texts: readonly (readonly [RegExp, string, string?])[] = [
  [/^BAD_SCALAR_START/, 'an unquoted text cannot start with "$text"', "quote it"],
  [/^MISSING_CHAR Missing closing (.)quote/, "a text that starts with $1 never ends", "add the closing $1"],
  [
    /^\S+ Flow (?:map|sequence).* end with a ([\]}])/,
    'a map or list that was opened above is not closed: "$1" is missing, or its lines are not indented',
  ],
  [/^\S+ Implicit map keys need to be followed/, 'a ":" is missing behind this key', "write KEY: VALUE"],
  [/^\S+ Sequence item without/, 'an item of a list starts with "- "', 'put "- " before it, or indent it less'],
  [
    /^\S+ All (\w+) items must start/,
    "this line does not start at the column of the others",
    "lines of one map or list start at the same column",
  ],
  [/^\S+ Missing , between/, 'a "," is missing between two entries'],
  [/^\S+ Missing , or : between/, 'a "," or ":" is missing here'],
  [/^\S+ Missing space after :/, 'a space is missing behind ":"'],
  [/^\S+ Comments must be separated/, 'a space is missing before "#"', 'quote a text that has a "#" in it'],
  [/^\S+ Unexpected empty item/, "an entry is missing between two commas"],
  [
    /^\S+ Block scalar header includes extra/,
    'nothing may follow "|" or ">" on its line',
    "start the text on the next line",
  ],
  [/^BLOCK_IN_FLOW/, 'inside of "{" and "[" entries are separated by ",", and not by lines'],
  [
    /^BLOCK_AS_IMPLICIT_KEY Nested/,
    'a second ": " on one line',
    'quote a text that has ": " in it, and put a map on lines of its own or in { }',
  ],
  [
    /^(BLOCK_AS_IMPLICIT_KEY|MULTILINE_IMPLICIT_KEY)/,
    'a key and its ":" must be on one line',
    'is a ":" or a closing quote missing?',
  ],
  [/^KEY_OVER_1024_CHARS/, 'a key may have 1024 characters before its ":"', "is a quote or a bracket not closed?"],
  [
    /^BAD_DQ_ESCAPE .*sequence (.*)$/,
    "$1 is no escape that a double-quoted text may have",
    "write \\\\ for a backslash, or use single quotes",
  ],
  [
    /^BAD_DIRECTIVE/,
    'a line that starts with "%" is a directive, and this one is not known',
    "quote it where a text is meant",
  ],
  [/^UNEXPECTED_TOKEN/, '"$text" cannot stand here', "quote it where it is part of a text"],
];

function lower(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1).replace(/\.$/, "");
}

function shorten(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
