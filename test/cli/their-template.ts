/** A template that nobody wrote for throttle-bench: a queue and a function, and things that change no event. */
export const theirTemplate = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: { Type: String, Default: dev }
  Batch: { Type: Number }
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: { KeyPolicy: {} }
  Dead:
    Type: AWS::SQS::Queue
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "\${Stage}-jobs"
      VisibilityTimeout: 180
      KmsMasterKeyId: !Ref Key
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt Dead.Arn
        maxReceiveCount: 7
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      Role: arn:aws:iam::123456789012:role/worker
      Timeout: 30
      Code: { S3Bucket: code, S3Key: worker.zip }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Jobs.Arn
      FunctionName: !Ref Worker
      BatchSize: !Ref Batch
      ScalingConfig:
        MaximumConcurrency: 4
`;

/** The same with a second queue and function, so that one has to be chosen. */
export const twoPaths = `${theirTemplate}  Mails:
    Type: AWS::SQS::Queue
  Mailer:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: mail.handler
      Role: arn:aws:iam::123456789012:role/mailer
      Code: { S3Bucket: code, S3Key: mailer.zip }
  MailMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Mails.Arn, FunctionName: !Ref Mailer }
`;
