/** Finds the settings that AWS would refuse while it makes the stack, before anything is created. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveTemplate } from "../template/effective.ts";
import { visibilityRefusal, windowRefusal } from "../template/refusals.ts";
import type { Fault } from "./fault.ts";
import { fifoFaults, fifoReadingFaults } from "./fifo-refusals.ts";
import { type QueueReading, queueReadings, type ServiceDefaults } from "./queue-reading.ts";

/** The faults of values that AWS takes one by one and refuses together. */
export function refusals(scenario: Scenario, settings: Settings, defaults: ServiceDefaults): Fault[] {
  const ofReadings = queueReadings(scenario, settings, defaults).flatMap((reading) => {
    const ofFifo = fifoReadingFaults(reading, defaults.windowRule.largest);
    return [...visibilityFaults(reading), ...(ofFifo.length > 0 ? ofFifo : windowFaults(reading, defaults))];
  });
  return [...ofReadings, ...fifoFaults(effectiveTemplate(scenario.template, settings).resources)];
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
