/** Reads records of a Kinesis data stream by their place, with the SDK that the Node.js runtime brings along. */
import type { StreamReader } from "../ports.ts";

export const stream: StreamReader = {
  async recordsAt({ streamArn, shardId, startSequenceNumber, endSequenceNumber }) {
    // Loaded when it is first used, because it would be a part of every cold start.
    const { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } = await import("@aws-sdk/client-kinesis");
    // The recorder retries where its log shows it, so the SDK makes one attempt.
    const kinesis = new KinesisClient({ maxAttempts: 1 });
    const found = await kinesis.send(
      new GetShardIteratorCommand({
        StreamARN: streamArn,
        ShardId: shardId,
        ShardIteratorType: "AT_SEQUENCE_NUMBER",
        StartingSequenceNumber: startSequenceNumber,
      }),
    );
    const last = BigInt(endSequenceNumber);
    const texts: string[] = [];
    let ShardIterator = found.ShardIterator;
    while (ShardIterator !== undefined) {
      const page = await kinesis.send(new GetRecordsCommand({ StreamARN: streamArn, ShardIterator }));
      const records = page.Records ?? [];
      for (const { Data, SequenceNumber = "0" } of records) {
        if (BigInt(SequenceNumber) <= last) texts.push(new TextDecoder().decode(Data));
      }
      // A page may be empty before the end of the shard is reached.
      const isOver = records.some(({ SequenceNumber = "0" }) => BigInt(SequenceNumber) >= last);
      if (isOver || page.MillisBehindLatest === 0) break;
      ShardIterator = page.NextShardIterator;
    }
    return texts;
  },
};
