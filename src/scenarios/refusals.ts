/** Finds the settings that AWS would refuse while it makes the stack, before anything is created. */
import type { Scenario, Settings } from "../model.ts";
import { pollersRefusal, visibilityRefusal, windowRefusal } from "../template/refusals.ts";
import type { Fault } from "./fault.ts";
import { fifoFaults, fifoReadingFaults } from "./fifo-refusals.ts";
import { amountIn, type QueueReading, queueReadings, type ServiceDefaults } from "./queue-reading.ts";

/** The faults of values that AWS takes one by one and refuses together. */
export function refusals(scenario: Scenario, settings: Settings, defaults: ServiceDefaults): Fault[] {
  const ofReadings = queueReadings(scenario, settings, defaults).flatMap((reading) => {
    const ofFifo = fifoReadingFaults(reading, defaults.windowRule.largest);
    return [...visibilityFaults(reading), ...(ofFifo.length > 0 ? ofFifo : windowFaults(reading, defaults))];
  });
  const amounts = amountIn(scenario, settings);
  return [...ofReadings, ...pollerFaults(amounts), ...fifoFaults(amounts.resources)];
}

/** The least and the largest number of provisioned pollers. */
function* pollerFaults({ resources, of: amount }: ReturnType<typeof amountIn>): Iterable<Fault> {
  for (const mapping of resources.filter(({ type }) => type === "AWS::Lambda::EventSourceMapping")) {
    const minimum = amount(mapping, null, "ProvisionedPollerConfig", "MinimumPollers");
    const maximum = amount(mapping, null, "ProvisionedPollerConfig", "MaximumPollers");
    const refusal = minimum && maximum && pollersRefusal(minimum.value, maximum.value);
    if (!refusal) continue;
    const cure = `Lambda refuses the event source mapping, so raise ${maximum.name} to at least ${minimum.value}, or lower ${minimum.name} to at most ${maximum.value}`;
    yield { path: minimum.path, message: `${refusal}; ${cure}` };
  }
}

function visibilityFaults({ visibility, timeout }: QueueReading): Fault[] {
  // A number that is not known yet is NaN, and every comparison with it is false.
  if (!(visibility.value < timeout.value)) return [];
  const refusal = visibilityRefusal(visibility.value, timeout.value);
  const cure = `Lambda refuses the event source mapping, so raise ${visibility.name} to at least ${timeout.value}, or lower ${timeout.name} to at most ${visibility.value}`;
  return [{ path: visibility.path, message: `${refusal}; ${cure}` }];
}

function windowFaults({ batchSize, window }: QueueReading, { windowRule }: ServiceDefaults): Fault[] {
  if (Number.isNaN(batchSize.value + window.value)) return [];
  const refusal = windowRefusal(batchSize.value, window.value, windowRule);
  if (refusal === null) return [];
  const cure = `Lambda refuses the event source mapping, so raise ${window.name} to at least ${windowRule.leastSeconds}, or lower ${batchSize.name} to at most ${windowRule.largest}`;
  return [{ path: batchSize.path, message: `${refusal}; ${cure}` }];
}
