/**
 * Text which breaks its lines by width, as formatters do it: a group is printed on one line where it fits, and
 * otherwise all its own lines break. Source: Philip Wadler, "A prettier printer".
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: "group"; readonly content: Layout; readonly broken: boolean }
  | { readonly kind: "indent"; readonly content: Layout }
  /** A line break in a broken group, `flat` in one that fits. */
  | { readonly kind: "line"; readonly flat: string }
  /** A line break wherever it stands; only for broken groups. */
  | { readonly kind: "hardline" }
  /** A space, or a line break where the next `ahead` columns do not fit any more. */
  | { readonly kind: "fill"; readonly ahead: number }
  /** `broken` in a broken group, `flat` in one that fits. */
  | { readonly kind: "choice"; readonly broken: string; readonly flat: string };

/** A space, or a line break. */
export const line: Layout = { kind: "line", flat: " " };
/** Nothing, or a line break. */
export const softline: Layout = { kind: "line", flat: "" };
export const hardline: Layout = { kind: "hardline" };
/** The comma after a last element on a line of its own. */
export const trailingComma: Layout = { kind: "choice", broken: ",", flat: "" };

/** Printed on one line where it fits; `broken` never is. */
export function group(content: Layout, broken = false): Layout {
  return { kind: "group", content, broken: broken || hasBroken(content) };
}

export function indent(content: Layout): Layout {
  return { kind: "indent", content };
}

export function choice(broken: string, flat: string): Layout {
  return { kind: "choice", broken, flat };
}

/** The texts with commas between them, as many on a line as fit. */
export function filled(texts: readonly string[]): Layout {
  return texts.map((text, index): Layout => {
    const isLast = index === texts.length - 1;
    const part = isLast ? text : `${text},`;
    return index === 0 ? part : [{ kind: "fill", ahead: text.length + 2 }, part];
  });
}

/** The parts with a separator between each two. */
export function join(parts: readonly Layout[], separator: Layout): Layout {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

/** `open`, the comma separated parts, `close`: on one line, or each part on its own with a comma behind it. */
export function list(open: string, parts: readonly Layout[], close: string, options: ListOptions = {}): Layout {
  if (parts.length === 0) {
    return `${open}${close}`;
  }
  const edge = options.padded === true ? line : softline;
  return group([open, indent([edge, join(parts, [",", line])]), trailingComma, edge, close], options.broken);
}

export interface ListOptions {
  /** A space inside the brackets, as in `{ a }`. @default false */
  readonly padded?: boolean;
  /** Each part on a line of its own, even where all fit on one. @default false */
  readonly broken?: boolean;
}

/** The column after which a line is too long. */
export const lineWidth = 120;

/** Prints the layout as it stands at the given depth of indentation; the first line is not indented. */
export function print(layout: Layout, depth = 0, width = lineWidth): string {
  if (typeof layout === "string") {
    return layout;
  }
  const todo: Work[] = [{ depth, flat: false, layout }];
  let text = "";
  let column = depth * 2;
  for (let work = todo.pop(); work !== undefined; work = todo.pop()) {
    const { layout: at } = work;
    if (typeof at === "string") {
      text += at;
      column += at.length;
    } else if (isParts(at)) {
      pushAll(todo, at, work);
    } else if (at.kind === "group") {
      const inner: Work = { depth: work.depth, flat: work.flat && !at.broken, layout: at.content };
      const flat: Work = { ...inner, flat: true };
      todo.push(!at.broken && (inner.flat || fits(flat, todo, width - column)) ? flat : inner);
    } else if (at.kind === "indent") {
      todo.push({ depth: work.depth + 1, flat: work.flat, layout: at.content });
    } else if (at.kind === "choice") {
      todo.push({ ...work, layout: work.flat ? at.flat : at.broken });
    } else if (at.kind === "line" && work.flat) {
      text += at.flat;
      column += at.flat.length;
    } else if (at.kind === "fill" && (work.flat || column + at.ahead <= width)) {
      text += " ";
      column += 1;
    } else {
      column = work.depth * 2;
      text += `\n${" ".repeat(column)}`;
    }
  }
  return text;
}

interface Work {
  readonly depth: number;
  readonly flat: boolean;
  readonly layout: Layout;
}

/** Whether the work and what follows it up to the next possible line break has room in the rest of the line. */
function fits(first: Work, rest: readonly Work[], room: number): boolean {
  const todo: Work[] = [first];
  let after = rest.length;
  let left = room;
  while (left >= 0) {
    const work = todo.pop() ?? rest[--after];
    if (work === undefined) {
      return true;
    }
    const { layout: at } = work;
    if (typeof at === "string") {
      left -= at.length;
    } else if (isParts(at)) {
      pushAll(todo, at, work);
    } else if (at.kind === "hardline") {
      return true;
    } else if (at.kind === "line" || at.kind === "fill") {
      if (!work.flat) {
        return true;
      }
      left -= at.kind === "line" ? at.flat.length : 1;
    } else if (at.kind === "choice") {
      left -= (work.flat ? at.flat : at.broken).length;
    } else {
      todo.push({ depth: work.depth, flat: work.flat && !(at.kind === "group" && at.broken), layout: at.content });
    }
  }
  return false;
}

function pushAll(todo: Work[], parts: readonly Layout[], work: Work): void {
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const layout = parts[index];
    if (layout !== undefined) {
      todo.push({ depth: work.depth, flat: work.flat, layout });
    }
  }
}

/** What is around something broken is broken too. Stops at groups, which know it of themselves. */
function hasBroken(layout: Layout): boolean {
  if (typeof layout === "string") {
    return false;
  }
  if (isParts(layout)) {
    return layout.some(hasBroken);
  }
  return layout.kind === "group" ? layout.broken : layout.kind === "indent" && hasBroken(layout.content);
}

function isParts(layout: Exclude<Layout, string>): layout is readonly Layout[] {
  return Array.isArray(layout);
}
