import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRequest, encodeRequest, type WireRequest } from "../../src/runtime/wire/request.js";

function roundTrip(request: WireRequest): WireRequest {
  return decodeRequest({ body: encodeRequest(request), contentType: "application/json", headers: {} });
}

/** Without integers beyond 2^53, which are read as what they are. */
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));

describe("a request that was printed is read as it was", () => {
  test("whatever its method, its version and the keys of its context are", () => {
    fc.assert(
      fc.property(
        fc.record({
          method: fc.string({ minLength: 1 }),
          args: fc.dictionary(fc.string(), value),
          namespace: fc.option(fc.string(), { nil: undefined }),
          version: fc.option(fc.constantFrom("1.0", "5.13"), { nil: undefined }),
          reply: fc.option(
            fc.record({ messageId: fc.string(), queue: fc.string(), heartbeat: fc.option(fc.nat(), { nil: null }) }),
            { nil: undefined },
          ),
          uniqueId: fc.option(fc.string(), { nil: undefined }),
          context: fc.dictionary(fc.string(), value),
        }),
        (request) => {
          expect(JSON.stringify(roundTrip(request))).toBe(JSON.stringify(request));
        },
      ),
    );
  });

  test("also when more keys have come than anyone remembers, and long ones", () => {
    const keys = Array.from({ length: 1_200 }, (_, index) =>
      index % 100 === 0 ? `${index}`.repeat(200) : `k${index}`,
    );
    const context = Object.fromEntries(keys.map((key, index) => [key, index]));

    expect(roundTrip({ method: "m", args: {}, context }).context).toEqual(context);
    expect(roundTrip({ method: "m", args: {}, context }).context).toEqual(context);
  });

  test("a context's key __proto__ stays a key", () => {
    const context = JSON.parse('{"__proto__": 1, "a": 2}');

    expect(JSON.stringify(roundTrip({ method: "m", args: {}, context }).context)).toBe('{"__proto__":1,"a":2}');
  });
});
