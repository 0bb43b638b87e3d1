/** The pseudo parameters that are the same for all stacks of an account and a region. */

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParametersOf({
  accountId,
  region,
}: {
  accountId: string;
  region: string;
}): Record<string, string> {
  return {
    "AWS::AccountId": accountId,
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::URLSuffix": "amazonaws.com",
  };
}
