import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

import { EXAMPLES, fillVariables } from "./examples.js";

const asText = (value) => JSON.stringify(value, null, 2);

function useOpenExample() {
  const { addTab, changeTab, setOperationName } = useGraphiQLActions();
  const { fetcher, headerEditor, queryEditor, tabs, variableEditor } = useGraphiQL(
    pick("fetcher", "headerEditor", "queryEditor", "tabs", "variableEditor"),
  );
  const shows = (example) => queryEditor.getValue() === example.query;

  if (!queryEditor) return null; // Monaco is still loading
  return async (example) => {
    if (shows(example)) return;
    const opened = tabs.findIndex((tab) => tab.query === example.query);
    if (opened >= 0) {
      changeTab(opened);
      return setOperationName(example.operation);
    }
    if (queryEditor.getValue().trim()) addTab();
    queryEditor.setValue(example.query);
    // GraphiQL finds out a while later; run before, it would ask for the operation shown until now.
    setOperationName(example.operation);
    if (example.headers) headerEditor?.setValue(keyFrom(tabs) ?? asText(example.headers));
    if (!example.variables) return;
    const variables = await fillVariables(example.variables, fetcher);
    if (shows(example)) variableEditor.setValue(asText(variables));
  };
}

/** The headers of a tab with a real key in it: nobody wants to paste it twice. */
function keyFrom(tabs) {
  return tabs.findLast(({ headers }) => headers?.includes("Bearer ") && !headers.includes("YOUR_KEY"))?.headers;
}

function Icon(props) {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" {...props}>
      <path d="M4 2.75h8.5L16 6.25v11H4z" />
      <path d="m8.25 8 4 3-4 3z" fill="currentColor" />
    </svg>
  );
}

function Examples() {
  const openExample = useOpenExample();
  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">Examples</h2>
      <p>Click one, then press the play button.</p>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example.title}>
            <button type="button" disabled={!openExample} onClick={() => openExample(example)}>
              <strong>{example.title}</strong>
              <span>{example.summary}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const EXAMPLES_PLUGIN = { title: "Examples", icon: Icon, content: Examples };
