"""SQL of promotions, coupons and their redemptions."""
