/** A system as somebody declares it, in CloudFormation, to start a test from: the test says what matters to it. */
import { readSystem } from "../../../src/systems/formats/formats.ts";
import type { System } from "../../../src/systems/system.ts";

export function aSystem(text: string, parameters: Readonly<Record<string, string>> = {}, file = "theirs.yaml"): System {
  return readSystem({ file, text, parameters });
}

/** The resources of a queue that a function reads; `own` is YAML that stands below a resource's Properties. */
export function aQueuePath(
  own: { queue?: string; mapping?: string; fn?: string; others?: string; parameters?: string } = {},
): string {
  const properties = (text = "") => text.replaceAll(/^(?=.)/gm, "      ");
  return `AWSTemplateFormatVersion: "2010-09-09"
${own.parameters ?? ""}
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
${properties(own.queue)}
  Failed:
    Type: AWS::SQS::Queue
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Code: { S3Bucket: code, S3Key: worker.zip }
      Role: !GetAtt Role.Arn
${properties(own.fn)}
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: {} }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Jobs.Arn
      FunctionName: !Ref Worker
${properties(own.mapping)}
${own.others ?? ""}`;
}
