/** Alarms, because a dead-letter queue that none watches is worth a word. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm */
import { isMap, type TemplateValue } from "../../../../template/template.ts";
import { below, block, blocks, plain, type Rule, type Translation } from "../translation.ts";

/** The resources that dimensions name. */
const named: Readonly<Record<string, readonly string[]>> = {
  QueueName: ["aws_sqs_queue"],
  FunctionName: ["aws_lambda_function"],
  TopicName: ["aws_sns_topic"],
  StreamName: ["aws_kinesis_stream"],
};

const dimensions: Rule = (from, to, translating) => {
  const attribute = from.at("dimensions");
  const known = isMap(attribute.value) ? attribute.value : {};
  const add = (name: string, value: TemplateValue) => {
    const item = translating.append(below(to, "Dimensions"), attribute);
    translating.set(below(item, "Name"), name, attribute);
    translating.set(below(item, "Value"), value, attribute);
  };
  for (const [name, value] of Object.entries(known)) {
    const types = named[name];
    add(name, types === undefined ? value : translating.referenceTo(value, types));
  }
  for (const [name, types] of Object.entries(named)) {
    const each = attribute.at(name);
    if (!each.isUnknown) continue;
    const instance = translating.instanceFor(attribute, types);
    if (instance !== null) add(name, translating.referenceOf(instance, "name"));
  }
};

const metric: readonly Rule[] = [plain("metric_name", "MetricName"), plain("namespace", "Namespace"), dimensions];

export const cloudWatch: Readonly<Record<string, Translation>> = {
  aws_cloudwatch_metric_alarm: {
    type: "AWS::CloudWatch::Alarm",
    kind: "Alarm",
    rules: [
      ...metric,
      plain("threshold", "Threshold"),
      plain("comparison_operator", "ComparisonOperator"),
      blocks("metric_query", "Metrics", block("metric", "MetricStat.Metric", ...metric)),
    ],
  },
};
