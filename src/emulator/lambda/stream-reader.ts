/** The stream reader that a function in the emulator has: the calls that find records by their place, as its role allows. */
import type { StreamReader } from "../../../infra/handlers/ports.ts";
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";

/** `wait` resolves after so many ms, for which a call is on its way. */
export function streamReaderFor(account: Account, roleArn: string, wait: (ms: number) => Promise<void>): StreamReader {
  const { kinesis, iam, constants } = account;
  return {
    recordsAt: async ({ streamArn, shardId, startSequenceNumber, endSequenceNumber }) => {
      const call = async (action: string) => {
        await wait(constants["kinesis.getMs"]);
        if (iam.allows(roleArn, action, streamArn)) return;
        throw new ServiceError(
          "AccessDeniedException",
          `User: ${roleArn} is not authorized to perform: ${action} on resource: ${streamArn}`,
        );
      };
      await call("kinesis:GetShardIterator");
      const stream = kinesis.stream(streamArn);
      if (!stream) throw new ServiceError("ResourceNotFoundException", `Stream ${streamArn} not found.`);
      let iterator = stream.iterator(shardId, { type: "AT_SEQUENCE_NUMBER", sequenceNumber: startSequenceNumber });
      const texts: string[] = [];
      for (;;) {
        await call("kinesis:GetRecords");
        const { records, next, millisBehindLatest } = stream.read(iterator);
        const within = records.filter(({ sequenceNumber }) => sequenceNumber <= endSequenceNumber);
        texts.push(...within.map(({ data }) => Buffer.from(data).toString()));
        if (within.length < records.length || millisBehindLatest === 0) return texts;
        iterator = next;
      }
    },
  };
}
