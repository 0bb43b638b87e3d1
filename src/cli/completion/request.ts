/** The word by which a shell's script asks what may stand where the cursor is. It is no verb, and stands in no help. */
export const completionRequest = "__complete";
