/** The stack policy of a run: what is being measured is changed by nobody. */

/**
 * Denies that an update replaces or deletes a resource, which would end the run's queue or function under its feet. Updates in
 * place stay possible, and so does deleting the stack, which no stack policy governs.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export const runPolicy = JSON.stringify({
  Statement: [
    { Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" },
    { Effect: "Deny", Action: ["Update:Replace", "Update:Delete"], Principal: "*", Resource: "*" },
  ],
});
