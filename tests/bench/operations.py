"""What is measured: the GraphQL document, its variables, and the one statement that answers it.

The statements are what a person would write who needs exactly this payload and nothing else. They
build the JSON in PostgreSQL, so that the reference is bound by the database and the socket alone.
"""

from dataclasses import dataclass
from typing import Any

from commerce.core.paging import COUNT_LIMIT
from commerce.interchange.demo import RARE

TERM = RARE
COMMON = "jumper"  # in one title of twenty, too, and in those of copies
LISTED = "status = 'active'"

MONEY = "json_build_object('amount', {0}::numeric(12,2)::text, 'currencyCode', l.currency)"
FIRST_IMAGE = """
(SELECT json_build_object('url', m.url) FROM media m
  WHERE m.product_id = p.id ORDER BY m.position, m.id LIMIT 1)
"""
LOWEST_PRICE = f"""
(SELECT json_build_object('min', {MONEY.format("min(r.amount)")})
   FROM variants v JOIN prices r ON r.variant_id = v.id AND r.min_quantity = 1
   JOIN price_lists l ON l.id = r.price_list_id AND l.is_default
  WHERE v.product_id = p.id AND v.archived_at IS NULL GROUP BY l.currency)
"""
CARD = f"""
json_build_object('title', p.title, 'slug', p.slug, 'featuredMedia', {FIRST_IMAGE},
                  'priceRange', {LOWEST_PRICE})
"""
IMAGES = """
json_build_object('nodes', COALESCE((
  SELECT json_agg(json_build_object('url', m.url, 'alt', m.alt) ORDER BY m.position, m.id)
    FROM media m WHERE m.product_id = p.id), '[]'))
"""
CATEGORIES = """
json_build_object('nodes', COALESCE((
  SELECT json_agg(json_build_object('title', c.title) ORDER BY c.id)
    FROM product_categories pc JOIN categories c ON c.id = pc.category_id
   WHERE pc.product_id = p.id AND c.active AND c.archived_at IS NULL), '[]'))
"""
OPTIONS = """
COALESCE((SELECT json_agg(json_build_object('name', g.name, 'values', (
    SELECT json_agg(json_build_object('name', o.name) ORDER BY o.position, o.id)
      FROM option_values o WHERE o.group_id = g.id)) ORDER BY g.position, g.id)
  FROM option_groups g WHERE g.product_id = p.id), '[]')
"""
SELECTED = """
'selectedOptions', (SELECT json_agg(json_build_object('name', g.name, 'value', o.name)
                                    ORDER BY g.position, g.id)
  FROM variant_options vo JOIN option_groups g ON g.id = vo.group_id
  JOIN option_values o ON o.id = vo.value_id WHERE vo.variant_id = v.id),
"""


def variants(extra: str) -> str:
    return f"""
    json_build_object('nodes', COALESCE((
      SELECT json_agg(json_build_object('sku', v.sku, {extra}
          'pricing', json_build_object('price', {MONEY.format("r.amount")}),
          'availability', json_build_object('inStock', NOT v.track_stock OR EXISTS (
              SELECT FROM stock_levels s WHERE s.variant_id = v.id AND s.on_hand > s.reserved)))
        ORDER BY v.position, v.id)
      FROM variants v JOIN prices r ON r.variant_id = v.id AND r.min_quantity = 1
      JOIN price_lists l ON l.id = r.price_list_id AND l.is_default
      WHERE v.product_id = p.id AND v.archived_at IS NULL), '[]'))
    """


def counted(condition: str) -> str:
    """No further than the server counts when nobody asks for more."""
    return f"SELECT count(*) FROM (SELECT FROM products WHERE {condition} LIMIT {COUNT_LIMIT}) c"


def listing(card: str, limit: int, *, count: bool) -> str:
    total = f", 'totalCount', json_build_object('count', ({counted(LISTED)}))" if count else ""
    return f"""
    SELECT json_build_object('data', json_build_object('products', json_build_object('nodes', (
      SELECT json_agg({card} ORDER BY p.created_at DESC, p.id DESC) FROM (
        SELECT * FROM products WHERE status = 'active'
         ORDER BY created_at DESC, id DESC LIMIT {limit}) p){total})))::text
    """  # made of the constants above


MATCH = "search @@ (plainto_tsquery('simple', $1) || plainto_tsquery('english', $1))"


@dataclass(frozen=True)
class Operation:
    name: str
    title: str
    document: str
    variables: dict[str, Any]
    reference: str
    requests: int


P1 = """
query P1 {
  products(first: 24) {
    nodes { title slug featuredMedia { url } priceRange { min { amount currencyCode } } }
    totalCount { count }
  }
}
"""
P2 = """
query P2($slug: String!) {
  product(slug: $slug) {
    title slug descriptionHtml
    media(first: 5) { nodes { url alt } }
    options { name values { name } }
    variants(first: 3) {
      nodes {
        sku
        pricing { price { amount currencyCode } }
        availability { inStock }
      }
    }
    categories(first: 5) { nodes { title } }
  }
}
"""
P3 = """
query P3($term: String!) {
  search(query: $term, first: 24) {
    nodes { title slug featuredMedia { url } priceRange { min { amount currencyCode } } }
    totalCount { count }
  }
}
"""
P4 = """
query P4 {
  products(first: 50) {
    nodes {
      title slug
      media(first: 5) { nodes { url alt } }
      variants(first: 3) {
        nodes {
          sku
          selectedOptions { name value }
          pricing { price { amount currencyCode } }
          availability { inStock }
        }
      }
      categories(first: 5) { nodes { title } }
    }
  }
}
"""

DETAIL = f"""
SELECT json_build_object('data', json_build_object('product', (
  SELECT json_build_object('title', p.title, 'slug', p.slug,
      'descriptionHtml', p.description_html, 'media', {IMAGES}, 'options', {OPTIONS},
      'variants', {variants("")}, 'categories', {CATEGORIES})
    FROM products p WHERE p.slug = $1 AND p.status = 'active')))::text
"""  # made of the constants above
SEARCH = f"""
SELECT json_build_object('data', json_build_object('search', json_build_object(
  'nodes', (SELECT json_agg({CARD} ORDER BY p.rank DESC, p.id DESC) FROM (
      SELECT *, ts_rank_cd(search, plainto_tsquery('english', $1)) AS rank FROM products
       WHERE status = 'active' AND {MATCH} ORDER BY rank DESC, id DESC LIMIT 24) p),
  'totalCount', json_build_object('count', (
      {counted(f"{LISTED} AND {MATCH}")})))))::text
"""  # made of the constants above
DEEP = (
    f"json_build_object('title', p.title, 'slug', p.slug, 'media', {IMAGES},"
    f" 'variants', {variants(SELECTED)}, 'categories', {CATEGORIES})"
)


def operations(slug: str) -> list[Operation]:
    """P1 to P4, and P3 for a word that is found the more often the more there is; `slug` names a
    product of the catalogue."""
    return [
        Operation("P1", "listing", P1, {}, listing(CARD, 24, count=True), 1500),
        Operation("P2", "detail", P2, {"slug": slug}, DETAIL, 2000),
        Operation("P3", "search", P3, {"term": TERM}, SEARCH, 1500),
        Operation("P3C", "search, common word", P3, {"term": COMMON}, SEARCH, 1500),
        Operation("P4", "deep list", P4, {}, listing(DEEP, 50, count=False), 500),
    ]
