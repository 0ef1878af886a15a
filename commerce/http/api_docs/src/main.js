import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./style.css";

const address = window.location.pathname.replace(/\/$/, "");
document.title = `${address.split("/").pop()} · Storegraph`;

SwaggerUI({
  dom_id: "#api-docs",
  url: `${address}/openapi.json`,
  // Nothing is asked of another host, and no key is kept longer than the page.
  validatorUrl: null,
  persistAuthorization: false,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
});
