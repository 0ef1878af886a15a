"""What is done with promotions and coupons."""
