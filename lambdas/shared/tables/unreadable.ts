/** A file that cannot be read. The message is a sentence for the buyer and names the faulty row, if there is one. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
