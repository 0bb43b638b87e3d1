/** The stack policy of a run, which keeps others from changing the stack that is being measured. */

/**
 * Denies updates that replace or delete a resource, because the run would lose its queue or function. Updates in place stay possible,
 * and so does deleting the stack, which no stack policy governs.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export const runPolicy = JSON.stringify({
  Statement: [
    { Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" },
    { Effect: "Deny", Action: ["Update:Replace", "Update:Delete"], Principal: "*", Resource: "*" },
  ],
});
