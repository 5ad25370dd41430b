import { Codecs, type CodecView } from "../emit/codec.js";
import type { NamedType, Service, Type, VersionedObject } from "../model.js";

/** Gives values the form that they have on the wire: versioned objects go into their envelopes. */
export class Sealer {
  readonly #codecs: Codecs;
  readonly #types: ReadonlyMap<string, NamedType>;

  constructor(service: Service) {
    this.#codecs = new Codecs(service);
    this.#types = new Map(service.types.map((type) => [type.name, type]));
  }

  /** A program's value of the type as a peer sees it. */
  seal(type: Type, value: unknown): unknown {
    return this.#apply(this.#codecs.of(type), value);
  }

  #apply(codec: CodecView | undefined, value: unknown): unknown {
    if (codec === undefined || typeof codec === "string" || typeof value !== "object" || value === null) return value;
    if ("list" in codec) return Array.isArray(value) ? value.map((item) => this.#apply(codec.list, item)) : value;
    if ("map" in codec) return mapped(value, (item) => this.#apply(codec.map, item));
    const named = this.#types.get(codec.ref);
    switch (named?.kind) {
      case "alias":
        return this.seal(named.type, value);
      case "union": {
        const tag: unknown = Reflect.get(value, named.tag);
        const variant = named.variants.find((each) => each.value === tag);
        return variant === undefined ? value : this.seal({ kind: "ref", name: variant.type }, value);
      }
      case "object": {
        const types = new Map(named.fields.map((field) => [field.name, field.type]));
        const fields = mapped(value, (item, name) => {
          const type = types.get(name);
          return type === undefined ? item : this.seal(type, item);
        });
        return named.object === undefined ? fields : envelope(named.object, fields);
      }
      default:
        return value;
    }
  }
}

/** The envelope of oslo.versionedobjects. */
function envelope({ prefix, name, namespace, version }: VersionedObject, fields: object): object {
  return {
    [`${prefix}.name`]: name,
    [`${prefix}.namespace`]: namespace,
    [`${prefix}.version`]: version,
    [`${prefix}.data`]: fields,
  };
}

function mapped(value: object, change: (item: unknown, name: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item, name)]));
}
