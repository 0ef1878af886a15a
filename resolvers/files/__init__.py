"""Files, as the shop's people handle them and buyers get them."""
