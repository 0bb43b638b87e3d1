/** The documents that are derived from the code as a whole. `npm run docs` writes them, and a test fails when one is stale. */
import { platform2020 } from "../../src/emulator/platforms/2020.ts";
import { platform2026 } from "../../src/emulator/platforms/2026.ts";
import type { Fact } from "../../src/emulator/platforms/fact.ts";
import { unitOf } from "../../src/emulator/platforms/units.ts";
import { picture } from "../../src/reports/pictures/svg.ts";
import { dashboardText } from "./dashboard.ts";
import { recordJsonSchemaText } from "./record-json-schema.ts";
import { type Rule, rules, servicesOf } from "./rules.ts";
import { numberText, table } from "./table.ts";
import { exampleRun } from "./tool.ts";

export interface Page {
  /** From the package's root. */
  file: string;
  text: string;
}

/** The working directory is the package's root. */
export async function pages(): Promise<Page[]> {
  const all = await rules();
  return [
    { file: "infra/run-record.schema.json", text: recordJsonSchemaText() },
    { file: "infra/grafana/dashboards/throttle-bench.json", text: dashboardText() },
    { file: "src/emulator/platforms/numbers.md", text: numbersPage() },
    ...(["light", "dark"] as const).map((theme) => ({
      file: `.github/pictures/scenario-4-${theme}.svg`,
      text: `${picture(exampleRun().record, theme)}\n`,
    })),
    ...servicesOf(all).map((service) => ({
      file: `test/contract/${service}.md`,
      text: rulesPage(
        service,
        all.filter((rule) => rule.service === service),
      ),
    })),
  ];
}

function rulesPage(service: string, itsRules: readonly Rule[]): string {
  const rows = itsRules.map(({ rule, provenance, source }) => [rule, provenance, source]);
  return `# Rules: ${service}

\`npm run docs\` derives this page from the names of the tests in [${service}.test.ts](${service}.test.ts).

${table(["rule", "how we know", "source or reason"], rows)}
`;
}

function numbersPage(): string {
  const older: Record<string, Fact> = platform2020;
  const rows = Object.entries(platform2026 as Record<string, Fact>).map(([name, fact]) => {
    const then = older[name]!;
    const rangeOf = ({ range }: Fact) => (range ? `${range[0]} – ${range[1]}` : "");
    return [
      `\`${name}\``,
      numberText(fact.value),
      then.value === fact.value ? "" : [numberText(then.value), rangeOf(then) && `(${rangeOf(then)})`].join(" ").trim(),
      unitOf(name).name,
      rangeOf(fact),
      fact.confidence,
      then.source === fact.source ? fact.source : `${fact.source}; 2020: ${then.source}`,
    ];
  });
  const head = ["number", "2026", "2020 where different", "unit", "plausible range", "how we know", "source or reason"];
  return `# Every number of the model

\`npm run docs\` derives this page from the platforms beside it; [README.md](README.md) says how to read it.

${table(head, rows)}
`;
}
