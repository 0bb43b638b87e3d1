/** The emulator as what CloudFormation makes its stacks in: it runs no functions and writes no rows. */
import { CloudFormation } from "../../src/emulator/cloudformation/stacks.ts";
import { Emulator } from "../../src/emulator/emulator.ts";
import { EventSourceMappings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";

export const start = Date.UTC(2026, 0, 1);

export class AnAccount extends Emulator {
  readonly cloudFormation = this.service(CloudFormation);
  readonly mappings = this.service(EventSourceMappings);

  constructor(seed = 1) {
    super({ start, seed, constants: constantsOf("2026"), region: "us-east-1", handlers: {}, insertRow() {}, log() {} });
  }

  /** Lets virtual time pass. */
  async pass(seconds: number): Promise<void> {
    await this.kernel.advanceTo(this.kernel.now + seconds * 1_000);
  }
}
