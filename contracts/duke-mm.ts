/** The name under which Duke MM appears wherever an agent is named. Names are shown; access and money go by ids. */
export const DUKE_MM = 'duke-mm';
/** Duke MM's id as an agent. User ids are UUIDs, so no account can have it. */
export const DUKE_MM_ID = 'duke-mm';
