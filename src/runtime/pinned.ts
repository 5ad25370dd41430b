import type { ServiceDescriptor } from "./descriptor.js";

/** A version or release of a definition, as a pin may name it. */
export type PinName<Service extends ServiceDescriptor> =
  | Service["versions"][number]
  | (keyof Service["releases"] & string);

/**
 * A generated API as it is at one version: without the methods and arguments which that version lacks. What is gone by
 * then is missing too. Made by `ComputeAPI.pin("5.13", transport)`; to use what is missing is a compile error.
 */
export type Pinned<API, Service extends ServiceDescriptor, Pin extends PinName<Service>> = {
  [Member in keyof API as Member extends Absent<Service, VersionOf<Service, Pin>> ? never : Member]: PinnedMember<
    API[Member],
    AbsentParams<Service, Member, VersionOf<Service, Pin>>
  >;
};

/** Gives an API the type that its version cap has made true. Generated code calls it. */
export function pinned<API, Service extends ServiceDescriptor, Pin extends PinName<Service>>(
  api: API,
): Pinned<API, Service, Pin> {
  // The type only takes away what the version cap refuses at run time.
  return api as Pinned<API, Service, Pin>;
}

type VersionOf<Service extends ServiceDescriptor, Pin> = Pin extends keyof Service["releases"]
  ? Service["releases"][Pin]
  : Pin;

/** The versions that came after one. */
type After<Versions extends readonly unknown[], At> = Versions extends readonly [infer First, ...infer Rest]
  ? First extends At
    ? Rest[number]
    : After<Rest, At>
  : never;

/** A part that begins after the version, or has ended at it. */
type IsAbsent<Part, Service extends ServiceDescriptor, At> = Part extends { readonly since: infer Since }
  ? Since extends After<Service["versions"], At>
    ? true
    : HasEnded<Part, Service, At>
  : HasEnded<Part, Service, At>;

type HasEnded<Part, Service extends ServiceDescriptor, At> = Part extends { readonly until: infer Until }
  ? Until extends After<Service["versions"], At>
    ? false
    : true
  : false;

/** The members whose methods the version lacks. */
type Absent<Service extends ServiceDescriptor, At> = {
  [Name in keyof Service["methods"]]: IsAbsent<Service["methods"][Name], Service, At> extends true
    ? Service["methods"][Name]["member"]
    : never;
}[keyof Service["methods"]];

/** The arguments of one member which the version lacks, but for those that decide where the request goes all the same. */
type AbsentParams<Service extends ServiceDescriptor, Member, At> = {
  [Name in keyof Service["methods"]]: Service["methods"][Name]["member"] extends Member
    ? Service["methods"][Name] extends { readonly params: infer Params }
      ? {
          [Param in keyof Params]: IsAbsent<Params[Param], Service, At> extends true
            ? Params[Param] extends { readonly whenOlder: "drop" }
              ? Exclude<Param, ReadByPaths<Service["methods"][Name]>>
              : Param
            : never;
        }[keyof Params]
      : never
    : never;
}[keyof Service["methods"]];

/** The arguments into which a path of the method leads. */
type ReadByPaths<Method> =
  | (Method extends { readonly server: infer Rules } ? RootOf<ValuesOf<Rules>> : never)
  | (Method extends { readonly topic: infer Rules } ? RootsIn<ValuesOf<Rules>> : never)
  | (Method extends { readonly params: infer Params } ? SourcesOf<Params[keyof Params]> : never);

/** The texts of a rule, of a list, or of rules by version. */
type ValuesOf<Rules> = Rules extends readonly (infer Item)[]
  ? Item extends { readonly value: infer Value }
    ? ValuesOf<Value>
    : Item
  : Rules;

type SourcesOf<Param> = Param extends { readonly from: infer Path } ? RootOf<Path> : never;

/** `volume` of `volume.host | extract_host`. */
type RootOf<Path> = Path extends `${infer Root}|${string}`
  ? RootOf<Root>
  : Path extends `${infer Root}.${string}`
    ? Root
    : Path extends `${infer Root} `
      ? RootOf<Root>
      : Path;

type RootsIn<Template> = Template extends `${string}{${infer Path}}${infer Rest}`
  ? RootOf<Path> | RootsIn<Rest>
  : never;

/** The member with its arguments narrowed; one whose caller chooses the kind has two signatures. */
type PinnedMember<Member, Lost> = [Lost] extends [never]
  ? Member
  : Member extends {
        (context: infer Context, args: infer Args, options?: infer Options): infer Result;
        (context: infer OtherContext, args: infer OtherArgs, options?: infer OtherOptions): infer OtherResult;
      }
    ? // Of a member with one signature the first of two is inferred as unknown.
      unknown extends Context
      ? Narrowed<Lost, OtherContext, OtherArgs, OtherOptions, OtherResult>
      : Narrowed<Lost, Context, Args, Options, Result> &
          Narrowed<Lost, OtherContext, OtherArgs, OtherOptions, OtherResult>
    : Member extends (context: infer Context, args: infer Args, options?: infer Options) => infer Result
      ? Narrowed<Lost, Context, Args, Options, Result>
      : Member;

type Narrowed<Lost, Context, Args, Options, Result> = (
  context: Context,
  args: Without<Args, Lost & PropertyKey>,
  options?: Options,
) => Result;

/** `Omit`, with the lost names forbidden rather than only forgotten: a variable with one of them is refused too. */
type Without<Args, Lost extends PropertyKey> = Omit<Args, Lost> & { readonly [Name in Lost]?: never };
