/** Bounds that browsers need too: this file imports nothing, so that a page does not load the schemas for them. */
export const MAX_ITEMS_PER_COMPLEXITY = 250;
export const MAX_EXAMPLES = 2000;
