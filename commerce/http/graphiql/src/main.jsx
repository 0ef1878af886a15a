import "./workers.js";
import "graphiql/style.css";
import "./style.css";

import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { ImagePreview } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import { EXAMPLES } from "./examples.js";
import { EXAMPLES_PLUGIN } from "./ExamplesPlugin.jsx";
import { fetcherOf } from "./fetcher.js";

// Hovering an image address would fetch it, perhaps from another host.
ImagePreview.shouldRender = () => false;

const PLUGINS = [EXAMPLES_PLUGIN, HISTORY_PLUGIN];
const root = document.getElementById("graphiql");
const fetcher = fetcherOf(new URL(root.dataset.endpoint, window.location.href).href);
const link = new URLSearchParams(window.location.search);

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={PLUGINS}
    visiblePlugin={EXAMPLES_PLUGIN}
    defaultQuery={EXAMPLES[0].query}
    initialQuery={link.get("query") ?? undefined}
    initialVariables={link.get("variables") ?? undefined}
    defaultEditorToolsVisibility={true}
  >
    <GraphiQL.Logo>
      <a className="home" href="/" title="Back to the start page">
        Storegraph
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
