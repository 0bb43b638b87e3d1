/** The work of `grafana`: what Grafana has to know of the database, in a file of the user's own, and the command that starts it. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describeDatabase } from "../database/invocations.ts";
import type { GrafanaFlags } from "./commands/grafana.ts";
import { keepDatabaseOpen } from "./db.ts";
import { homeDirectory } from "./directories.ts";
import { print } from "./output.ts";

const image = "grafana/grafana:12.0.0";
// Both the source file and the bundle are two levels below the package's root.
const provisioning = fileURLToPath(new URL("../../infra/grafana/provisioning", import.meta.url));
const dashboards = fileURLToPath(new URL("../../infra/grafana/dashboards", import.meta.url));
/** Where the container has the dashboards. */
const mounted = "/var/lib/throttle-bench";

/** With the embedded database it stays until it is interrupted. Throws `bad-usage` for a malformed URL. */
export async function grafana(flags: GrafanaFlags): Promise<void> {
  const given = flags.databaseUrl ?? (process.env.DATABASE_URL || null);
  if (given !== null) return print(await commandFor(given));
  await keepDatabaseOpen(async (url) => {
    print(await commandFor(url));
    process.stderr.write("The embedded database is up for it until Ctrl-C.\n");
  });
}

async function commandFor(databaseUrl: string): Promise<string> {
  describeDatabase(databaseUrl);
  const file = resolve(homeDirectory, "grafana.env");
  await mkdir(homeDirectory, { recursive: true });
  await writeFile(file, environmentFor(databaseUrl), { mode: 0o600 });
  // The mode above is for a new file only.
  await chmod(file, 0o600);
  const mounts = [`${provisioning}:/etc/grafana/provisioning:ro`, `${dashboards}:${mounted}:ro`];
  const volumes = mounts.map((mount) => `-v ${quoted(mount)}`).join(" ");
  return `docker run --rm --network host --env-file ${quoted(file)} ${volumes} ${image}`;
}

/** As docker reads it: a line each, the value to its end as it is. */
function environmentFor(databaseUrl: string): string {
  const { hostname, port, username, password, pathname, searchParams } = new URL(databaseUrl);
  const host = hostname || searchParams.get("host") || "localhost";
  const values = {
    THROTTLE_BENCH_DB_HOST: `${host}:${port || searchParams.get("port") || 5432}`,
    THROTTLE_BENCH_DB_USER: decodeURIComponent(username),
    THROTTLE_BENCH_DB_PASSWORD: decodeURIComponent(password),
    THROTTLE_BENCH_DB_NAME: decodeURIComponent(pathname.slice(1) || username),
    THROTTLE_BENCH_DB_SSLMODE: searchParams.get("sslmode") ?? "disable",
    THROTTLE_BENCH_DASHBOARDS: mounted,
    GF_SERVER_HTTP_ADDR: "127.0.0.1",
    GF_AUTH_ANONYMOUS_ENABLED: "true",
    GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(mounted, "throttle-bench.json"),
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w/.:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
