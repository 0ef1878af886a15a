import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";

const FORBIDDEN = 4403;

/**
 * Requests by POST, subscriptions over a WebSocket of their own: browsers send no headers with one, so its first
 * message holds what is in the editor Headers.
 */
export function fetcherOf(url) {
  return (operation, options) => {
    const wsClient = createClient({
      url: url.replace(/^http/, "ws"),
      connectionParams: options?.headers,
      // The same credentials will not be better the next time.
      shouldRetry: (problem) => "code" in problem && problem.code !== FORBIDDEN,
    });
    return createGraphiQLFetcher({ url, wsClient, enableIncrementalDelivery: false })(operation, options);
  };
}
