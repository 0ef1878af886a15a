// node audit.mjs URL: asks the GraphQL endpoint all that the GraphQL over HTTP specification says of it.
import { serverAudits } from "graphql-http";

const EXPECTED = 61;
const url = process.argv[2];

async function failureOf({ id, name, fn }) {
  const result = await fn().catch((error) => ({ status: "error", reason: String(error.cause ?? error) }));
  if (result.status === "ok") return null;
  const answer = result.response ? `${result.response.status} ${await textOf(result.response)}` : "no answer";
  return `${result.status.padEnd(6)} ${id} ${name}\n       ${result.reason}\n       ${answer}`;
}

async function textOf(response) {
  return response.bodyUsed ? "" : (await response.text()).slice(0, 300);
}

if (!url) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}
const audits = serverAudits({ url });
const failures = [];
for (const audit of audits) {
  const failure = await failureOf(audit);
  if (failure) failures.push(failure);
}
failures.forEach((failure) => console.log(failure));
console.log(`${audits.length - failures.length} of ${EXPECTED} audits passed`);
process.exit(failures.length === 0 && audits.length === EXPECTED ? 0 : 1);
