/** The package brings no types. Each export is the stop words of one language, by its ISO 639-3 code. */
declare module 'stopword' {
  export const deu: readonly string[];
  export const eng: readonly string[];
  export const fra: readonly string[];
  export const spa: readonly string[];
}
