/** The resource types that change no event, with the values that others can take of them. */

export interface Inert {
  /** the identifier that `Ref` gives, when it is not the name; `arn`: the first attribute */
  ref?: "uuid" | "arn";
  /** the property that names it */
  name?: string;
  /** the attributes by `Fn::GetAtt`, with {name}, {region} and {account} in them */
  attributes?: Record<string, string>;
  /** it needs CAPABILITY_IAM; with the property `name`, CAPABILITY_NAMED_IAM */
  isIam?: boolean;
  /** what it decides all the same, to be told beside its name */
  decides?: string;
  /** a function has one version in the model, so that nothing on the path may name another; the cure */
  unnamed?: string;
  /** the properties by which it would send events; it may name no resource there that takes them */
  sends?: readonly string[];
}

const own = "{region}:{account}";

/** Attributes that are what `Ref` gives, too. */
function same(...names: string[]): Inert {
  return { attributes: Object.fromEntries(names.map((name) => [name, "{name}"])) };
}

/** A resource that a property names, and that has an ARN. */
function named(name: string, arn: string, attribute = "Arn"): Inert {
  return { name, attributes: { [attribute]: arn } };
}

const itself = "name the function itself";
const coldStarts: Inert = { decides: "it decides cold starts alone" };

/** The Refs and attributes by the resource's page of https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference. */
export const inertTypes: Record<string, Inert> = {
  "AWS::ApiGateway::Account": same("Id"),
  "AWS::ApiGateway::ApiKey": same("APIKeyId"),
  "AWS::ApiGateway::Authorizer": same("AuthorizerId"),
  "AWS::ApiGateway::BasePathMapping": {},
  "AWS::ApiGateway::ClientCertificate": same("ClientCertificateId"),
  "AWS::ApiGateway::Deployment": same("DeploymentId"),
  "AWS::ApiGateway::DocumentationPart": same("DocumentationPartId"),
  "AWS::ApiGateway::DocumentationVersion": {},
  "AWS::ApiGateway::DomainName": {
    name: "DomainName",
    attributes: { RegionalDomainName: "{name}", DistributionDomainName: "{name}" },
  },
  "AWS::ApiGateway::GatewayResponse": same("Id"),
  "AWS::ApiGateway::Method": {},
  "AWS::ApiGateway::Model": { name: "Name" },
  "AWS::ApiGateway::RequestValidator": same("RequestValidatorId"),
  "AWS::ApiGateway::Resource": same("ResourceId"),
  "AWS::ApiGateway::RestApi": same("RestApiId", "RootResourceId"),
  "AWS::ApiGateway::Stage": { name: "StageName" },
  "AWS::ApiGateway::UsagePlan": same("Id"),
  "AWS::ApiGateway::UsagePlanKey": same("Id"),
  "AWS::ApiGateway::VpcLink": same("VpcLinkId"),
  "AWS::ApiGatewayV2::Api": {
    attributes: { ApiId: "{name}", ApiEndpoint: "https://{name}.execute-api.{region}.amazonaws.com" },
  },
  "AWS::ApiGatewayV2::ApiMapping": same("ApiMappingId"),
  "AWS::ApiGatewayV2::Authorizer": same("AuthorizerId"),
  "AWS::ApiGatewayV2::Deployment": same("DeploymentId"),
  "AWS::ApiGatewayV2::DomainName": { name: "DomainName", attributes: { RegionalDomainName: "{name}" } },
  "AWS::ApiGatewayV2::Integration": same("IntegrationId"),
  "AWS::ApiGatewayV2::IntegrationResponse": same("IntegrationResponseId"),
  "AWS::ApiGatewayV2::Model": same("ModelId"),
  "AWS::ApiGatewayV2::Route": same("RouteId"),
  "AWS::ApiGatewayV2::RouteResponse": same("RouteResponseId"),
  "AWS::ApiGatewayV2::Stage": { name: "StageName" },
  "AWS::ApiGatewayV2::VpcLink": same("VpcLinkId"),
  "AWS::ApplicationAutoScaling::ScalableTarget": { ...same("Id"), ...coldStarts },
  "AWS::ApplicationAutoScaling::ScalingPolicy": {
    ref: "arn",
    attributes: { Arn: `arn:aws:autoscaling:${own}:scalingPolicy:{name}` },
    ...coldStarts,
  },
  "AWS::ApplicationInsights::Application": {
    ref: "arn",
    attributes: { ApplicationARN: `arn:aws:applicationinsights:${own}:application/resource-group/{name}` },
  },
  "AWS::Backup::BackupPlan": {
    attributes: { BackupPlanId: "{name}", BackupPlanArn: `arn:aws:backup:${own}:backup-plan:{name}` },
  },
  "AWS::Backup::BackupSelection": same("Id", "SelectionId"),
  "AWS::Backup::BackupVault": {
    name: "BackupVaultName",
    attributes: { BackupVaultName: "{name}", BackupVaultArn: `arn:aws:backup:${own}:backup-vault:{name}` },
  },
  "AWS::Budgets::Budget": {},
  "AWS::Budgets::BudgetsAction": same("ActionId"),
  "AWS::CDK::Metadata": {},
  "AWS::CE::AnomalyMonitor": { ref: "arn", attributes: { MonitorArn: "arn:aws:ce::{account}:anomalymonitor/{name}" } },
  "AWS::CE::AnomalySubscription": {
    ref: "arn",
    attributes: { SubscriptionArn: "arn:aws:ce::{account}:anomalysubscription/{name}", AccountId: "{account}" },
  },
  "AWS::CertificateManager::Certificate": {
    ref: "arn",
    attributes: { CertificateArn: `arn:aws:acm:${own}:certificate/{name}` },
  },
  "AWS::Chatbot::SlackChannelConfiguration": {
    ref: "arn",
    attributes: { Arn: "arn:aws:chatbot::{account}:chat-configuration/slack-channel/{name}" },
  },
  "AWS::CloudFormation::CustomResource": {},
  "AWS::CloudFormation::WaitConditionHandle": {},
  "AWS::CloudFront::CachePolicy": same("Id"),
  "AWS::CloudFront::CloudFrontOriginAccessIdentity": same("Id", "S3CanonicalUserId"),
  "AWS::CloudFront::Distribution": { attributes: { Id: "{name}", DomainName: "{name}.cloudfront.net" } },
  "AWS::CloudFront::Function": {
    ref: "arn",
    attributes: { FunctionARN: "arn:aws:cloudfront::{account}:function/{name}" },
  },
  "AWS::CloudFront::KeyGroup": same("Id"),
  "AWS::CloudFront::OriginAccessControl": same("Id"),
  "AWS::CloudFront::OriginRequestPolicy": same("Id"),
  "AWS::CloudFront::PublicKey": same("Id"),
  "AWS::CloudFront::ResponseHeadersPolicy": same("Id"),
  "AWS::CloudWatch::Alarm": named("AlarmName", `arn:aws:cloudwatch:${own}:alarm:{name}`),
  "AWS::CloudWatch::AnomalyDetector": same("Id"),
  "AWS::CloudWatch::CompositeAlarm": named("AlarmName", `arn:aws:cloudwatch:${own}:alarm:{name}`),
  "AWS::CloudWatch::Dashboard": { name: "DashboardName" },
  "AWS::CodeDeploy::Application": { name: "ApplicationName" },
  "AWS::CodeDeploy::DeploymentConfig": { name: "DeploymentConfigName" },
  "AWS::CodeDeploy::DeploymentGroup": { name: "DeploymentGroupName" },
  "AWS::CodeStarNotifications::NotificationRule": {
    ref: "arn",
    attributes: { Arn: `arn:aws:codestar-notifications:${own}:notificationrule/{name}` },
  },
  "AWS::Cognito::IdentityPool": same("Id"),
  "AWS::Cognito::IdentityPoolRoleAttachment": same("Id"),
  "AWS::Cognito::UserPool": {
    attributes: {
      UserPoolId: "{name}",
      Arn: `arn:aws:cognito-idp:${own}:userpool/{name}`,
      ProviderName: "cognito-idp.{region}.amazonaws.com/{name}",
      ProviderURL: "https://cognito-idp.{region}.amazonaws.com/{name}",
    },
  },
  "AWS::Cognito::UserPoolClient": same("ClientId"),
  "AWS::Cognito::UserPoolDomain": { name: "Domain" },
  "AWS::Cognito::UserPoolGroup": { name: "GroupName" },
  "AWS::Cognito::UserPoolIdentityProvider": { name: "ProviderName" },
  "AWS::Cognito::UserPoolResourceServer": { name: "Identifier" },
  "AWS::Cognito::UserPoolUser": { name: "Username" },
  "AWS::Cognito::UserPoolUserToGroupAttachment": {},
  "AWS::Config::ConfigRule": named("ConfigRuleName", `arn:aws:config:${own}:config-rule/{name}`),
  "AWS::Config::ConfigurationRecorder": { name: "Name" },
  "AWS::Config::DeliveryChannel": { name: "Name" },
  "AWS::DynamoDB::GlobalTable": named("TableName", `arn:aws:dynamodb:${own}:table/{name}`),
  "AWS::DynamoDB::Table": named("TableName", `arn:aws:dynamodb:${own}:table/{name}`),
  "AWS::EC2::DHCPOptions": same("DhcpOptionsId"),
  "AWS::EC2::EIP": same("AllocationId", "PublicIp"),
  "AWS::EC2::FlowLog": same("Id"),
  "AWS::EC2::KeyPair": { name: "KeyName" },
  "AWS::EC2::LaunchTemplate": same("LaunchTemplateId"),
  "AWS::EC2::VPCDHCPOptionsAssociation": {},
  "AWS::ECR::Repository": {
    name: "RepositoryName",
    attributes: {
      Arn: `arn:aws:ecr:${own}:repository/{name}`,
      RepositoryUri: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
  },
  "AWS::Events::Archive": named("ArchiveName", `arn:aws:events:${own}:archive/{name}`),
  "AWS::IAM::AccessKey": { ...same("Id"), isIam: true },
  "AWS::IAM::Group": { ...named("GroupName", "arn:aws:iam::{account}:group/{name}"), isIam: true },
  "AWS::IAM::InstanceProfile": {
    ...named("InstanceProfileName", "arn:aws:iam::{account}:instance-profile/{name}"),
    isIam: true,
  },
  "AWS::IAM::OIDCProvider": { ref: "arn", attributes: { Arn: "arn:aws:iam::{account}:oidc-provider/{name}" } },
  "AWS::IAM::ServiceLinkedRole": same("RoleName"),
  "AWS::IAM::User": { ...named("UserName", "arn:aws:iam::{account}:user/{name}"), isIam: true },
  "AWS::IAM::UserToGroupAddition": { ...same("Id"), isIam: true },
  "AWS::KMS::Alias": { name: "AliasName" },
  "AWS::KMS::Key": { ref: "uuid", attributes: { Arn: `arn:aws:kms:${own}:key/{name}`, KeyId: "{name}" } },
  "AWS::KinesisFirehose::DeliveryStream": {
    ...named("DeliveryStreamName", `arn:aws:firehose:${own}:deliverystream/{name}`),
    sends: ["ExtendedS3DestinationConfiguration", "HttpEndpointDestinationConfiguration"],
  },
  "AWS::Lambda::Alias": {
    ref: "arn",
    attributes: { AliasArn: `arn:aws:lambda:${own}:function:{name}` },
    unnamed: itself,
  },
  "AWS::Lambda::CodeSigningConfig": {
    ref: "arn",
    attributes: {
      CodeSigningConfigArn: `arn:aws:lambda:${own}:code-signing-config:{name}`,
      CodeSigningConfigId: "{name}",
    },
  },
  "AWS::Lambda::LayerVersion": {
    name: "LayerName",
    ref: "arn",
    attributes: { LayerVersionArn: `arn:aws:lambda:${own}:layer:{name}:1` },
  },
  "AWS::Lambda::LayerVersionPermission": {},
  "AWS::Lambda::Version": {
    ref: "arn",
    attributes: { FunctionArn: `arn:aws:lambda:${own}:function:{name}:1`, Version: "1" },
    unnamed: itself,
  },
  "AWS::Logs::LogStream": { name: "LogStreamName" },
  "AWS::Logs::MetricFilter": { name: "FilterName" },
  "AWS::Logs::QueryDefinition": same("QueryDefinitionId"),
  "AWS::Logs::ResourcePolicy": { name: "PolicyName" },
  "AWS::Logs::SubscriptionFilter": { name: "FilterName", sends: ["DestinationArn"] },
  "AWS::ResourceGroups::Group": named("Name", `arn:aws:resource-groups:${own}:group/{name}`),
  "AWS::Route53::HealthCheck": same("HealthCheckId"),
  "AWS::Route53::HostedZone": same("Id"),
  "AWS::Route53::RecordSet": { name: "Name" },
  "AWS::Route53::RecordSetGroup": same("Id"),
  "AWS::S3::AccessPoint": named("Name", `arn:aws:s3:${own}:accesspoint/{name}`),
  "AWS::S3::Bucket": {
    name: "BucketName",
    attributes: {
      Arn: "arn:aws:s3:::{name}",
      DomainName: "{name}.s3.amazonaws.com",
      RegionalDomainName: "{name}.s3.{region}.amazonaws.com",
      DualStackDomainName: "{name}.s3.dualstack.{region}.amazonaws.com",
      WebsiteURL: "http://{name}.s3-website-{region}.amazonaws.com",
    },
    sends: ["NotificationConfiguration"],
  },
  "AWS::S3::BucketPolicy": {},
  "AWS::SSM::Association": same("AssociationId"),
  "AWS::SSM::Document": { name: "Name" },
  "AWS::SSM::Parameter": { name: "Name" },
  "AWS::ServiceCatalogAppRegistry::Application": {
    attributes: { Id: "{name}", Arn: `arn:aws:servicecatalog:${own}:/applications/{name}` },
  },
  "AWS::ServiceCatalogAppRegistry::AttributeGroup": {
    attributes: { Id: "{name}", Arn: `arn:aws:servicecatalog:${own}:/attribute-groups/{name}` },
  },
  "AWS::ServiceCatalogAppRegistry::AttributeGroupAssociation": {},
  "AWS::ServiceCatalogAppRegistry::ResourceAssociation": {},
  "AWS::WAFv2::IPSet": { attributes: { Id: "{name}", Arn: `arn:aws:wafv2:${own}:regional/ipset/{name}` } },
  "AWS::WAFv2::LoggingConfiguration": {},
  "AWS::WAFv2::RuleGroup": { attributes: { Id: "{name}", Arn: `arn:aws:wafv2:${own}:regional/rulegroup/{name}` } },
  "AWS::WAFv2::WebACL": { attributes: { Id: "{name}", Arn: `arn:aws:wafv2:${own}:regional/webacl/{name}` } },
  "AWS::WAFv2::WebACLAssociation": {},
  "AWS::XRay::Group": { ref: "arn", attributes: { GroupARN: `arn:aws:xray:${own}:group/{name}` } },
  "AWS::XRay::ResourcePolicy": { name: "PolicyName" },
  "AWS::XRay::SamplingRule": { ref: "arn", attributes: { RuleARN: `arn:aws:xray:${own}:sampling-rule/{name}` } },
};
