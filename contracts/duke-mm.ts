/** The displayed name of Duke MM. Authorization and money use ids, never names. */
export const DUKE_MM = 'duke-mm';
/** Duke MM's id as an agent. User ids are UUIDs, so no account can have it. */
export const DUKE_MM_ID = 'duke-mm';
