/** Templates with a secret in them. */
import { findScenario } from "../../src/scenarios/catalogue.ts";

/** A scenario, whole, whose consumer is given a secret. */
export async function templateOf({ asDefault, allowed }: { asDefault: string; allowed: string[] }): Promise<string> {
  const { templateBody } = findScenario("scenario-4");
  const parameter = `
  Secret:
    Type: String
    NoEcho: true
    Default: ${asDefault}
    AllowedValues: [${allowed.join(", ")}]`;
  return templateBody
    .replace(/^Parameters:/m, `Parameters:${parameter}`)
    .replace(/^( +)WORK_MS:/m, "$1API_TOKEN: !Ref Secret\n$1WORK_MS:");
}

/** A queue and a function of a user's own, which speak of a secret in names, in settings and in a condition. */
export function shownNames({ asDefault }: { asDefault: string }): string {
  return `
Parameters:
  Size: { Type: String, NoEcho: true, Default: ${asDefault} }
Conditions:
  IsSecret: !Equals [!Ref Size, ${asDefault}]
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "jobs-\${Size}"
      VisibilityTimeout: !If [IsSecret, 77, 30]
      MessageRetentionPeriod: !Ref Size
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Ref Size
      Handler: index.handler
      Runtime: nodejs22.x
      Role: arn:aws:iam::123456789012:role/mine
      Code: { ZipFile: "" }
      Environment: { Variables: { TOKEN: !Ref Size } }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker, BatchSize: 1 }
`;
}
