/** An error that a service answers a caller with, in AWS's own words; the wire gives it the protocol's form. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    /** AWS's error code, such as `ResourceNotFoundException`. */
    readonly code: string,
    message: string,
    /** HTTP status: 4xx is the caller's fault, 5xx the service's. */
    readonly statusCode = 400,
    /** Further members of the error's shape, such as `Reason` of `TooManyRequestsException`. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
  }
}
