/** A template's text is kept without its secrets, and otherwise to the byte. */
import { describe, expect, it } from "vitest";
import { withoutSecretDefaults } from "../../../src/template/kept-template.ts";
import { withoutSecretValues } from "../../../src/template/secrets.ts";
import { readTemplate } from "../../../src/template/sections.ts";

const around = (parameter: string) => `Parameters:
  Plain: { Type: String, Default: hunter2 } # stays
${parameter}
Resources:
  Queue: { Type: AWS::SQS::Queue }
`;

describe("the default of a secret is masked", () => {
  it.each([
    ["in a block", "  A:\n    Type: String\n    Default: hunter2 # why\n    NoEcho: true", '    Default: "****" # why'],
    ["in a flow", "  A: { Type: String, Default: 'hunter2', NoEcho: true }", 'Default: "****", NoEcho'],
    [
      "over lines",
      "  A:\n    Type: String\n    NoEcho: true\n    Default: |\n      hunter2\n      hunter2",
      '    Default: "****"\n',
    ],
    ["as a number", "  A: { Type: Number, Default: 22222, NoEcho: true }", 'Default: "****"'],
    [
      "among the values that it takes",
      "  A:\n    Type: String\n    NoEcho: true\n    Default: hunter2\n    AllowedValues:\n      - hunter2\n      - hunter3",
      '      - "****"\n      - "****"',
    ],
  ])("%s", (_, parameter, masked) => {
    const text = around(parameter);
    const kept = withoutSecretDefaults(text, readTemplate(text).parameters);
    expect(kept).toContain(masked);
    expect(kept.replace("Default: hunter2 } # stays", "")).not.toMatch(/hunter|22222/);
    expect(kept.split("\n").slice(-3)).toEqual(text.split("\n").slice(-3));
    if (!parameter.includes("Number"))
      expect(readTemplate(kept).parameters[1]).toMatchObject({ default: "****", noEcho: true });
  });

  it("and a text without one stays to the byte", () => {
    const text = around("  A: { Type: String, Default: hunter2, NoEcho: false }");
    expect(withoutSecretDefaults(text, readTemplate(text).parameters)).toBe(text);
  });
});

it("masks every secret that a sentence quotes, the longest first", () => {
  const parameters = [
    { name: "A", type: "String", noEcho: true, default: "key" },
    { name: "B", type: "String", default: "plain" },
  ];
  expect(withoutSecretValues("A is keyring, key or plain", parameters, { A: "keyring" })).toBe(
    "A is ****, **** or plain",
  );
});
