"""What Duke MM learns from and is measured on: confirmed outcomes, in shards that a manifest names."""
