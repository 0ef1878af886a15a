import { graphql } from "react-relay";

export const query = graphql`
  query ProductsPageQuery {
    ...ProductsPage_query
  }
`;

export const fragment = graphql`
  fragment ProductsPage_query on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 24 }, cursor: { type: "String" })
  @refetchable(queryName: "ProductsPagePaginationQuery") {
    products(first: $count, after: $cursor) @connection(key: "ProductsPage_products") {
      edges {
        node {
          slug
          title
          ...VariantsOfProduct_product
        }
      }
    }
  }
`;
