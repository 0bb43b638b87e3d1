/** The smallest template that keeps the contract, for tests that show or break one. It deploys nothing that works. */

export const toyTemplate = `AWSTemplateFormatVersion: "2010-09-09"
Metadata:
  ThrottleBench:
    Title: a toy
    Summary: It shows what a template has to have.
    Topology: [SNS, Lambda]
    Pros: [small]
    Cons: [useless]
Parameters:
  WorkMs:
    Type: Number
    Default: 5
    MinValue: 0
    MaxValue: 100
    Description: Milliseconds for each event.
  Mode:
    Type: String
    Default: fast
    AllowedValues: [fast, slow]
  DatabaseUrl:
    Type: String
    NoEcho: true
Resources:
  Topic:
    Type: AWS::SNS::Topic
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: { TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt Consumer.Arn }
  Producer:
    Type: AWS::Lambda::Function
    Properties:
      Handler: producer.handler
      Environment: { Variables: { TOPIC_ARN: !Ref Topic, PUBLISH_RATE: 0 } }
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      Handler: consumer.handler
      Environment: { Variables: { DATABASE_URL: !Ref DatabaseUrl, WORK_MS: !Ref WorkMs, GROUP: consumer } }
Outputs:
  ProducerFunction:
    Value: !Ref Producer
  ConsumerFunction:
    Value: !Ref Consumer
`;
