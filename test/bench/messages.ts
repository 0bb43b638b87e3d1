/** Messages: what one costs in the model alone, from the topic to the row, and where that goes. */
import { emptyEvents, eventsIn, loadOf } from "./kernel.ts";
import { section } from "./section.ts";
import { type Owner, type Shares, sharesOf } from "./shares.ts";
import { simulated } from "./simulation.ts";
import { figure, percent } from "./table.ts";
import { measureInTurn, ratio, type Timing, usageOf } from "./timing.ts";

/** The model at one size of batches, beside a kernel that has as many events and wakes nobody as often. */
interface Messages {
  batchSize: number;
  messages: number;
  model: Timing;
  emptyKernel: Timing;
  messagesPerCpuSecond: number;
  messagesPerSecond: number;
  eventsPerMessage: number;
  wakesPerMessage: number;
  emptyEventsPerCpuSecond: number;
  /** CPU time of the model ÷ that of the empty kernel: what services and handlers cost. */
  modelPerKernel: number;
  shares: Shares;
}

const scenario = "scenario-5";
// Ten messages of a second each do not fit into the timeout that the scenario is shipped with.
const settings = ["ReservedConcurrency=50", "ConsumerTimeout=60"];
const batchSizes = [1, 10];
const shownFiles = 5;

/** Everything counts: deployment, burst, drain and figures. */
export const messages = section<Messages[]>({
  title: `Messages: the model alone, the real handlers, SNS → SQS → mapping → Lambda (${scenario}, ${settings.join(", ")})`,
  async measure(plan) {
    const results: Messages[] = [];
    for (const batchSize of batchSizes) results.push(await measureAt(batchSize, plan.messages, plan.repetitions));
    return results;
  },
  table(results) {
    const row = (what: string, cell: (result: Messages) => string) => [what, ...results.map(cell)];
    const share = (owner: Owner) => row(`share of ${owner}`, ({ shares }) => percent(shares.byOwner[owner]));
    return {
      head: ["", ...results.map(({ batchSize }) => `batch ${batchSize}`)],
      rows: [
        row("messages per second of CPU", (result) => figure(result.messagesPerCpuSecond)),
        row("messages per second", (result) => figure(result.messagesPerSecond)),
        row("CPU time of a message", ({ model, messages }) => figure((1_000 * model.cpuMs) / messages, "µs")),
        row("events of the kernel, a message", (result) => figure(result.eventsPerMessage)),
        row("wake-ups of a handler, a message", (result) => figure(result.wakesPerMessage)),
        row("the same events with empty callbacks, a message", ({ emptyKernel, messages }) =>
          figure((1_000 * emptyKernel.cpuMs) / messages, "µs"),
        ),
        row("empty events per second of CPU", (result) => figure(result.emptyEventsPerCpuSecond)),
        row("model ÷ empty kernel, CPU", (result) => `${figure(result.modelPerKernel)} ×`),
        ...(Object.keys(results[0]!.shares.byOwner) as Owner[]).map(share),
      ],
      notes: results.map(({ batchSize, shares }) => {
        const files = shares.byFile.slice(0, shownFiles).map(({ file, share }) => `${file} ${percent(share)}`);
        return `Most at batch ${batchSize}: ${files.join(", ")}`;
      }),
    };
  },
});

async function measureAt(batchSize: number, count: number, repetitions: number): Promise<Messages> {
  const set = [...settings, `BatchSize=${batchSize}`];
  const simulation = async () => {
    const { summary } = await simulated(scenario, { events: count, set });
    const { eventsCompleted, duplicates } = summary;
    if (eventsCompleted === count && duplicates === 0) return;
    throw new Error(`${eventsCompleted} of ${count} messages were completed, and ${duplicates} more than once.`);
  };
  // The first run of each is compiled while it runs, and is not measured.
  const load = await loadOf(simulation);
  await emptyEvents(load);
  const { model, emptyKernel } = await measureInTurn(repetitions, {
    model: () => usageOf(simulation),
    emptyKernel: () => usageOf(() => emptyEvents(load)),
  });
  return {
    batchSize,
    messages: count,
    model,
    emptyKernel,
    messagesPerCpuSecond: (1_000 * count) / model.cpuMs,
    messagesPerSecond: (1_000 * count) / model.wallMs,
    eventsPerMessage: eventsIn(load) / count,
    wakesPerMessage: load.wakes / count,
    emptyEventsPerCpuSecond: (1_000 * eventsIn(load)) / emptyKernel.cpuMs,
    modelPerKernel: ratio(model, emptyKernel, "cpuMs"),
    shares: await sharesOf(simulation),
  };
}
