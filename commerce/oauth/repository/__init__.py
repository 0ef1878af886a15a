"""SQL of OAuth."""
