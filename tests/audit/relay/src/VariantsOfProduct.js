import { graphql } from "react-relay";

export const fragment = graphql`
  fragment VariantsOfProduct_product on Product
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 3 }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  )
  @refetchable(queryName: "VariantsOfProductPaginationQuery") {
    variants(first: $first, after: $after, last: $last, before: $before)
      @connection(key: "VariantsOfProduct_variants") {
      edges {
        node {
          sku
          title
        }
      }
    }
  }
`;
