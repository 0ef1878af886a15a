"""Where GraphQL is spoken: asked once, or listened to."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from commerce.http.doors import Door, behind
from commerce.http.graphql.endpoint import GraphQLEndpoint
from commerce.http.live.stream import GraphQLStream
from commerce.http.live.websocket import GraphQLSocket, Live


def graphql_routes(endpoint: GraphQLEndpoint, live: Live) -> list[BaseRoute]:
    return behind(
        Door.FIELDS,
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", GraphQLSocket(live)),
        Route("/graphql/stream", GraphQLStream(live)),
    )
