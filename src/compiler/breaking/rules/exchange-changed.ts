import type { Rule } from "../finding.js";

/** The service has another exchange. */
export const exchangeChanged: Rule = {
  id: "exchange-changed",
  category: "WIRE",
  purpose: "The service has another exchange.",
  explanation:
    "Requests of clients of the previous state go to the old exchange, to which no new server is bound. Without one, the transport's control exchange is used, which is openstack by default.",
  check: {
    service: ({ previous, current }) =>
      previous.exchange === current.exchange
        ? []
        : [
            {
              service: current.name,
              subject: "exchange",
              message: `the exchange was ${text(previous.exchange)} and is ${text(current.exchange)}`,
              help: "keep it, and give what is new a service of its own",
              at: { current: current.range },
              note: "changes the exchange",
            },
          ],
  },
};

function text(exchange: string | undefined): string {
  return exchange === undefined ? "the transport's own" : `"${exchange}"`;
}
