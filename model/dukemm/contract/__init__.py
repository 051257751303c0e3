"""What the TypeScript side sends and reads: parsed strictly, bounded as in `contracts/`."""
