import { brokerURL, uniqueName } from "../support/broker.js";
import { describeBehaviour } from "./suite/behaviour.js";

const memory = `memory://${uniqueName("behaviour")}`;

describeBehaviour("memory", () => Promise.resolve(memory));
describeBehaviour("RabbitMQ", brokerURL);
