import SAMPLE_QUERY from "./sample.graphql?raw";

const FILES = import.meta.glob("../examples/*.graphql", { query: "?raw", import: "default", eager: true });
const SETTING = /^# (Variables|Headers): (.*)\n/gm;
const OPERATION = /^(?:query|mutation|subscription) (\w+)/m;
const LAST_EMPTY_COMMENT = /^#\n(?!#)/m;

/**
 * A file is `# Title`, a summary that ends with an empty comment, perhaps more comments, then one operation.
 * `# Variables: JSON` and `# Headers: JSON` go to the editors below the query instead.
 */
function readExample(text) {
  const settings = Object.fromEntries([...text.matchAll(SETTING)].map(([, name, json]) => [name, JSON.parse(json)]));
  const query = text.replace(SETTING, "").replace(LAST_EMPTY_COMMENT, "");
  const [title, ...summary] = text.split("\n#\n")[0].split("\n").map((line) => line.replace(/^# /, ""));
  const [, operation] = OPERATION.exec(query);
  const { Variables: variables, Headers: headers } = settings;
  return { title, summary: summary.join(" "), query, operation, variables, headers };
}

export const EXAMPLES = Object.keys(FILES)
  .sort()
  .map((path) => readExample(FILES[path]));

/** The variables with each null filled from a product of this very store, so that the example finds something. */
export async function fillVariables(variables, fetcher) {
  if (!Object.values(variables).includes(null)) return variables;
  const sample = await sampleProduct(fetcher);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? sample[name] ?? ""]));
}

async function sampleProduct(fetcher) {
  try {
    const { data } = await fetcher({ query: SAMPLE_QUERY });
    return data?.products?.nodes?.[0] ?? {};
  } catch {
    return {}; // The example still opens; its own run will show what is wrong.
  }
}
